#include "process/linker.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include "base/counters.h"
#include "base/sys.h"
#include "format/record.h"
#include "process/process.h"

/* A fork copies the dynamic linker's lock as it is: were another thread visiting, a child that loads something would
 * wait for that one for ever. (What the runtime itself does in the child asks first, see linker_lock.c.) So forks wait
 * for visits, which take moments, and visits for forks; both for so long only, because other handlers of the fork may
 * wait for the visitor in turn. */
static const uint64_t patience_ns = 1000000000;   /* limit: FORK_IMPATIENT */
static _Atomic uint32_t visits, forks;            /* under way */
static _Thread_local uint32_t own_visits;         /* of these, this thread's */
static _Thread_local uint32_t own_forks;          /* likewise */
static _Atomic uint64_t fork_count, impatient_of; /* forks begun; the latest that visits wait for no longer */

static void before_fork(void)
{
	uint64_t limit = hg_monotonic_ns() + patience_ns;
	own_forks++;
	atomic_fetch_add(&fork_count, 1);
	atomic_fetch_add(&forks, 1);
	while (atomic_load(&visits) > own_visits) {
		if (hg_monotonic_ns() >= limit) {
			hg_count(HG_COUNTER_FORK_IMPATIENT);
			return;
		}
		hg_syscall(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
	}
}

static void after_fork(void)
{
	own_forks--;
	atomic_fetch_sub(&forks, 1);
}

static void after_fork_in_child(void)
{
	own_forks = 0;
	atomic_store(&forks, 0);
	atomic_store(&visits, own_visits);
}

void hg_linker_start(void)
{
	hg_linker_lock_start();
	hg_linker_walk_start();
	pthread_atfork(before_fork, after_fork, after_fork_in_child);
}

bool hg_linker_is_absent(void)
{
	return false;
}

static bool must_wait(void)
{
	return atomic_load(&forks) > own_forks && atomic_load(&fork_count) > atomic_load(&impatient_of);
}

/* Each looks for the other after it has shown itself: one of them sees the other. A fork that does not end is waited
 * for once: not by each visit again. */
static void begin(void)
{
	uint64_t limit = 0;
	if (own_visits++)
		return;
	atomic_fetch_add(&visits, 1);
	while (must_wait()) {
		uint64_t now = hg_monotonic_ns();
		limit = limit ? limit : now + patience_ns;
		if (now >= limit) {
			hg_count(HG_COUNTER_FORK_IMPATIENT);
			atomic_store(&impatient_of, atomic_load(&fork_count));
			return;
		}
		atomic_fetch_sub(&visits, 1);
		hg_syscall(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
		atomic_fetch_add(&visits, 1);
	}
}

static void end(void)
{
	if (--own_visits == 0)
		atomic_fetch_sub(&visits, 1);
}

/* --- visiting --- */

static _Atomic unsigned long long last_adds, last_subs;

struct visitor {
	hg_linker_visitor *visit;
	void *argument;
};

static int note_and_visit(struct dl_phdr_info *info, size_t size, void *argument)
{
	const struct visitor *visitor = argument;
	atomic_store_explicit(&last_adds, info->dlpi_adds, memory_order_relaxed);
	atomic_store_explicit(&last_subs, info->dlpi_subs, memory_order_relaxed);
	return visitor->visit(info, size, visitor->argument);
}

static int visit_locked(hg_linker_visitor *visit, void *argument)
{
	begin();
	int result = hg_linker_iterate(note_and_visit, &(struct visitor){visit, argument});
	end();
	return result;
}

/* No signal handler may visit from within a visit, nor jump out of it; nor does a cancellation, which is a signal. */
int hg_linker_visit(hg_linker_visitor *visit, void *argument)
{
	uint64_t all = UINT64_MAX, before = 0;
	hg_syscall(SYS_rt_sigprocmask, SIG_BLOCK, (long)&all, (long)&before, sizeof all, 0, 0);
	int result = hg_process_is_forked() && hg_linker_lock_is_lost()
	                 ? hg_linker_walk(visit, argument, atomic_load(&last_adds), atomic_load(&last_subs))
	                 : visit_locked(visit, argument);
	hg_syscall(SYS_rt_sigprocmask, SIG_SETMASK, (long)&before, 0, sizeof before, 0, 0);
	return result;
}

/* --- what changed --- */

static _Thread_local uint64_t held_changes; /* 0: none */

static int read_changes(struct dl_phdr_info *info, size_t size, void *argument)
{
	(void)size;
	*(uint64_t *)argument = info->dlpi_adds + info->dlpi_subs;
	return 1;
}

uint64_t hg_linker_changes(void)
{
	uint64_t changes = 0;
	hg_linker_visit(read_changes, &changes);
	return changes;
}

uint64_t hg_linker_changes_held(void)
{
	return held_changes ? held_changes : hg_linker_changes();
}

uint64_t hg_linker_changes_hold(void)
{
	uint64_t before = held_changes;
	held_changes = hg_linker_changes();
	return before;
}

void hg_linker_changes_release(uint64_t held_before)
{
	held_changes = held_before;
}
