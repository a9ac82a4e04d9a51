/* (class, value) -> guard. Guards are never removed, so that an op that comes arbitrarily late still finds its guard.
 * Lock-free: look-ups and insertions from any thread and signal handler, at any time. */
#ifndef HG_HANDLE_TABLE_H
#define HG_HANDLE_TABLE_H

#include "guard.h"

/* The guard, or null if the class never met this value. */
struct hg_guard *hg_table_find(const struct hg_class *class, uint64_t value);

/* The guard, made (not born yet) if there was none; null if the system refuses memory. */
struct hg_guard *hg_table_obtain(const struct hg_class *class, uint64_t value);

/* Calls `visit` for each guard there is. Guards inserted meanwhile may be missed. */
void hg_table_each(void (*visit)(struct hg_guard *guard, void *argument), void *argument);

#endif
