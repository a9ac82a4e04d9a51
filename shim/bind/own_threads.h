/* Threads that a guarded library starts for itself, which begin in a function of ours. */
#ifndef HG_OWN_THREADS_H
#define HG_OWN_THREADS_H

#include "dynlink/got_slots.h"
#include "dynlink/objects.h"

/* Whether a call returns to where a library's own thread began, and the start routine of this one. */
bool hg_inside_thread_base(uint64_t site);
uint64_t hg_inside_thread_routine(void);

/* Leads the word by which a library starts threads to what keeps track of them; any other name: does nothing. */
void hg_own_threads_rebind(const struct hg_objects *objects, const struct hg_got_slot *word);

#endif
