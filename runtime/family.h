/* Parents and children: a handle that was made from another one lives as long as that one.
 *
 * An op on a child, and its free, are in flight on its parent too. When a free of the parent begins, its descendants
 * are marked in their words, so that every later use of one is noticed on its slow path. A class that a function can
 * tear down as a whole has a root, of which all its handles are descendants. */
#ifndef HG_FAMILY_H
#define HG_FAMILY_H

#include "guard.h"

/* The parent, if its life is still the one that the child was made in. */
struct hg_guard *hg_family_parent(const struct hg_guard *guard);

/* Whether the guard can have parent, children or a root. Others have nothing to pay for here. */
static inline bool hg_family_has(const struct hg_guard *guard)
{
	return guard->class->root || guard->class->flags & HG_CLASS_PARENT ||
	       __atomic_load_n(&guard->parent, __ATOMIC_RELAXED);
}

/* What the free of this guard that has begun means for its children. */
enum hg_children hg_family_policy(const struct hg_guard *guard);

/* Makes this life of the guard, which is about to begin, a child of `parent` (may be null). */
void hg_family_join(struct hg_guard *guard, uint32_t life, struct hg_guard *parent);

/* The life has begun: it counts as its parent's child, if it has one, and is marked if a free of an ancestor has. */
void hg_family_born(struct hg_guard *guard, uint32_t generation);

/* A life is over: it no longer counts as a child, or if its free keeps its children not beyond the last of them. Once a
 * life; more often does no harm. */
void hg_family_quit(struct hg_guard *guard, uint32_t generation);

/* Whether the guard has joined no parent, or no longer counts as one's child. */
bool hg_family_is_out(const struct hg_guard *guard);

/* Whether children of the guard's present life are alive. Of a root: there may be some. */
bool hg_family_any(const struct hg_guard *guard);

/* Calls `visit` for each descendant of a life that is alive itself, save for those that a free of another one between
 * the two has left behind. Looks through all guards there are. */
void hg_family_each(struct hg_guard *guard, uint32_t generation,
                    void (*visit)(struct hg_guard *descendant, void *argument), void *argument);

/* A free of the guard has begun; its word says so. Before the free's fence. */
void hg_family_mark(struct hg_guard *guard, enum hg_children policy);

/* The free has failed, or the root has begun another life: the word says so. */
void hg_family_revive(struct hg_guard *guard, uint32_t generation);

/* Ends all marked descendants of a life, and calls `ended` for each, if not null. */
void hg_family_end(struct hg_guard *guard, uint32_t generation,
                   void (*ended)(struct hg_guard *descendant, void *argument), void *argument);

/* For what is in flight on a guard without a frame: it is in flight on the ancestors and their roots from now on.
 * `held` are those to let go, with nulls between them. */
void hg_family_hold(struct hg_guard *guard, struct hg_guard *held[HG_HELD]);
void hg_family_let_go(struct hg_guard *held);

/* Whether anything holds the guard like that, and its free waits for what is in flight on descendants. */
bool hg_family_held(const struct hg_guard *guard);

/* The free of an ancestor that has begun, or is over. */
struct hg_parting {
	struct hg_guard *from; /* null: its value has begun another life */
	enum hg_children children;
};

/* Whether the guard is alive, but marked for good. After a frame was stored that is in flight on its ancestors. */
bool hg_family_orphaned(struct hg_guard *guard, struct hg_parting *parting);

/* The ancestor whose free has begun or is over; null: none, or it lives again. */
struct hg_guard *hg_family_ended_by(struct hg_guard *guard);

#endif
