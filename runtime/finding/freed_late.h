/* Of frees that had timed out: the last op has left all the same, and the real free is called after all. */
#ifndef HG_FREED_LATE_H
#define HG_FREED_LATE_H

#include "protocol/guard.h"

/* What can be known of it only before the real free is called: then the value may begin its next life. */
struct hg_freed_late {
	struct hg_guard *guard;
	uint32_t generation;
	struct hg_event free, create; /* of that life */
	struct hg_event now;          /* the call of the real free; its stack is taken when it is told */
	uint64_t around;              /* the frame around it, laid out like a trampoline's */
};

/* Notes the real free of this symbol, which is about to be called. */
void hg_note_freed_late(struct hg_freed_late *late, struct hg_guard *guard, uint32_t generation, uint32_t symbol,
                        uint64_t around);

/* Records it: the handle is freed. Saves the registers itself. */
void hg_report_freed_late(struct hg_freed_late *late);

#endif
