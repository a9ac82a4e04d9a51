/* Compiled code of Java leaves no frame pointers, and the code is moved and made anew as the program runs: so the VM is
 * asked for the methods, which takes it a third of a microsecond each. Their names are not. */
#include "java/java_key.h"

#include "arch/preserving.h"
#include "base/mix.h"
#include "java/java_stack.h"
#include "thread/thread.h"

struct look {
	struct hg_java_at at;
	struct hg_java_call calls[HG_JAVA_KEYED];
	unsigned room;
	size_t count;
};

static void look(void *argument)
{
	struct look *what = argument;
	bool later;
	what->count = hg_java_stack(&what->at, what->calls, (int)what->room, &later);
}

uint64_t hg_java_key(uint64_t sp, unsigned methods)
{
	const struct hg_context *context = hg_context;
	struct look what;
	uint64_t key = 0;
	what.at = (struct hg_java_at){context->thread, context->tid, true, sp};
	what.room = methods;
	hg_preserving(look, &what);
	for (size_t i = 0; i < what.count; i++)
		key = hg_mix(hg_mix(key, (uint64_t)what.calls[i].method), (uint64_t)what.calls[i].location);
	return key;
}
