/* Ops of every shape that the calling convention knows. */
#include <stdarg.h>
#include <string.h>

#include "box.h"
#include "gate.h"

static void visit(gate *g)
{
	box_enter((struct box *)g);
	box_leave((struct box *)g);
}

long gate_at0(gate *g, long b)
{
	visit(g);
	return b;
}

long gate_at1(long a, gate *g, long c)
{
	visit(g);
	return a + c;
}

long gate_at2(long a, long b, gate *g, long d)
{
	visit(g);
	return a + b + d;
}

long gate_at3(long a, long b, long c, gate *g, long e)
{
	visit(g);
	return a + b + c + e;
}

long gate_at4(long a, long b, long c, long d, gate *g, long f)
{
	visit(g);
	return a + b + c + d + f;
}

long gate_at5(long a, long b, long c, long d, long e, gate *g, long i, long j)
{
	visit(g);
	return a + b + c + d + e + i + j;
}

long gate_at6(long a, long b, long c, long d, long e, long f, gate *g, long j, long k)
{
	visit(g);
	return a + b + c + d + e + f + j + k;
}

double gate_at_mixed(double x, long a, float y, gate *g, double z, long c, long d, long e, long f, long h, double u,
                     double v, double w, double s, double t, double r, long last)
{
	visit(g);
	return x + y + z + u + v + w + s + t + r + (double)(a + c + d + e + f + h + last);
}

long gate_sum(gate *g, int doubles, ...)
{
	va_list list;
	double sum = 0;
	visit(g);
	va_start(list, doubles);
	for (int i = 0; i < doubles; i++)
		sum += va_arg(list, double);
	va_end(list);
	return (long)sum;
}

long double gate_precise(gate *g, long double x)
{
	visit(g);
	return x + 1;
}

struct gate_pair gate_pair_of(gate *g, long x)
{
	visit(g);
	return (struct gate_pair){x, -x};
}

struct gate_triple gate_triple_of(gate *g, long x)
{
	visit(g);
	return (struct gate_triple){x, 2 * x, 3 * x};
}

int64_t gate_recv(gate *g, void *buffer, size_t size, size_t *got, uint32_t *flags)
{
	visit(g);
	memset(buffer, 'g', size);
	*got = size;
	*flags = 1;
	return (int64_t)size;
}

int gate_send(gate *g, const void *buffer, size_t size)
{
	visit(g);
	return buffer ? (int)size : -1;
}

const char *gate_name(gate *g)
{
	visit(g);
	return "gate";
}

double gate_ratio(gate *g)
{
	visit(g);
	return 0.25;
}

float gate_scale(gate *g)
{
	visit(g);
	return 4;
}

uint8_t gate_level(gate *g)
{
	visit(g);
	return 200;
}

void gate_reset(gate *g)
{
	visit(g);
}
