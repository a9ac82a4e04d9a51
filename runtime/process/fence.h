/* Asymmetric ordering: an op orders its frame's store against its load of the guard's word with next to nothing, and a
 * free pays for both with a barrier on every processor that runs this process. See the table at the top of guard.c. */
#ifndef HG_FENCE_H
#define HG_FENCE_H

#include <stdatomic.h>
#include <stdbool.h>

#include "format/record.h"

/* Written by hg_fence_start and by a late refusal; read by everyone. */
extern _Atomic unsigned hg_fence_kind; /* enum hg_fence */

/* Probes membarrier and registers for it. Called once a process, and again in a forked child. */
void hg_fence_start(void);

/* The fast side, between the store of a frame and the load of a guard's word. */
static inline void hg_fence_light(void)
{
	if (atomic_load_explicit(&hg_fence_kind, memory_order_relaxed) == HG_FENCE_MEMBARRIER)
		atomic_signal_fence(memory_order_seq_cst);
	else
		atomic_thread_fence(memory_order_seq_cst);
}

/* The slow side: every store that another thread made before its hg_fence_light is visible afterwards, or that thread
 * will see what the caller stored before. */
void hg_fence_heavy(void);

/* Called if membarrier is refused, also after it had been granted (a seccomp filter installed later): whoever has fast
 * paths without fences must give them up. Null: nobody. */
extern void (*hg_fence_lost)(void);

#endif
