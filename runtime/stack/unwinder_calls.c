#include "stack/unwinder_calls.h"

#include <stdatomic.h>

#include "base/sys.h"
#include "stack/unwinder_memory.h"

int hg_unwinder_pipe(int descriptors[2], int flags)
{
	(void)flags;
	descriptors[0] = descriptors[1] = -1;
	return 0;
}

/* The pipe that there is not is always empty, and takes what can be read. */
ssize_t hg_unwinder_read(int descriptor, void *buffer, size_t size)
{
	if (descriptor >= 0)
		return read(descriptor, buffer, size);
	errno = EAGAIN;
	return -1;
}

ssize_t hg_unwinder_write(int descriptor, const void *buffer, size_t size)
{
	if (descriptor >= 0)
		return write(descriptor, buffer, size);
	if (hg_readable(buffer))
		return (ssize_t)size;
	errno = EFAULT;
	return -1;
}

/* The write is made by syscall(2) in libunwind 1.6, so as to pass by who intercepts write(2). */
long hg_unwinder_syscall(long number, long a, long b, long c, long d, long e, long f)
{
	if (number == SYS_write && (int)a < 0)
		return hg_unwinder_write((int)a, (const void *)b, (size_t)c);
	return syscall(number, a, b, c, d, e, f);
}

/* Taken or about to be: also those of threads that a forked child does not have. */
static _Atomic uint32_t locks;
static int (*real_lock)(pthread_mutex_t *), (*real_unlock)(pthread_mutex_t *);

int hg_unwinder_lock(pthread_mutex_t *mutex)
{
	atomic_fetch_add(&locks, 1);
	return real_lock(mutex);
}

int hg_unwinder_unlock(pthread_mutex_t *mutex)
{
	int result = real_unlock(mutex);
	atomic_fetch_sub(&locks, 1);
	return result;
}

void hg_unwinder_count_locks(int (*lock)(pthread_mutex_t *), int (*unlock)(pthread_mutex_t *))
{
	real_lock = lock;
	real_unlock = unlock;
}

bool hg_unwinder_is_locked(void)
{
	return atomic_load(&locks) != 0;
}
