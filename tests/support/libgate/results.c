/* Results in every kind of register and in memory; an array to fill; frees with results of every kind. */
#include <string.h>

#include "box.h"
#include "gate.h"

static void visit(gate *g)
{
	box_enter((struct box *)g);
	box_leave((struct box *)g);
}

struct gate_span gate_span_of(gate *g)
{
	visit(g);
	return (struct gate_span){1.5, 2.5};
}

struct gate_mix gate_mix_of(gate *g)
{
	visit(g);
	return (struct gate_mix){7, 0.5};
}

struct gate_quad gate_quad_of(gate *g)
{
	visit(g);
	return (struct gate_quad){1, 2, 3, 4};
}

int gate_list(gate *g, uint64_t *out, size_t count)
{
	visit(g);
	memset(out, 'l', count * sizeof *out);
	return (int)count;
}

int64_t gate_end_count(gate *g)
{
	box_free((struct box *)g);
	return 1;
}

void *gate_end_pointer(gate *g)
{
	box_free((struct box *)g);
	return g;
}

double gate_end_ratio(gate *g)
{
	box_free((struct box *)g);
	return 0.25;
}

float gate_end_scale(gate *g)
{
	box_free((struct box *)g);
	return 4;
}

uint8_t gate_end_level(gate *g, uint32_t *left)
{
	box_free((struct box *)g);
	*left = 1;
	return 200;
}

struct gate_pair gate_end_pair(gate *g)
{
	box_free((struct box *)g);
	return (struct gate_pair){1, 1};
}

struct gate_triple gate_end_triple(gate *g)
{
	box_free((struct box *)g);
	return (struct gate_triple){1, 1, 1};
}
