/* The live handles of a program that ends without running its exit handlers, as Go programs do: nothing of ours runs at
 * its end, so what is a leak then must stand in the recording all along. */
#ifndef HG_LIVE_H
#define HG_LIVE_H

#include "protocol/guard.h"

/* How many records a recording has to have for them; 0: this is no such program. */
unsigned hg_live_wanted(void);

/* To be called when the recording is made. */
void hg_live_start(void);

extern bool hg_live_kept;

/* For hg_live_came and hg_live_went. */
void hg_live_keep(struct hg_guard *guard, const struct hg_event *create, uint32_t generation);
void hg_live_drop(const struct hg_guard *guard);

/* A life has begun, or goes on since its free has failed: its word says so. Not of what is never a leak. */
static inline void hg_live_came(struct hg_guard *guard, const struct hg_event *create, uint32_t generation)
{
	if (hg_live_kept)
		hg_live_keep(guard, create, generation);
}

/* The life has ended: its word says so. */
static inline void hg_live_went(const struct hg_guard *guard)
{
	if (hg_live_kept)
		hg_live_drop(guard);
}

#endif
