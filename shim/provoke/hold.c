#include "provoke/hold.h"

#include "base/counters.h"
#include "base/mix.h"
#include "base/sys.h"
#include "protocol/signals.h"
#include "provoke/budget.h"
#include "provoke/collect.h"
#include "provoke/found.h"
#include "provoke/turns.h"
#include "thread/thread.h"

enum { MS = 1000000, US = 1000 }; /* no limit: units */

/* The hold that is on. Whoever has swapped `until` writes the rest; who reads while that goes on wakes a sleeper for
 * nothing, or does not wake one. */
static struct {
	_Atomic uint64_t until; /* when it is over, in monotonic ns; 0: there is none */
	_Atomic bool open;
	_Atomic uint32_t point, tid;
	struct hg_guard *_Atomic by; /* the free that was met */
	_Atomic uint32_t came;       /* futex */
	struct hg_kept_kin kin;
	struct hg_kept *_Atomic kept;
} hold;

/* Frees that have come and not begun yet, by their guards. A hold that begins meanwhile is not what they have met:
 *
 *   an op is held            a free comes
 *   -------------            ------------
 *   store `open`             store `coming`
 *   load `coming`            load `open`
 *
 * Of two guards that share a place one is forgotten, and the op is held till its time is over. */
enum { COMING = 1 << 8 }; /* no limit: as said */
static struct hg_guard *_Atomic coming[COMING];

static struct hg_guard *_Atomic *coming_at(const struct hg_guard *guard)
{
	return &coming[hg_mix((uint64_t)guard, 0) >> 56];
}

/* False: another call is being held. */
static bool begin(const struct hg_held *held, uint64_t now, uint64_t until)
{
	uint64_t before = atomic_load(&hold.until);
	if (before > now || !atomic_compare_exchange_strong(&hold.until, &before, until))
		return false;
	atomic_store(&hold.open, false);
	atomic_store(&hold.point, held->point);
	atomic_store(&hold.tid, held->call->context->tid);
	atomic_store(&hold.by, NULL);
	atomic_store(&hold.came, 0);
	hg_kin_keep(&hold.kin, &held->kin);
	atomic_store(&hold.kept, hg_kept_begin(held, now));
	atomic_store(&hold.open, true);
	return true;
}

/* Until the free that has come has begun, and has met this op. It says that it inspects before it changes the
 * word, and takes that back once it has looked: so the word is read first. Whoever is held up between that and its
 * sleep may miss that it is taken back, and looks again soon. */
static void await_begun(struct hg_guard *by, uint64_t until)
{
	for (uint64_t now = hg_monotonic_ns(); now < until; now = hg_monotonic_ns()) {
		bool begun = !(atomic_load(&by->word) & HG_WORD_LIVE);
		uint32_t signals = atomic_load(&by->signals);
		if (begun && !hg_inspectors(signals))
			return;
		hg_futex_wait(&by->signals, signals, now + MS < until ? now + MS : until);
	}
}

/* Whether the other side is here already, or has been. */
static bool is_here(const struct hg_held *held)
{
	for (unsigned i = 0; held->point != HG_POINT_AFTER && i < held->kin.count; i++) {
		struct hg_guard *guard = held->kin.guards[i];
		bool comes = hg_point_is_inside(held->point) && atomic_load(coming_at(guard)) == guard;
		if (comes || hg_word_is_over(atomic_load(&guard->word))) {
			atomic_store(&hold.by, guard);
			return true;
		}
	}
	return false;
}

static void sleep_until(const struct hg_held *held, uint64_t until)
{
	bool here = is_here(held);
	while (!here && !atomic_load(&hold.came))
		if (!hg_futex_wait(&hold.came, 0, until))
			return;
	struct hg_guard *by = atomic_load(&hold.by);
	if (hg_point_is_inside(held->point) && by)
		await_begun(by, until);
}

/* An op that is held in flight must not be what a free does not drain for. */
static uint64_t bounded(const struct hg_held *held)
{
	uint64_t ns = held->ms * MS, most = held->kin.guards[0]->class->deadline_ns / 2;
	return hg_point_is_inside(held->point) && most < ns ? most : ns;
}

void hg_hold(const struct hg_held *held)
{
	uint64_t now = hg_monotonic_ns(), until = now + bounded(held);
	if (until == now || !begin(held, now, until))
		return;
	struct hg_kept *kept = atomic_load(&hold.kept);
	if (!hg_point_is_free(held->point))
		hg_collect_often(true);
	sleep_until(held, until);
	atomic_store(&hold.open, false);
	uint64_t end = hg_monotonic_ns();
	hg_kept_end(kept, end);
	hg_budget_spend(HG_TO_HOLD, end - now);
	hg_count(HG_COUNTER_PROVOKE_HELD);
	hg_count_by(HG_COUNTER_PROVOKE_HELD_US, (end - now) / US);
	if (!hg_turn_rests(held->site, held->point))
		hg_turn_over(held->site, held->point);
	atomic_compare_exchange_strong(&hold.until, &until, 0);
}

/* --- the other side --- */

static enum hg_point point_held(void)
{
	return (enum hg_point)atomic_load(&hold.point);
}

/* Whether the hold that is on waits for this call. */
static bool is_awaited(const struct hg_kin *kin, uint32_t tid, bool frees)
{
	struct hg_kin held;
	if (!atomic_load(&hold.open) || atomic_load(&hold.tid) == tid)
		return false;
	if (!frees && !hg_point_is_free(point_held()))
		return false;
	hg_kin_kept(&hold.kin, &held);
	return hg_kin_related(&held, kin);
}

static void wake(void)
{
	atomic_store(&hold.came, 1);
	hg_futex_wake(&hold.came);
}

void hg_hold_met(const struct hg_kin *kin, uint32_t tid, bool frees)
{
	if (frees)
		atomic_store(coming_at(kin->guards[0]), kin->guards[0]);
	if (!is_awaited(kin, tid, frees))
		return;
	hg_kept_came(atomic_load(&hold.kept));
	if (!hg_point_is_inside(point_held()))
		return;
	atomic_store(&hold.by, kin->guards[0]);
	wake();
}

void hg_hold_passed(const struct hg_kin *kin, uint32_t tid, bool frees)
{
	if (frees)
		atomic_store(coming_at(kin->guards[0]), NULL);
	if (!is_awaited(kin, tid, frees) || hg_point_is_inside(point_held()))
		return;
	hg_kept_came(atomic_load(&hold.kept));
	wake();
}
