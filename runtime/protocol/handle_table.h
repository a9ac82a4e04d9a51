/* (class, value) -> guard. Guards stay, so that an op that comes late still finds its guard, until so many others have
 * died since that dead.c forgets it.
 * Lock-free: look-ups and insertions from any thread and signal handler, at any time. What is found is good for as long
 * as the visit lasts that the caller is on (visit.h), and beyond that if a frame or a cache names it. */
#ifndef HG_HANDLE_TABLE_H
#define HG_HANDLE_TABLE_H

#include "protocol/guard.h"

/* The guard, or null if the class never met this value. */
struct hg_guard *hg_table_find(const struct hg_class *class, uint64_t value);

/* The guard, made (not born yet) if there was none; null if the system refuses memory. */
struct hg_guard *hg_table_obtain(const struct hg_class *class, uint64_t value);

/* How many guards there are in it. */
unsigned hg_table_size(void);

/* Calls `visit` for each guard there is. Guards inserted meanwhile may be missed. */
void hg_table_each(void (*visit)(struct hg_guard *guard, void *argument), void *argument);

/* Takes a guard out that is gone (dead.c). */
void hg_table_remove(struct hg_guard *guard);

/* What was taken out of the tree so far, which is to rest; and what has rested may be used again. For dead.c. */
struct hg_nodes;
struct hg_nodes *hg_table_rest_nodes(void);
void hg_table_reuse_nodes(struct hg_nodes *rested);

#endif
