/* What stands in for the functions of the C library that libunwind calls (unwinder_memory.h). */
#ifndef HG_UNWINDER_CALLS_H
#define HG_UNWINDER_CALLS_H

#include <pthread.h>
#include <unistd.h>

int hg_unwinder_pipe(int descriptors[2], int flags);
ssize_t hg_unwinder_read(int descriptor, void *buffer, size_t size);
ssize_t hg_unwinder_write(int descriptor, const void *buffer, size_t size);
long hg_unwinder_syscall(long number, long a, long b, long c, long d, long e, long f);

/* These lead to the C library's. */
int hg_unwinder_lock(pthread_mutex_t *mutex);
int hg_unwinder_unlock(pthread_mutex_t *mutex);
void hg_unwinder_count_locks(int (*lock)(pthread_mutex_t *), int (*unlock)(pthread_mutex_t *));

#endif
