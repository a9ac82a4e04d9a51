/* Blocks of memory that are held back for a while instead of being freed, so that their addresses are not handed out
 * again: first in, first out, bounded in number and bytes. Wait-free to hold, and usable by any thread. Zeroed: empty.
 */
#ifndef HG_QUARANTINE_H
#define HG_QUARANTINE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HG_QUARANTINE_MOST = 65536 }; /* limit: QUARANTINE_RELEASED */

struct hg_quarantine {
	_Atomic uint64_t next;   /* ticket of the next block; its place is the ticket modulo the bound */
	_Atomic uint64_t oldest; /* blocks of earlier tickets were released for want of room */
	_Atomic uint64_t bytes;
	void *_Atomic blocks[HG_QUARANTINE_MOST];
};

struct hg_quarantine_rules {
	uint64_t blocks; /* at most HG_QUARANTINE_MOST; 0: nothing is held. Never changes */
	uint64_t bytes;
	size_t (*size)(void *block); /* the same whenever it is asked */
	void (*release)(void *block);
};

/* Holds a block, and releases the oldest ones that there is no room for any more. False if it is too large to be held:
 * it is still the caller's. */
bool hg_quarantine_hold(struct hg_quarantine *quarantine, const struct hg_quarantine_rules *rules, void *block);

#endif
