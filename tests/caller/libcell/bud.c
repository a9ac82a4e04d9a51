#include <stdlib.h>

#include "cells.h"

struct bud {
	struct body body;
	cell *parent;
	cell_callback on_free;
	void *data;
};

static bud *make(cell *parent)
{
	bud *b = oracle_make(sizeof(bud), &parent->body);
	b->parent = parent;
	return b;
}

bud *cell_sprout(cell *parent)
{
	oracle_enter(&parent->body);
	oracle_leave(&parent->body);
	return make(parent);
}

bud *cell_layer(cell *parent, bud_callback callback, void *data)
{
	oracle_enter(&parent->body);
	bud *b = make(parent);
	callback(b, data);
	oracle_leave(&parent->body);
	return b;
}

/* Stands for an allocator that hands out an address again. */
bud *cell_layer_at(cell *parent, bud *old, bud_callback callback, void *data)
{
	oracle_enter(&parent->body);
	*old = (bud){.body = {.parent = &parent->body}, .parent = parent};
	callback(old, data);
	oracle_leave(&parent->body);
	return old;
}

bud *cell_graft(cell *parent, cell_callback callback, void *data)
{
	oracle_enter(&parent->body);
	callback(parent, data);
	oracle_leave(&parent->body);
	return make(parent);
}

int bud_touch(bud *b)
{
	oracle_enter(&b->body);
	oracle_leave(&b->body);
	return 1;
}

int bud_poll(bud **buds, int count, cell_callback callback, void *data)
{
	for (int i = 0; i < count; i++)
		oracle_enter(&buds[i]->body);
	callback(buds[0]->parent, data);
	for (int i = 0; i < count; i++)
		oracle_leave(&buds[i]->body);
	return 1;
}

int bud_on_free(bud *b, cell_callback callback, void *data)
{
	b->on_free = callback;
	b->data = data;
	return 1;
}

/* Uses the parent, as a statement's end uses its connection. */
int bud_free(bud *b)
{
	if (!oracle_begin_free(&b->body))
		return 0;
	oracle_enter(&b->parent->body);
	if (b->on_free)
		b->on_free(b->parent, b->data);
	oracle_leave(&b->parent->body);
	oracle_end_free(&b->body);
	return 0;
}

int cell_fell(cell *parent, bud **buds, int count)
{
	for (int i = 0; i < count; i++)
		bud_free(buds[i]);
	return cell_free(parent);
}
