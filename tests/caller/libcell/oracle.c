#include "oracle.h"

#include <stdlib.h>

struct oracle oracle;

void *oracle_make(unsigned long size, struct body *parent)
{
	struct body *body = calloc(1, size);
	if (!body)
		abort();
	body->parent = parent;
	return body;
}

static bool is_dead(const struct body *body)
{
	return atomic_load(&body->dead) || (body->parent && atomic_load(&body->parent->dead));
}

static void count(struct body *body, int by)
{
	atomic_fetch_add(&body->inside, by);
	if (body->parent)
		atomic_fetch_add(&body->parent->inside, by);
}

void oracle_enter(struct body *body)
{
	if (is_dead(body))
		atomic_fetch_add(&oracle.late, 1);
	count(body, 1);
}

void oracle_leave(struct body *body)
{
	if (is_dead(body))
		atomic_fetch_add(&oracle.ends_dead, 1);
	count(body, -1);
}

bool oracle_begin_free(struct body *body)
{
	if (atomic_exchange(&body->ending, true)) {
		atomic_fetch_add(&oracle.twice, 1);
		return false;
	}
	if (atomic_load(&body->inside) != 0)
		atomic_fetch_add(&oracle.under, 1);
	return true;
}

void oracle_end_free(struct body *body)
{
	atomic_store(&body->dead, true);
	atomic_fetch_add(&oracle.frees, 1);
}

int oracle_faults(void)
{
	return oracle.late + oracle.under + oracle.twice + oracle.ends_dead;
}
