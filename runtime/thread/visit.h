/* Visits: the stretches of a thread's way through the runtime in which it may hold pointers to guards that no frame
 * names, and to nodes of their table. What is taken out of the table is left as it is until every visit that had begun
 * before is over (epochs, as in K. Fraser, "Practical lock-freedom", 2004).
 *
 *   visit                        who takes out
 *   -----                        -------------
 *   store `visiting`             take out
 *   light fence                  heavy fence
 *   look into the table          load every `visiting`
 *
 *   So whoever takes out sees the visit, or the visit does not find what was taken out. */
#ifndef HG_VISIT_H
#define HG_VISIT_H

#include "process/fence.h"
#include "thread/thread.h"

struct hg_visit {
	struct hg_context *context; /* null: the thread has none */
	uint64_t before;            /* of its `visiting` */
};

extern _Atomic uint64_t hg_visit_round;     /* the latest */
extern _Atomic uint32_t hg_visit_strangers; /* visits of threads without a context */

/* Visits may lie inside each other, also in a signal handler: only the outermost counts. */
static inline struct hg_visit hg_visit_begin(void)
{
	struct hg_visit visit = {.context = hg_context};
	if (!visit.context) {
		atomic_fetch_add(&hg_visit_strangers, 1);
		return visit;
	}
	visit.before = atomic_load_explicit(&visit.context->visiting, memory_order_relaxed);
	/* A signal handler may come anywhere here: what it finds, it leaves. */
	if (!visit.before)
		atomic_store_explicit(&visit.context->visiting, atomic_load(&hg_visit_round), memory_order_relaxed);
	visit.context->visits++;
	hg_fence_light();
	return visit;
}

static inline void hg_visit_end(const struct hg_visit *visit)
{
	if (!visit->context) {
		atomic_fetch_sub(&hg_visit_strangers, 1);
		return;
	}
	visit->context->visits--;
	atomic_store_explicit(&visit->context->visiting, visit->before, memory_order_release);
}

/* The thread is about to sleep and holds nothing that no frame names, save what it is inside of on a signal handler's
 * behalf: then the visit goes on. */
struct hg_visit hg_visit_pause(void);
void hg_visit_resume(const struct hg_visit *pause);

/* What was taken out before this is left to rest until the round is over. */
uint64_t hg_visit_new_round(void);
bool hg_visit_is_over(uint64_t round);

/* In a forked child: nobody of the parent's is on a visit. */
void hg_visits_forget(void);

#endif
