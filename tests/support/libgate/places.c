/* Handles that come otherwise than one at a time with the result: memory of the caller's own that is filled, and
 * numbers that are handed out in arrays and structs. */
#include "box.h"
#include "gate.h"

/* --- wells --- */

static struct box *content_of(const gate_well *well)
{
	if (!well->content)
		box_complain();
	return well->content;
}

static int fill(gate_well *well)
{
	well->content = box_new();
	return 0;
}

int gate_well_init(gate_well *well, bool fail)
{
	return fill(well) - fail;
}

int gate_well_init_with(gate_well *well, void (*callback)(void *))
{
	fill(well);
	callback(well);
	return 0;
}

int gate_well_init_by_another(gate_well *well)
{
	return gate_well_init(well, false);
}

int gate_well_copy(gate_well *to, gate_well *from)
{
	struct box *content = content_of(from);
	box_enter(content);
	fill(to);
	box_leave(content);
	return 0;
}

static int use(gate_well *well, void (*callback)(void *), bool waits, int result)
{
	struct box *content = content_of(well);
	if (!content)
		return -14;
	box_enter(content);
	if (waits)
		box_park(content);
	if (callback)
		callback(well);
	box_leave(content);
	return result;
}

int gate_well_touch(gate_well *well)
{
	return use(well, NULL, false, 1);
}

int gate_well_wait(gate_well *well)
{
	return use(well, NULL, true, 2);
}

int gate_well_call(gate_well *well, void (*callback)(void *))
{
	return use(well, callback, false, 4);
}

static void end(gate_well *well)
{
	struct box *content = content_of(well);
	if (content)
		box_free(content);
	well->content = NULL;
}

void gate_well_end(gate_well *well)
{
	end(well);
}

int gate_well_renew(gate_well *well)
{
	end(well);
	return fill(well);
}

void gate_well_await_parked(const gate_well *well)
{
	box_await_parked(well->content, 1);
}

void gate_well_let_go(const gate_well *well)
{
	box_let_go(well->content);
}

/* --- ends --- */

enum { ENDS = 256 };

static bool _Atomic open_ends[ENDS];
static int _Atomic next_end;

static int take(void)
{
	int taken = 100 + next_end++;
	open_ends[taken] = true;
	return taken;
}

int gate_ends_open(int ends[2])
{
	ends[0] = take();
	ends[1] = take();
	return 0;
}

int gate_ends_open_with(int ends[2], void (*callback)(const int ends[2]))
{
	gate_ends_open(ends);
	callback(ends);
	return 0;
}

int gate_ends_open_some(int count, struct gate_end_in *ends)
{
	for (int i = 0; i < count; i++)
		ends[i] = (struct gate_end_in){.kind = 7, .end = i % 2 ? -1 : take()};
	return 0;
}

int gate_ends_open_in(struct gate_end_in *end)
{
	return gate_ends_open_some(1, end);
}

int gate_end_touch(int end)
{
	if (!open_ends[end])
		box_complain();
	return 1;
}

int gate_ends_touch(const int ends[2])
{
	return gate_end_touch(ends[0]) + gate_end_touch(ends[1]);
}

int gate_end_take(int end)
{
	open_ends[end] = true;
	return 0;
}

int gate_end_close(int end)
{
	if (!open_ends[end])
		box_complain();
	open_ends[end] = false;
	return 0;
}
