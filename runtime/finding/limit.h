/* Handles that are scarce: how many of a class with a limit there are. */
#ifndef HG_LIMIT_H
#define HG_LIMIT_H

#include "finding/holders.h"

/* A handle has come; the one with which the limit is reached is reported, each time it is reached from below. For the
 * next create it would be too late. */
static inline void hg_limit_came(struct hg_guard *guard, const struct hg_event *create)
{
	const struct hg_class *class = guard->class;
	if (class->limit && atomic_fetch_add(class->live, 1) + 1 == class->limit)
		hg_report_exhausted(guard, create);
}

/* One can be handed out again. */
static inline void hg_limit_went(const struct hg_class *class)
{
	if (class->limit)
		atomic_fetch_sub(class->live, 1);
}

#endif
