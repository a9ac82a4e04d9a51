/* Parents and children: a handle that was made from another one lives as long as that one.
 *
 * An op on a child, and its free, are in flight on its parent too. A class that a function can tear down as a whole has
 * a root, of which all its handles are descendants. What a free does to them: descendants.h. */
#ifndef HG_FAMILY_H
#define HG_FAMILY_H

#include <stddef.h>

#include "protocol/guard.h"

/* The parent, if its life is still the one that the child was made in. */
struct hg_guard *hg_family_parent_now(const struct hg_guard *guard);
static inline struct hg_guard *hg_family_parent(const struct hg_guard *guard)
{
	const struct hg_guard_more *more = hg_guard_more_if_any(guard);
	return more && __atomic_load_n(&more->parent, __ATOMIC_ACQUIRE) ? hg_family_parent_now(guard) : NULL;
}

/* Whether the guard can have parent, children or a root. Others have nothing to pay for here. */
static inline bool hg_family_has(const struct hg_guard *guard)
{
	const struct hg_guard_more *more = hg_guard_more_if_any(guard);
	return guard->class->root || guard->class->flags & HG_CLASS_PARENT ||
	       (more && __atomic_load_n(&more->parent, __ATOMIC_RELAXED));
}

/* What the free of this guard that has begun means for its children: as it was said. */
enum hg_children hg_family_policy(const struct hg_guard *guard);

/* What its create has said of whatever ends this life; and what is meant where it has said nothing. */
void hg_family_say(struct hg_guard *guard, uint32_t generation, enum hg_children children);
enum hg_children hg_family_said(struct hg_guard *guard, uint32_t generation, enum hg_children otherwise);

/* Makes this life of the guard, which is about to begin, a child of `parent` (may be null). Of a class whose guards
 * keep more. */
void hg_family_join(struct hg_guard *guard, uint32_t life, struct hg_guard *parent);

/* Ops that are in flight on the guard are not all its own, so its free must look at other threads: it is private no
 * more. */
void hg_family_share(struct hg_guard *guard);

/* A life is over: it no longer counts as a child, or if its free keeps its children not beyond the last of them. Once a
 * life; more often does no harm. */
void hg_family_quit(struct hg_guard *guard, uint32_t generation);

/* The life goes on after all: the last child may have gone while the free that failed was to keep it. */
void hg_family_count_again(struct hg_guard *guard, uint32_t generation);

/* All of its children are over, also those that were leaked and counted still. */
void hg_family_count_none(struct hg_guard *guard, uint32_t generation);

/* Whether the guard has joined no parent, or no longer counts as one's child. */
bool hg_family_is_out(const struct hg_guard *guard);

/* Whether children of the guard's present life are alive. Of a root: there may be some. */
bool hg_family_any(const struct hg_guard *guard);

/* Whether its last life was left to children that are there still: not, where a map keeps some of them and orphans
 * others, for those are counted alike. */
bool hg_family_is_left(const struct hg_guard *guard);

/* For what is in flight on a guard without a frame: it is in flight on the ancestors and their roots from now on.
 * `held` are those to let go (hg_guard_let_go), with nulls between them. */
void hg_family_count(struct hg_guard *guard, struct hg_guard *held[HG_FAMILY_COUNTED]);

/* Whether anything holds the guard like that, and its free waits for what is in flight on descendants. */
bool hg_family_counted(const struct hg_guard *guard);

/* Whether its present life was made from this one of the parent. */
bool hg_family_is_child(const struct hg_guard *guard, const struct hg_guard *parent, uint32_t generation);

/* Whether all its ancestors are still in the lives that it was born to. */
bool hg_family_is_whole(const struct hg_guard *guard);

/* The ancestor whose free has begun or is over, and does not keep what the guard descends from; null: none, or it lives
 * again. *means: what that free means for the guard. */
struct hg_guard *hg_family_ended_how(struct hg_guard *guard, enum hg_children *means);
static inline struct hg_guard *hg_family_ended_by(struct hg_guard *guard)
{
	enum hg_children means;
	return hg_family_ended_how(guard, &means);
}

#endif
