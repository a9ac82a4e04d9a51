/* Calls of functions whose races are to be made likelier (handleguard run --provoke): the trampoline of its own that
 * they come by asks here before and after what others ask. What is guarded, and what is told, stays the same: a call is
 * held back for a while, and other threads do what they may do at any time. */
#ifndef HG_PROVOKED_H
#define HG_PROVOKED_H

#include <stdbool.h>

#include "entry/call.h"

/* Whether calls are to be looked at at all: known once the process is prepared. */
extern bool hg_provoking;

/* To be called while the process starts. */
void hg_provoke_start(void);

/* In the place of hg_call_enter and hg_call_leave. */
enum hg_action hg_provoked_enter(struct hg_call *call);
void hg_provoked_leave(struct hg_call *call);

#endif
