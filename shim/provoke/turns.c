#include "provoke/turns.h"

#include "base/mix.h"
#include "base/options.h"
#include "base/sys.h"
#include "interpreter/lock.h"
#include "provoke/budget.h"
#include "provoke/collect.h"
#include "provoke/learned.h"

enum { HALVED_MOST = 10 };    /* no limit: a thousandth of the calls */
enum { LONGER_AFTER = 5 };    /* no limit: then the other side may need more time */
enum { COLLECTED_AFTER = 2 }; /* no limit: the same, where garbage may have to be collected first, which takes long */
enum { BEFORE_MOST = 2 };  /* no limit: halved so often for what came to nothing in earlier runs; a run may be short */
enum { LONGER = 5 };       /* no limit: so many times */
enum { UNDER_A_LOCK = 2 }; /* no limit: halved so often, where the other side waits for the interpreter's lock */
enum { YIELDS = 8 };       /* no limit: so many calls of a free pass after one that was held */
enum { WRITTEN_ALL = 8 };  /* no limit: then at 16, 32 ... */
enum { MS = 1000000, LEAST = 1 }; /* no limit: a unit; a hold shorter than a millisecond is none */

extern char __libc_single_threaded __attribute__((weak)); /* since glibc 2.32 */

static uint64_t order;

void hg_turns_start(void)
{
	order = hg_options.seed ? hg_options.seed : hg_ticks();
}

/* The same numbers for the same seed, site and call, whichever thread comes first. */
static uint64_t dice(const struct hg_site *site, uint32_t number)
{
	return hg_mix(hg_mix(order, atomic_load(&site->key)), number) >> 40;
}

static bool is_wanted(enum hg_point point)
{
	return hg_options.points >> point & 1;
}

/* The points of the same side that are wanted, in the order of their turns. */
static uint32_t list_side(enum hg_point of, enum hg_point wanted[HG_POINTS])
{
	uint32_t count = 0;
	for (enum hg_point point = 0; point < HG_POINTS; point++)
		if (hg_point_is_free(point) == hg_point_is_free(of) && is_wanted(point))
			wanted[count++] = point;
	return count;
}

uint32_t hg_turn_of(enum hg_point point)
{
	enum hg_point wanted[HG_POINTS];
	uint32_t count = list_side(point, wanted), turn = 0;
	while (turn < count && wanted[turn] != point)
		turn++;
	return turn < count ? turn : 0;
}

bool hg_turn_rests(const struct hg_site *site, enum hg_point point)
{
	return atomic_load(&site->told) || (point == HG_POINT_LEAVE && atomic_load(&site->warned));
}

/* The last of a side may rest alone: then the others go on without it. */
static bool has_turn(const struct hg_site *site, enum hg_point point)
{
	enum hg_point wanted[HG_POINTS];
	uint32_t count = list_side(point, wanted);
	if (count > 1 && hg_turn_rests(site, wanted[count - 1]))
		count--;
	return count > 0 && wanted[atomic_load(&site->turns) % count] == point;
}

/* A free of which no near miss is known may have a second one all the same, that looks before it comes. Where there are
 * no other threads nobody comes. */
static bool may_meet(const struct hg_site *site, enum hg_point point)
{
	if (atomic_load(&site->paired))
		return true;
	bool alone = &__libc_single_threaded && __libc_single_threaded;
	return hg_point_is_free(point) && !alone;
}

static bool is_lucky(const struct hg_site *site, uint32_t number)
{
	uint32_t halved = atomic_load(&site->fruitless), before = site->fruitless_before;
	if (before > BEFORE_MOST && halved >= before)
		halved -= before - BEFORE_MOST;
	halved = (halved < HALVED_MOST ? halved : HALVED_MOST) + (hg_interpreter_lock_held() ? UNDER_A_LOCK : 0);
	return !(dice(site, number) & ((UINT64_C(1) << halved) - 1));
}

/* As long as the budget allows. */
static uint64_t within(uint64_t ms)
{
	uint64_t left = hg_budget_left(HG_TO_HOLD) / MS;
	return ms < left ? ms : left;
}

static uint64_t again(const struct hg_site *site, enum hg_point point, uint32_t number)
{
	if (site->replayed != point + 1u)
		return 0;
	uint64_t ms = site->replayed_ms > hg_options.delay ? site->replayed_ms : hg_options.delay;
	return number == site->replayed_call || is_lucky(site, number) ? ms : 0;
}

static const struct hg_site *_Atomic latest; /* whose call was held last */
static _Atomic uint32_t yielded;             /* calls of it that have passed since */

/* Where one thread frees what many use, its frees come one after the other: if each were held, as one call is at a
 * time, none of the ops that come near them ever would be. */
static bool yields(const struct hg_site *site, enum hg_point point)
{
	return hg_point_is_free(point) && atomic_load(&site->paired) && atomic_load(&latest) == site &&
	       atomic_fetch_add(&yielded, 1) < YIELDS;
}

uint64_t hg_turn_at(const struct hg_site *site, enum hg_point point, uint32_t number)
{
	if (hg_turn_rests(site, point))
		return 0;
	if (*hg_options.replay)
		return again(site, point, number);
	if (!hg_options.provoke || !has_turn(site, point) || !may_meet(site, point) || !is_lucky(site, number) ||
	    yields(site, point))
		return 0;
	bool longer = atomic_load(&site->fruitless) >= (hg_collects() ? COLLECTED_AFTER : LONGER_AFTER);
	uint64_t ms = within(hg_options.delay * (longer ? LONGER : 1));
	return ms >= LEAST ? ms : 0;
}

void hg_turn_over(struct hg_site *site, enum hg_point point)
{
	uint32_t fruitless = atomic_fetch_add(&site->fruitless, 1) + 1;
	atomic_fetch_add(&site->turns, 1);
	atomic_store(&yielded, 0);
	atomic_store(&latest, site);
	/* Seldom enough for a file, and often enough for runs that do each thing once. */
	if (fruitless <= WRITTEN_ALL || !(fruitless & (fruitless - 1)))
		hg_learn_miss(site, point, fruitless);
}
