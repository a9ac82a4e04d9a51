#include "embed.h"

#include <errno.h>
#include <stddef.h>

#include "box.h"
#include "gate.h"
#include "handleguard.h"

struct embed {
	struct box box;
};

/* The guard is looked up by the handle's value, which a late op has even when the handle's memory is gone. */
static handleguard_class class = {.name = "embed"};

static handleguard *guard_of(const embed *e)
{
	return handleguard_find(&class, (uintptr_t)e);
}

embed *embed_open(void)
{
	struct box *box = box_new();
	HANDLEGUARD_CREATE(&class, (uintptr_t)box);
	return (embed *)box;
}

int embed_touch(embed *e)
{
	handleguard_op op;
	if (!HANDLEGUARD_ENTER(guard_of(e), &op))
		return -EPIPE;
	box_enter(&e->box);
	box_leave(&e->box);
	handleguard_leave(&op);
	return 1;
}

int embed_wait(embed *e)
{
	handleguard_op op;
	if (!HANDLEGUARD_ENTER(guard_of(e), &op))
		return -EPIPE;
	box_enter(&e->box);
	box_park(&e->box);
	box_leave(&e->box);
	handleguard_leave(&op);
	return 2;
}

int embed_wake(embed *e)
{
	handleguard_op op;
	if (!HANDLEGUARD_ENTER(guard_of(e), &op))
		return -EPIPE;
	box_let_go(&e->box);
	handleguard_leave(&op);
	return 3;
}

int embed_call(embed *e, void (*callback)(void *), void *argument)
{
	handleguard_op op;
	if (!HANDLEGUARD_ENTER(guard_of(e), &op))
		return -EPIPE;
	box_enter(&e->box);
	callback(argument);
	box_leave(&e->box);
	handleguard_leave(&op);
	return 4;
}

int embed_close(embed *e)
{
	if (!e)
		return 0;
	handleguard_outcome outcome = HANDLEGUARD_BEGIN_FREE(guard_of(e));
	if (outcome == HANDLEGUARD_DRAINED)
		box_free(&e->box);
	return (int)outcome;
}

static void tear_down(void *box)
{
	box_free(box);
}

int embed_finish(embed *e)
{
	return (int)HANDLEGUARD_FREE(guard_of(e), tear_down, &e->box);
}

void embed_await_parked(embed *e, int count)
{
	box_await_parked(&e->box, count);
}

void embed_let_go(embed *e)
{
	box_let_go(&e->box);
}

int embed_violations(void)
{
	return gate_violations();
}

int embed_frees(void)
{
	return gate_frees();
}

int embed_uses(void)
{
	return gate_uses();
}
