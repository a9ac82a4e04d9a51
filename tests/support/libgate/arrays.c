/* Handles in structs and in arrays. */
#include "box.h"
#include "gate.h"

int gate_poll(struct gate_item *items, int count)
{
	for (int i = 0; i < count; i++)
		if (items[i].gate)
			box_enter((struct box *)items[i].gate);
	if (count > 0 && items[0].gate)
		box_park((struct box *)items[0].gate);
	for (int i = 0; i < count; i++)
		if (items[i].gate)
			box_leave((struct box *)items[i].gate);
	return 6;
}

int gate_touch_all(int count, gate *const *gates)
{
	for (int i = 0; i < count; i++)
		gate_touch(gates[i]);
	return count;
}

int gate_move(const struct gate_move *move)
{
	gate_touch(move->from);
	gate_touch(move->to);
	return 7;
}

void gate_close_box(struct gate_item *item)
{
	gate_close(item->gate);
}
