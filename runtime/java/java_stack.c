/* The calling thread asks the VM, as native methods may: for that it must run native code. If the VM is just stopping
 * all threads, as for a garbage collection, it waits until that is over, as it would when the native method returns. */
#include "java/java_stack.h"

#include "base/counters.h"
#include "java/java_thread.h"

/* The VM calls malloc, and a malloc of the program's may call guarded functions: these do not ask in turn. */
static __thread bool asking;

/* The calling thread, if it may call the VM. */
static uint64_t own_thread(const struct hg_java_at *at)
{
	void *environment = hg_java_environment();
	uint64_t thread = (uint64_t)environment - hg_java.environment;
	if (!environment || (at->own && !hg_java_is_here(thread, at->thread, at->tid)) || !hg_java_is_native(thread))
		return 0;
	return thread;
}

/* False: there is none, or it is in no native code, or has no Java further out. */
static bool find_thread(const struct hg_java_at *at, uint64_t own, uint64_t *thread)
{
	*thread = at->own ? own : hg_java_thread_of(at->thread, at->tid);
	return *thread && hg_java_is_native(*thread) && hg_java_called(*thread, at->sp);
}

static size_t ask(const struct hg_java_at *at, uint64_t thread, struct hg_java_call *calls, int room)
{
	void *reference;
	int count = 0;
	if (!hg_java_reference_to(thread, at->own, &reference))
		return 0;
	if (hg_java.jvmti.stack(hg_java.jvmti.self, reference, 0, room, calls, &count) != 0) {
		hg_count(HG_COUNTER_TOLD_GONE);
		return 0;
	}
	return (size_t)count;
}

size_t hg_java_stack(const struct hg_java_at *at, struct hg_java_call *calls, int room, bool *later)
{
	size_t count = 0;
	uint64_t own, thread;
	*later = false;
	if (asking)
		return 0;
	asking = true;
	own = own_thread(at);
	if (own && find_thread(at, own, &thread)) {
		*later = !hg_java_can_tell();
		count = *later ? 0 : ask(at, thread, calls, room);
	}
	asking = false;
	return count;
}
