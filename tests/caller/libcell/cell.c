#include "cell.h"

#include <stdlib.h>

#include "cells.h"

cell *cell_make(void)
{
	return oracle_make(sizeof(cell), NULL);
}

cell *cell_new(void)
{
	return cell_make();
}

int cell_touch(cell *c)
{
	oracle_enter(&c->body);
	oracle_leave(&c->body);
	return 1;
}

int cell_call(cell *c, cell_callback callback, void *data)
{
	oracle_enter(&c->body);
	callback(c, data);
	oracle_leave(&c->body);
	return 1;
}

int cell_pass(cell *c, cell_callback callback, void *data)
{
	oracle_enter(&c->body);
	oracle_leave(&c->body);
	return callback(c, data);
}

int cell_nod(cell *c, cell_callback callback, void *data)
{
	oracle_enter(&c->body);
	callback(c, data);
	oracle_leave(&c->body);
	return cell_touch(c);
}

int cell_on_free(cell *c, cell_callback callback, void *data)
{
	oracle_enter(&c->body);
	c->on_free = callback;
	c->data = data;
	oracle_leave(&c->body);
	return 1;
}

int cell_free(cell *c)
{
	if (!oracle_begin_free(&c->body))
		return 0;
	if (c->on_free)
		c->on_free(c, c->data);
	oracle_end_free(&c->body);
	return 0;
}

int cell_join(cell *c)
{
	if (!oracle_begin_free(&c->body))
		return 0;
	if (c->on_free)
		c->on_free(c, c->data);
	oracle_end_free(&c->body);
	return 0;
}

/* --- creates that call back --- */

cell *cell_open(cell_callback callback, void *data)
{
	cell *c = cell_make();
	callback(c, data);
	return c;
}

int cell_open_to(cell **out, cell_callback callback, void *data)
{
	*out = cell_make();
	callback(*out, data);
	return 0;
}

/* Stands for an allocator that hands out an address again. */
cell *cell_open_at(cell *old, cell_callback callback, void *data)
{
	*old = (cell){.on_free = NULL};
	callback(old, data);
	return old;
}

cell *cell_turn_into(cell *from, cell *old, cell_callback callback, void *data)
{
	if (oracle_begin_free(&from->body))
		oracle_end_free(&from->body);
	*old = (cell){.on_free = NULL};
	callback(old, data);
	return old;
}

/* --- the end of all --- */

static cell_callback at_shutdown;
static cell *for_shutdown;

void cell_at_shutdown(cell_callback callback, cell *c)
{
	at_shutdown = callback;
	for_shutdown = c;
}

int cell_shutdown(void)
{
	if (at_shutdown)
		at_shutdown(for_shutdown, NULL);
	return 0;
}

/* --- lanes --- */

struct lane {
	struct body body;
};

lane *lane_new(void)
{
	return oracle_make(sizeof(lane), NULL);
}

int lane_touch(lane *l)
{
	oracle_enter(&l->body);
	oracle_leave(&l->body);
	return 1;
}

int lane_call(lane *l, cell_callback callback, void *data)
{
	oracle_enter(&l->body);
	callback(NULL, data);
	oracle_leave(&l->body);
	return 1;
}

int lane_free(lane *l)
{
	if (oracle_begin_free(&l->body))
		oracle_end_free(&l->body);
	return 0;
}

/* --- what the library noticed --- */

int cell_faults(void)
{
	return oracle_faults();
}

int cell_late(void)
{
	return oracle.late;
}

int cell_under(void)
{
	return oracle.under;
}

int cell_twice(void)
{
	return oracle.twice;
}

int cell_ends_dead(void)
{
	return oracle.ends_dead;
}

int cell_frees(void)
{
	return oracle.frees;
}
