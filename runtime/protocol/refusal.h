/* What the guard was when it turned a call away. Before that is told, a stack is taken: time enough for the value to
 * begin another life. */
#ifndef HG_REFUSAL_H
#define HG_REFUSAL_H

#include "protocol/guard.h"

struct hg_refusal {
	const struct hg_guard *guard; /* null: none is to be told */
	uint32_t generation;
	struct hg_event create;
	const struct hg_guard *ended; /* itself, or the ancestor that took it along; null: neither */
	uint32_t ended_generation;
	struct hg_event free; /* of that one */
};

/* Keeps what the guard is, by this word, for whoever tells of the calling thread's call. False: the value has begun
 * another life meanwhile, and the call may be one on that. */
bool hg_refusal_keep(struct hg_guard *guard, uint64_t word);

/* A call begins: what was kept is none of it. */
void hg_refusal_forget(void);

/* What was kept of this guard, once; else what it is now. */
struct hg_refusal hg_refusal_take(struct hg_guard *guard);

/* What the guard is now. */
struct hg_refusal hg_refusal_now(struct hg_guard *guard);

/* The free that ended a life; its winner publishes it just after it has won. */
struct hg_event hg_winning_free(const struct hg_guard *guard, uint32_t generation);

#endif
