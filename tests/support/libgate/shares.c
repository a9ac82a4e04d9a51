/* Handles with a count of references. */
#include "box.h"
#include "gate.h"

struct gate_share {
	struct box box; /* first: late uses are noticed by it */
	_Atomic int references;
	_Atomic bool floating;
};

static gate_share *make(bool floating)
{
	gate_share *share = (gate_share *)box_new_of(sizeof *share);
	share->references = 1;
	share->floating = floating;
	return share;
}

gate_share *gate_share_new(void)
{
	return make(false);
}

gate_share *gate_share_new_unseen(void)
{
	return make(false);
}

gate_share *gate_share_new_floating(void)
{
	return make(true);
}

gate_share *gate_share_ref(gate_share *share)
{
	box_enter(&share->box);
	share->references++;
	box_leave(&share->box);
	return share;
}

gate_share *gate_share_sink(gate_share *share)
{
	if (!atomic_exchange(&share->floating, false))
		gate_share_ref(share);
	return share;
}

void gate_share_unref(gate_share *share)
{
	if (--share->references == 0)
		box_free(&share->box);
}

int gate_share_touch(gate_share *share)
{
	box_enter(&share->box);
	box_leave(&share->box);
	return 1;
}

int gate_share_wait(gate_share *share)
{
	box_enter(&share->box);
	box_park(&share->box);
	box_leave(&share->box);
	return 2;
}

static gate_share *kept;

int gate_share_keep(gate_share *share)
{
	kept = gate_share_ref(share);
	return 8;
}

void gate_share_give_back(void)
{
	gate_share_unref(kept);
}

void gate_share_await_parked(gate_share *share)
{
	box_await_parked(&share->box, 1);
}

void gate_share_let_go(gate_share *share)
{
	box_let_go(&share->box);
}
