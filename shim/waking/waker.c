/* On a thread of its own, because its caller may hold a lock that the library's function needs: then that function
 * blocks, the free gives up at its deadline all the same, and its caller goes on. Whoever calls the function is in
 * flight on the handle meanwhile, so the real free does not begin before it has returned (waking.h); if that was the
 * last to leave after the deadline, this thread runs the free that was left to it.
 *
 * A thread for each such free, which ends with it: nothing of ours is left that would keep a process from ending with
 * its last thread, and a function that never returns holds up nobody else. In a forked child there is none, nor is the
 * free there that waited. */
#include "waking/waker.h"

#include <sys/prctl.h>

#include "api/start.h"
#include "arch/preserving.h"
#include "base/counters.h"
#include "process/process.h"
#include "protocol/class.h"
#include "waking/helper_thread.h"
#include "waking/wake.h"

enum { WAKERS = 16 };                        /* limit: WAKERS_REFUSED */
enum { FIRST_PAUSE_MS = 1, PAUSE_MS = 100 }; /* no limit: how often it is tried */
static const uint64_t MS = UINT64_C(1000000);

struct hg_waker {
	_Atomic uint64_t epoch; /* of the process that uses it; 0, or another's: it is free */
	_Atomic uint32_t users; /* the thread, and the free */
	_Atomic uint32_t over;  /* futex: the free has ended */
	_Atomic bool calling;
	struct hg_guard *guard;
	const struct hg_context *freer;
	uint64_t attempt;
	uint64_t deadline;
};

static struct hg_waker wakers[WAKERS];

static struct hg_waker *take(void)
{
	uint64_t here = hg_process_epoch();
	for (int i = 0; i < WAKERS; i++) {
		uint64_t epoch = atomic_load(&wakers[i].epoch);
		if (epoch != here && atomic_compare_exchange_strong(&wakers[i].epoch, &epoch, here))
			return &wakers[i];
	}
	return NULL;
}

static void let_go(struct hg_waker *waker)
{
	if (atomic_fetch_sub(&waker->users, 1) == 1)
		atomic_store(&waker->epoch, 0);
}

static bool is_needed(struct hg_waker *waker)
{
	uint64_t word = atomic_load(&waker->guard->word);
	return !atomic_load(&waker->over) && word & HG_WORD_FREEING && hg_word_attempt(word) == waker->attempt &&
	       hg_monotonic_ns() < waker->deadline;
}

/* Each op that is parked now, one after the other. */
static void wake_all(struct hg_waker *waker)
{
	struct hg_wake wake;
	bool ready;
	for (unsigned skip = 0;
	     is_needed(waker) && hg_next_wake(waker->guard, waker->attempt, waker->freer, skip, &wake, &ready);
	     skip++) {
		if (!ready)
			continue;
		atomic_store(&waker->calling, true);
		hg_call_waker(&wake);
		atomic_store(&waker->calling, false);
		hg_keep_no_more(&wake.kept);
	}
}

static void *run(void *argument)
{
	struct hg_waker *waker = argument;
	prctl(PR_SET_NAME, "handleguard");
	hg_context_here();
	/* An interrupt that comes before its op has begun to wait is lost. */
	for (uint64_t pause = FIRST_PAUSE_MS; is_needed(waker); pause = 2 * pause < PAUSE_MS ? 2 * pause : PAUSE_MS) {
		wake_all(waker);
		uint64_t next = hg_monotonic_ns() + pause * MS;
		while (is_needed(waker) &&
		       hg_futex_wait(&waker->over, 0, next < waker->deadline ? next : waker->deadline))
			;
	}
	let_go(waker);
	return NULL;
}

/* --- for who frees --- */

struct starting {
	struct hg_guard *guard;
	const struct hg_context *freer;
	struct hg_waker *waker;
};

static void start(void *argument)
{
	struct starting *starting = argument;
	struct hg_guard *guard = starting->guard;
	/* What the C library's own locks are in after such a fork, nobody knows. */
	bool can = !hg_process_is_forked() || hg_process_is_forked_by_libc();
	struct hg_waker *waker = can ? take() : NULL;
	if (waker) {
		atomic_store(&waker->users, 2);
		atomic_store(&waker->over, 0);
		atomic_store(&waker->calling, false);
		waker->guard = guard;
		waker->freer = starting->freer;
		waker->attempt = hg_word_attempt(atomic_load(&guard->word));
		waker->deadline = hg_monotonic_ns() + guard->class->deadline_ns;
		if (hg_helper_thread(run, waker))
			starting->waker = waker;
		else
			atomic_store(&waker->epoch, 0);
	}
	if (!starting->waker)
		hg_count(HG_COUNTER_WAKERS_REFUSED);
}

struct hg_waker *hg_waker_start(struct hg_guard *guard, const struct hg_context *freer)
{
	struct starting starting = {guard, freer, NULL};
	hg_preserving(start, &starting);
	return starting.waker;
}

bool hg_waker_stop(struct hg_waker *waker, bool goes_on)
{
	bool calling = atomic_load(&waker->calling);
	if (!goes_on) {
		atomic_store(&waker->over, 1);
		hg_futex_wake(&waker->over);
	}
	let_go(waker);
	return calling;
}
