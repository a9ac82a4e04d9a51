/* A runtime of another version, as far as the ops of handleguard.h go: it knows nothing of handleguard_inline.h, and
 * counts what it is asked. */
#define HANDLEGUARD_OUT_OF_LINE
#include "handleguard.h"

unsigned other_runtime_calls(void);

static _Atomic unsigned calls;
static uint64_t guards[64], frames[64]; /* no limit: their places alone matter */

unsigned other_runtime_calls(void)
{
	return calls;
}

handleguard *handleguard_create(handleguard_class *kind, uint64_t value, handleguard_site *site)
{
	(void)value;
	kind->state = &frames;
	site->state = (void *)2;
	return (handleguard *)guards;
}

bool handleguard_enter(handleguard *guard, handleguard_site *site, handleguard_op *op)
{
	calls++;
	site->state = (void *)4;
	*op = (handleguard_op){.guard = guard, .frame = &frames[32]};
	return true;
}

void handleguard_leave(handleguard_op *op)
{
	calls += op->frame == &frames[32];
}
