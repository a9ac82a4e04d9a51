/* Preloads to compare with: what a C wrapper costs that only calls through, and (HAND_WRITTEN) what careful people
 * write today: count the ops in flight on the handle itself. */
#include "target.h"

#include <dlfcn.h>

typedef uint64_t operation(struct target *target);

static operation *real;

__attribute__((constructor)) static void bind(void)
{
	*(void **)&real = dlsym(RTLD_NEXT, "target_op");
}

uint64_t target_op(struct target *target)
{
#ifdef HAND_WRITTEN
	atomic_fetch_add(&target->in_flight, 1);
#endif
	uint64_t result = real(target);
#ifdef HAND_WRITTEN
	atomic_fetch_sub(&target->in_flight, 1);
#else
	/* Not a tail call: whoever wraps a function wants to know that it has returned. */
	__asm__ volatile("" ::: "memory");
#endif
	return result;
}
