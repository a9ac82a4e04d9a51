#include "process/fence.h"

#include "arch/preserving.h"
#include "base/counters.h"
#include "base/sys.h"

_Atomic unsigned hg_fence_kind;
void (*hg_fence_lost)(void);

static long membarrier(int command)
{
	return hg_syscall(SYS_membarrier, command, 0, 0, 0, 0, 0);
}

/* The hook is C code of any kind. */
static void tell_lost(void *unused)
{
	(void)unused;
	if (hg_fence_lost)
		hg_fence_lost();
}

void hg_fence_start(void)
{
	bool granted = membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) == 0 &&
	               membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED) == 0;
	atomic_store(&hg_fence_kind, granted ? HG_FENCE_MEMBARRIER : HG_FENCE_FULL);
	/* In a forked child, fast paths may have been chosen while the parent still had it. */
	if (!granted)
		tell_lost(NULL);
}

/* What is left when a seccomp filter takes membarrier away: to withdraw a right from a page that is in use makes the
 * kernel interrupt every processor that runs this process, which orders its memory accesses. Kernels and processors
 * that invalidate without interrupts make this a best effort, hence "degraded"; ops use full fences from here on. */
static void interrupt_processors(void)
{
	volatile char *page = hg_map_memory(4096);
	if (!page)
		return;
	*page = 1;
	hg_syscall(SYS_mprotect, (long)page, 4096, PROT_READ, 0, 0, 0);
	hg_syscall(SYS_munmap, (long)page, 4096, 0, 0, 0, 0);
}

static void lose_membarrier(void)
{
	if (atomic_exchange(&hg_fence_kind, HG_FENCE_DEGRADED) == HG_FENCE_DEGRADED)
		return;
	hg_count(HG_COUNTER_MEMBARRIER_LOST);
	hg_preserving(tell_lost, NULL);
}

void hg_fence_heavy(void)
{
	atomic_thread_fence(memory_order_seq_cst);
	unsigned kind = atomic_load(&hg_fence_kind);
	if (kind == HG_FENCE_FULL)
		return;
	if (kind == HG_FENCE_MEMBARRIER && membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED) == 0)
		return;
	lose_membarrier();
	interrupt_processors();
}
