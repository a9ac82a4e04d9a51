/* Threads that are about to begin, in a function of ours: from where they were created to where they run. */
#ifndef HG_STARTING_H
#define HG_STARTING_H

#include <stdatomic.h>
#include <stdint.h>

#include "record/labels.h"

typedef void *hg_routine(void *argument);

struct hg_starting {
	_Atomic uint32_t taken;
	hg_routine *routine;
	void *argument;
	struct hg_label label; /* of the creator */
};

/* Null: there is no room, which is counted. */
struct hg_starting *hg_starting_take(hg_routine *routine, void *argument);

/* The thread has begun, or never will. */
void hg_starting_give_back(struct hg_starting *starting);

#endif
