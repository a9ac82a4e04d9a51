/* What we use of the C library that one as old as 2.28 lacks. It is found at run time, not needed at build time: one
 * binary runs on the old ones and has it on the new ones. */
#ifndef HG_NEWER_LIBC_H
#define HG_NEWER_LIBC_H

#include <stdbool.h>
#include <sys/mman.h>

/* Of Linux 5.14; the C library has had the number since 2.34. */
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* no limit: a number of the kernel's */
#endif

/* Since 2.32. Neither takes a lock, allocates or depends on the locale. */
extern const char *strerrordesc_np(int number) __attribute__((weak));
extern char __libc_single_threaded __attribute__((weak));

/* The C library knows that no other thread runs. False is no answer. */
static inline bool hg_libc_knows_one_thread(void)
{
	return &__libc_single_threaded && __libc_single_threaded;
}

#endif
