#include "java/java_frames.h"

#include "java/java_key.h"
#include "java/java_names.h"
#include "java/java_stack.h"
#include "told/told.h"

enum { HIDDEN = 32 };    /* no limit: how many are left out, of as many as are told */
enum { KEYED_TOLD = 6 }; /* no limit: places that differ further out are taken for one */

static __thread bool later;

bool hg_java_settled(void)
{
	return !later;
}

/* The native method itself has no line of its own to mend, but says what was called. */
size_t hg_java_frames(const struct hg_told_at *at, struct hg_told_frame *frames, size_t room)
{
	struct hg_java_call calls[HG_TOLD_MAX + HIDDEN];
	struct hg_java_at here = {at->thread, at->tid, at->own, at->frame ? at->frame->fp & ~UINT64_C(1) : 0};
	size_t count = 0;
	later = false;
	if (at->interrupted || !hg_java_is_loaded())
		return 0;
	size_t found = hg_java_stack(&here, calls, sizeof calls / sizeof *calls, &later);
	void *environment = found ? hg_java_environment() : NULL;
	for (size_t i = 0; i < found && environment && count < room; i++) {
		enum hg_java_part part = hg_java_tell(&calls[i], environment, &frames[count]);
		count += part == HG_JAVA_USERS || (part == HG_JAVA_BETWEEN && count);
		if (count <= KEYED_TOLD && i < HG_JAVA_KEYED)
			at->spot->methods = (unsigned)i + 1;
	}
	return count;
}
