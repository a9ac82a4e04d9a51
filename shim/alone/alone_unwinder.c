/* libunwind is inside, too, under names that nobody else sees; what it calls has been led where it is led elsewhere as
 * well (unwinder_memory.h) when it was put here (alone.cmake). */
#include <pthread.h>
#include <stddef.h>
#include <string.h>

#include "stack/unwinder_calls.h"
#include "stack/unwinder_memory.h"

/* Of libunwind's, whose own header is for the stack's files. */
#if defined(__x86_64__)
#define UNWINDER(name)         "_ULx86_64_" name
#define UNWINDER_CONTEXT(name) "_Ux86_64_" name
#else
#define UNWINDER(name)         "_ULaarch64_" name
#define UNWINDER_CONTEXT(name) "_Uaarch64_" name
#endif
extern char backtrace[] __asm__("unw_backtrace"), init[] __asm__(UNWINDER("init_local")),
    step[] __asm__(UNWINDER("step")), get[] __asm__(UNWINDER("get_reg")), place[] __asm__(UNWINDER("get_save_loc")),
    is_signal[] __asm__(UNWINDER("is_signal_frame"));
#if defined(__x86_64__)
extern char context[] __asm__(UNWINDER_CONTEXT("getcontext"));
#endif

/* It takes them for there only if somebody else needs them, too. */
static const void *const needed[] __attribute__((used)) = {(void *)pthread_once, (void *)pthread_mutex_init,
                                                           (void *)pthread_key_create, (void *)pthread_setspecific};

bool hg_unwinder_load(bool *locks_tell)
{
	hg_unwinder_count_locks(pthread_mutex_lock, pthread_mutex_unlock);
	*locks_tell = true;
	return true;
}

void *hg_unwinder_find(const char *name)
{
	static const struct {
		const char *name;
		void *function;
	} functions[] = {
		{"unw_backtrace", backtrace},
#if defined(__x86_64__)
		{UNWINDER_CONTEXT("getcontext"), context},
#endif
		{UNWINDER("init_local"), init},
		{UNWINDER("step"), step},
		{UNWINDER("get_reg"), get},
		{UNWINDER("get_save_loc"), place},
		{UNWINDER("is_signal_frame"), is_signal}
	};
	for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
		if (strcmp(functions[i].name, name) == 0)
			return functions[i].function;
	return NULL;
}

/* In the place of liblzma's functions, by which it would read symbols that are packed: nothing can be unpacked. */
static int failed(void)
{
	enum { FAILED = 11 }; /* no limit: one of its errors */
	return FAILED;
}

#define FAILS(name) extern int name(void) __attribute__((alias("failed")))
FAILS(lzma_index_buffer_decode);
FAILS(lzma_index_end);
FAILS(lzma_index_size);
FAILS(lzma_index_uncompressed_size);
FAILS(lzma_stream_buffer_decode);
FAILS(lzma_stream_footer_decode);
