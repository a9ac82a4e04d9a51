/* The last frees of a class: kept only for classes of which a call can be told that names no handle, or none that there
 * ever was, so that it can be told what was closed just before. */
#ifndef HG_RECENT_H
#define HG_RECENT_H

#include <stdatomic.h>
#include <stdint.h>

#include "thread/event.h"

struct hg_class;

enum { HG_RECENT_TOLD = 4 }; /* no limit: the last of them say it */
enum { HG_RECENT_KEPT = 8 }; /* no limit: more than are told, as some may be dropped again */

struct hg_recent_free {
	uint64_t value;
	struct hg_event event; /* ticks 0: none, or it is just being written */
};

struct hg_recent {
	_Atomic uint32_t next; /* how many there have been */
	struct hg_recent_free list[HG_RECENT_KEPT];
};

/* A free of the value begins. Does nothing for a class that keeps none. */
void hg_recent_note(const struct hg_class *class, uint64_t value, const struct hg_event *event);

/* The latest that the thread has noted for this value was none after all. */
void hg_recent_drop(const struct hg_class *class, uint64_t value, uint32_t tid);

/* The latest, newest first; returns how many there are. */
unsigned hg_recent_list(const struct hg_class *class, struct hg_recent_free found[HG_RECENT_TOLD]);

#endif
