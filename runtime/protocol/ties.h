/* Ties that are made after the birth of a handle, and undone: while one is attached to another, the ops of that other
 * one, its parent, use it. So they are in flight on it, and come too late when it is freed: the parent has ORPHAN then,
 * as a child whose parent's free has begun (descendants.c).
 *
 * A tie holds between two lives, and no longer than either. Only guards of classes with HG_CLASS_TIED have any. */
#ifndef HG_TIES_H
#define HG_TIES_H

#include "format/image.h"
#include "protocol/guard.h"

/* Ties over ties that are looked at, as of a list on a transfer on a loop. limit: GENERATIONS_CUT */
enum { HG_TIES_DEEP = 4 };

static inline bool hg_is_tied(const struct hg_guard *guard)
{
	return guard && guard->class->flags & HG_CLASS_TIED && guard != guard->class->root;
}

/* Where a parent holds what is attached to it: 0: nowhere in particular; else there is one at most. */
static inline uint64_t hg_tie_place(int32_t number)
{
	return UINT64_C(1) << 32 | (uint32_t)number;
}

/* Attaches the child, by a call that is in flight on both; what was at that place of the parent is detached. */
void hg_tie(struct hg_guard *child, struct hg_guard *parent, uint64_t place);

/* Detaches the child from the parent; null: from all there are. */
void hg_untie(struct hg_guard *child, const struct hg_guard *parent);

/* The same of a life that is over. */
void hg_untie_ended(struct hg_guard *child, uint32_t generation);

/* Detaches from the parent what is at a place of it (0: whatever is attached), of one class (null: of any). */
void hg_untie_all(struct hg_guard *parent, uint64_t place, const struct hg_class *class);

/* Whether an op on `from` uses `to`, which is tied. */
bool hg_tie_leads(const struct hg_guard *from, const struct hg_guard *to);

/* A free of the child has begun; its word says so. Before the free's fence. */
void hg_ties_mark(struct hg_guard *child);

/* Of what the parent's ops use one whose free has begun or is over; null: all of it is alive. */
struct hg_guard *hg_tie_ended(const struct hg_guard *parent);

/* Calls `visit` for each life that ops on the parent use, or have used until just now. */
void hg_ties_each(const struct hg_guard *parent, void (*visit)(struct hg_guard *child, void *argument), void *argument);

/* Whether ops that have no frame are in flight on the child. */
bool hg_ties_counted(const struct hg_guard *child);

/* Another number once the child, or what it is attached to, has been attached anew. */
uint64_t hg_ties_made(const struct hg_guard *child);

/* Whether the child is attached to anything. */
bool hg_ties_any(const struct hg_guard *child);

#endif
