/* How the last life of a guard ended, and what is still to be done for that: kept apart from the guard, as most of what
 * a program holds has never ended. From any thread and signal handler. */
#ifndef HG_END_H
#define HG_END_H

#include <stdbool.h>

#include "protocol/guard.h"
#include "thread/event.h"

/* Keeps the event that ended this life, or is about to. Where memory is refused, it is counted and not known. */
void hg_end_store(struct hg_guard *guard, const struct hg_event *event, uint32_t generation);

/* It ended nothing: the call has failed. */
void hg_end_clear(struct hg_guard *guard);

/* The event that ended this life; none if none did, or another one's is kept. */
struct hg_event hg_end_of_life(const struct hg_guard *guard, uint32_t generation);

/* The same of its present life, and of whichever life ended last. */
struct hg_event hg_end_now(const struct hg_guard *guard);
struct hg_event hg_end_last(const struct hg_guard *guard);

/* Whether memory was refused for it. */
bool hg_end_is_lost(const struct hg_guard *guard);

/* The real free that is left to the last op to leave; null: none is. False: memory is refused. */
bool hg_end_put_pending(struct hg_guard *guard, struct hg_pending *pending);
struct hg_pending *hg_end_take_pending(struct hg_guard *guard);
struct hg_pending *hg_end_pending(const struct hg_guard *guard);

#endif
