/* What was made from a handle, and from that in turn: it goes with the handle, or is left behind by it. */
#ifndef HG_DESCENDANTS_H
#define HG_DESCENDANTS_H

#include "protocol/guard.h"

/* The life has begun: it counts as its parent's child, if it has one, and is marked if a free of an ancestor has. */
void hg_family_born(struct hg_guard *guard, uint32_t generation);

/* Calls `visit` for each guard that may be of a child of this one, whichever life of either, alive or over; perhaps for
 * others. */
void hg_family_children(struct hg_guard *guard, void (*visit)(struct hg_guard *child, void *argument), void *argument);

/* Calls `visit` for each descendant of a life that is alive itself, save for those that a free of another one between
 * the two has left behind; only where what was said of children means for it one of those that are `wanted` (a bit for
 * each of enum hg_children). One may be visited twice that is made from another parent meanwhile. */
void hg_family_each(struct hg_guard *guard, uint32_t generation, enum hg_children said, unsigned wanted,
                    void (*visit)(struct hg_guard *descendant, void *argument), void *argument);

/* The same of those that are left with what is gone, if the life has ended. */
void hg_family_orphans(struct hg_guard *guard, uint32_t generation, enum hg_children said,
                       void (*visit)(struct hg_guard *descendant, void *argument), void *argument);

/* Whether there is a child for whose sake the library refuses to free the guard. */
bool hg_family_refuses(struct hg_guard *guard, enum hg_children said);

/* A free of the guard has begun; its word says so. Before the free's fence. */
void hg_family_mark(struct hg_guard *guard, enum hg_children policy);

/* The free has failed, or the root has begun another life: the word says so. */
void hg_family_revive(struct hg_guard *guard, uint32_t generation);

/* Ends all marked descendants of a life which go with it, and calls `ended` for each, if not null. */
void hg_family_end(struct hg_guard *guard, uint32_t generation, enum hg_children said,
                   void (*ended)(struct hg_guard *descendant, void *argument), void *argument);

/* The free of an ancestor that has begun, or is over; or another reason why no op should come. */
struct hg_parting {
	struct hg_guard *from; /* null: its value has begun another life */
	enum hg_children children;
	bool closed;   /* it is its own close that has come (closed.h) */
	bool attached; /* it is the free of one that is attached to it (ties.h) */
};

/* Whether the guard is alive, but marked for good. After a frame was stored that is in flight on its ancestors. */
bool hg_family_orphaned(struct hg_guard *guard, struct hg_parting *parting);

#endif
