#include "linker.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include "libc.h"
#include "sys.h"

/* A fork copies the dynamic linker's lock as it is: were another thread visiting, the child would wait for that one for
 * ever. So forks wait for visits, which take moments, and visits for forks; both for so long only, because other
 * handlers of the fork may wait for the visitor in turn. */
static const uint64_t patience_ns = 1000000000;
static _Atomic uint32_t visits, forking; /* how many; which thread, 0: none */
static _Thread_local uint32_t own;       /* how many of this thread */

static void before_fork(void)
{
	uint64_t limit = hg_monotonic_ns() + patience_ns;
	atomic_store(&forking, hg_gettid());
	while (atomic_load(&visits) > own && hg_monotonic_ns() < limit)
		hg_syscall(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
}

static void after_fork(void)
{
	atomic_store(&forking, 0);
}

static void after_fork_in_child(void)
{
	atomic_store(&visits, own);
	atomic_store(&forking, 0);
}

void hg_linker_start(void)
{
	pthread_atfork(before_fork, after_fork, after_fork_in_child);
}

static bool another_forks(void)
{
	uint32_t who = atomic_load(&forking);
	return who && who != hg_gettid();
}

static void begin(void)
{
	uint64_t limit = 0;
	atomic_fetch_add(&visits, 1);
	/* Each looks for the other after it has shown itself: one of them sees the other. */
	while (another_forks() && (!limit || hg_monotonic_ns() < limit)) {
		limit = limit ? limit : hg_monotonic_ns() + patience_ns;
		atomic_fetch_sub(&visits, 1);
		hg_syscall(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
		atomic_fetch_add(&visits, 1);
	}
	own++;
}

static void end(void)
{
	own--;
	atomic_fetch_sub(&visits, 1);
}

typedef int iterate(int (*)(struct dl_phdr_info *, size_t, void *), void *);

int hg_linker_visit_again(int (*visit)(struct dl_phdr_info *, size_t, void *), void *argument)
{
	static iterate *_Atomic known;
	iterate *real = atomic_load(&known);
	if (!real) {
		real = (iterate *)hg_libc_function("dl_iterate_phdr");
		atomic_store(&known, real);
	}
	return real(visit, argument);
}

/* No signal handler may visit from within a visit, nor jump out of it. */
int hg_linker_visit(int (*visit)(struct dl_phdr_info *, size_t, void *), void *argument)
{
	uint64_t all = UINT64_MAX, before = 0;
	hg_syscall(SYS_rt_sigprocmask, SIG_BLOCK, (long)&all, (long)&before, sizeof all, 0, 0);
	begin();
	int result = hg_linker_visit_again(visit, argument);
	end();
	hg_syscall(SYS_rt_sigprocmask, SIG_SETMASK, (long)&before, 0, sizeof before, 0, 0);
	return result;
}
