/* What a library of handles notices of what reaches it. Nothing is ever really freed, so that it can go on noticing. */
#ifndef ORACLE_H
#define ORACLE_H

#include <stdatomic.h>
#include <stdbool.h>

#pragma GCC visibility push(hidden)

/* The beginning of each handle. A free that has begun is `ending`; what its callbacks do to the handle is still right.
 */
struct body {
	struct body *parent;
	atomic_int inside;
	atomic_bool ending, dead;
};

void *oracle_make(unsigned long size, struct body *parent);
void oracle_enter(struct body *body);
void oracle_leave(struct body *body);
bool oracle_begin_free(struct body *body); /* false: it is freed already */
void oracle_end_free(struct body *body);

/* Ops on the dead, frees under an op, frees after a free, ops whose handle died under them; frees that took place. */
struct oracle {
	atomic_int late, under, twice, ends_dead, frees;
};

extern struct oracle oracle;

int oracle_faults(void);

#pragma GCC visibility pop

#endif
