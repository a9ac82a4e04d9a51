/* System calls made directly: no errno, no cancellation point, no vector register, nothing of libc.
 * Each returns the kernel's result: negative errno on failure. */
#ifndef HG_SYS_H
#define HG_SYS_H

#include <errno.h>
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>

static inline long hg_syscall(long number, long a, long b, long c, long d, long e, long f)
{
#if defined(__x86_64__)
	long result;
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	__asm__ volatile("syscall"
	                 : "=a"(result)
	                 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
	                 : "rcx", "r11", "memory");
	return result;
#elif defined(__aarch64__)
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;
	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
	return x0;
#else
#error "handleguard knows x86-64 and aarch64"
#endif
}

/* Raw ticks of the processor's constant-rate counter; the recording's header converts them to nanoseconds. */
static inline uint64_t hg_ticks(void)
{
#if defined(__x86_64__)
	uint32_t low, high;
	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
#else
	uint64_t ticks;
	__asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
	return ticks;
#endif
}

static inline uint64_t hg_monotonic_ns(void)
{
	struct timespec now;
	hg_syscall(SYS_clock_gettime, CLOCK_MONOTONIC, (long)&now, 0, 0, 0, 0);
	return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

static inline uint32_t hg_gettid(void)
{
	return (uint32_t)hg_syscall(SYS_gettid, 0, 0, 0, 0, 0, 0);
}

static inline uint32_t hg_getpid(void)
{
	return (uint32_t)hg_syscall(SYS_getpid, 0, 0, 0, 0, 0, 0);
}

/* Sleeps while *word is `seen`, until `deadline` (monotonic ns). False once the deadline has passed. */
static inline bool hg_futex_wait(_Atomic uint32_t *word, uint32_t seen, uint64_t deadline)
{
	struct timespec until = {(time_t)(deadline / UINT64_C(1000000000)), (long)(deadline % UINT64_C(1000000000))};
	return hg_syscall(SYS_futex, (long)word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, seen, (long)&until, 0,
	                  (long)FUTEX_BITSET_MATCH_ANY) != -ETIMEDOUT;
}

static inline void hg_futex_wake(_Atomic uint32_t *word)
{
	hg_syscall(SYS_futex, (long)word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, INT32_MAX, 0, 0, 0);
}

/* Whether the word at this address can be read. An invalid request: the kernel reads the signal set before it looks at
 * what is asked, and says EFAULT if it cannot. */
static inline bool hg_readable(const void *address)
{
	enum { NO_REQUEST = -1, SET_BYTES = 8 }; /* no limit: what the kernel asks for */
	uintptr_t word = (uintptr_t)address & ~(uintptr_t)(SET_BYTES - 1);
	return hg_syscall(SYS_rt_sigprocmask, NO_REQUEST, (long)word, 0, SET_BYTES, 0, 0) != -EFAULT;
}

/* Fresh zeroed memory from the system, or null. */
static inline void *hg_map_memory(uint64_t size)
{
	int protection = PROT_READ | PROT_WRITE, flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
#ifdef __SANITIZE_THREAD__
	/* It has to see that these are not the bytes that were here before. */
	void *seen = mmap(0, size, protection, flags, -1, 0);
	return seen == MAP_FAILED ? 0 : seen;
#else
	long at = hg_syscall(SYS_mmap, 0, (long)size, protection, flags, -1, 0);
	return at < 0 && at > -4096 ? 0 : (void *)at;
#endif
}

#endif
