#include "protocol/sanitizers.h"

#include "arch/preserving.h"
#include "protocol/guard.h"

/* --- ThreadSanitizer --- */

/* What it knows of order it keeps by address, and for good. Each life has its own, until that many are over. */
static void *of_life(struct hg_guard *guard, uint32_t generation)
{
	return (uint64_t *)guard + generation % (sizeof *guard / sizeof(uint64_t));
}

static void release(void *where)
{
	__tsan_release(where);
}

static void acquire(void *where)
{
	__tsan_acquire(where);
}

/* Apart, so that the registers are seen to be saved just around it (check_registers.py). */
static __attribute__((noinline)) void release_preserving(void *where)
{
	hg_preserving(release, where);
}

static __attribute__((noinline)) void acquire_preserving(void *where)
{
	hg_preserving(acquire, where);
}

void hg_sanitizer_before(struct hg_guard *guard, uint32_t generation)
{
	if (hg_sanitizer_orders())
		release_preserving(of_life(guard, generation));
}

void hg_sanitizer_after(struct hg_guard *guard, uint32_t generation)
{
	if (hg_sanitizer_orders())
		acquire_preserving(of_life(guard, generation));
}

/* --- MemorySanitizer --- */

struct bytes {
	void *at;
	size_t size;
};

static void unpoison(void *argument)
{
	const struct bytes *bytes = argument;
	__msan_unpoison(bytes->at, bytes->size);
}

static __attribute__((noinline)) void unpoison_preserving(struct bytes *bytes)
{
	hg_preserving(unpoison, bytes);
}

void hg_sanitizer_written(void *at, size_t size)
{
	if (__msan_unpoison)
		unpoison_preserving(&(struct bytes){at, size});
}

/* Its own name for where it keeps it, as code that is built with it knows it. Larger results go through memory. */
extern __thread uint64_t __msan_retval_tls[100] /* no limit: theirs */
    __attribute__((weak, tls_model("initial-exec")));

static void copy(uint64_t *to, const uint64_t *from)
{
	for (int i = 0; i < HG_SANITIZER_RESULT; i++)
		to[i] = from[i];
}

void hg_sanitizer_keep_result(struct hg_sanitizer_result *result)
{
	if (__msan_unpoison)
		copy(result->kept, __msan_retval_tls);
}

void hg_sanitizer_restore_result(const struct hg_sanitizer_result *result)
{
	if (__msan_unpoison)
		copy(__msan_retval_tls, result->kept);
}
