/* Which functions leave the fast path, because their calls may come near a free: those of which a pair is known, and
 * for a while those of a class whose handles are met by one thread and freed by another, in this run or an earlier one,
 * and of what is made from these. All others stay on it. */
#ifndef HG_WATCH_H
#define HG_WATCH_H

#include <stddef.h>

#include "provoke/kin.h"

struct hg_slot;
struct hg_context;

/* Whether calls of the slot's function are to be seen. */
bool hg_watch_wants(const struct hg_slot *slot);

/* A pair is known with an op of this function. To be called while the process starts; the name must stay. */
void hg_watch_know(const char *function, size_t length);

/* An earlier run has seen handles of the class pass from thread to thread. As above, but the name is
 * copied. */
void hg_watch_know_class(const char *name, size_t length);

/* A call of it was seen, and `paired`: it has come near a free some time. */
void hg_watch_seen(struct hg_slot *slot, bool paired);

/* This thread is about to free the handle: has another one met it? */
void hg_watch_free(const struct hg_guard *guard, const struct hg_context *context);

#endif
