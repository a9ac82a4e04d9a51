/* Inspection: a free that found ops in flight walks their stacks. It says so before it looks who is there, and who
 * leaves meanwhile waits, so that no stack is walked that its owner is giving up (guard.c). */
#ifndef HG_INSPECTION_H
#define HG_INSPECTION_H

#include "protocol/guard.h"

void hg_inspection_begin(struct hg_guard *guard);
void hg_inspection_end(struct hg_guard *guard);

/* Waits, bounded, while stacks of ops in flight are walked. For who leaves without seeing one of HG_WORD_TELL. */
void hg_inspection_await(struct hg_guard *guard);

#endif
