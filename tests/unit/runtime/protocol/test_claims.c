/* Claims on shared handles: how many there are, whose they are, and who drops the last one. */
#include "api/start.h"
#include "format/image.h"
#include "harness.h"
#include "protocol/claims.h"
#include "protocol/life.h"
#include "protocol/tables.h"
#include "record/modules.h"

enum { HERE = 1, ELSEWHERE = 2 }; /* objects */

static const struct hg_class *shared_class(void)
{
	return hg_class_add(&(struct hg_class_description){
	    .name = "line", .manifest = "test", .flags = HG_CLASS_SHARED, .deadline_ms = 1000, .mask = UINT64_MAX});
}

static struct hg_guard *guard;

static void begin(void)
{
	start();
	guard = born(shared_class(), 7);
}

static uint32_t own_generation(void)
{
	return hg_word_generation(atomic_load(&guard->word));
}

/* Threads are numbered by the tests; 0 is the one that runs them, and creates. */
static uint64_t serial_of(uint64_t thread)
{
	return thread ? 1000 + thread : hg_context_here()->serial;
}

static struct hg_claimant claimant(uint64_t thread, uint64_t site, uint32_t object)
{
	return (struct hg_claimant){.serial = serial_of(thread), .site = site, .object = object, .event = event_now()};
}

static bool add(uint64_t thread, uint64_t site, uint32_t object)
{
	struct hg_claimant who = claimant(thread, site, object);
	return hg_claims_add(guard, own_generation(), &who, false);
}

static enum hg_claims_left release(uint64_t thread, uint32_t object)
{
	struct hg_claimant who = claimant(thread, 0, object);
	return hg_claims_release(guard, own_generation(), &who);
}

static struct hg_claim_list held(void)
{
	struct hg_claim_list list;
	hg_claims_list(guard, own_generation(), &list);
	return list;
}

static enum hg_claims_freed end(uint64_t thread, uint32_t object, struct hg_claims_end how, struct hg_claim_list *cut)
{
	struct hg_claimant who = claimant(thread, 0, object);
	return hg_claims_free(guard, own_generation(), &who, &how, cut);
}

/* How many claims a thread has. */
static uint32_t claims_of(uint64_t thread)
{
	struct hg_claim_list list = held();
	uint32_t claims = 0;
	for (unsigned i = 0; i < list.count; i++)
		claims += list.list[i].serial == serial_of(thread) ? list.list[i].count : 0;
	return claims;
}

START_TEST(the_word_of_an_earlier_life_says_one_and_of_a_later_one_that_it_is_over)
{
	uint64_t word = hg_claims_word(5, HG_CLAIMS_FIRST_GONE | 3);
	ck_assert_uint_eq(hg_claims_in(word, 5), word);
	ck_assert_uint_eq(hg_claims_count(hg_claims_in(word, 6)), 1);
	ck_assert_uint_eq(hg_claims_in(word, 6) & ~HG_CLAIMS_COUNT, hg_claims_word(6, 0));
	ck_assert_uint_eq(hg_claims_in(word, 4), hg_claims_word(4, HG_CLAIMS_ENDED | HG_CLAIMS_FIRST_GONE));
	/* Generations go round. */
	ck_assert_uint_eq(hg_claims_count(hg_claims_in(hg_claims_word(UINT32_MAX, 9), 1)), 1);
}
END_TEST

/* A release that was not the last looks for whose claim it drops: by then the life may be over, and the next one have
 * begun, of which it must take none. */
START_TEST(nobody_has_a_claim_on_a_life_that_is_over)
{
	begin();
	uint32_t over = own_generation();
	struct hg_claim_list list;
	hg_claims_float(guard, over + 1);
	hg_claims_list(guard, over, &list);
	ck_assert_uint_eq(list.count, 0);
	ck_assert_uint_eq(list.untold, 0);
}
END_TEST

START_TEST(a_full_count_stays_full)
{
	uint64_t word = hg_claims_word(5, HG_CLAIMS_COUNT);
	ck_assert_uint_eq(hg_claims_plus(word), word);
	ck_assert_uint_eq(hg_claims_plus(hg_claims_word(5, 1)), hg_claims_word(5, 2));
}
END_TEST

START_TEST(a_handle_that_nobody_shared_has_the_claim_of_its_create)
{
	begin();
	struct hg_claim_list list = held();
	ck_assert_uint_eq(list.count, 1);
	ck_assert_ptr_null(list.list[0].claim);
	ck_assert_uint_eq(list.list[0].latest.tid, hg_gettid());
	ck_assert_int_eq(release(1, HERE), HG_CLAIMS_NONE_LEFT);
	ck_assert_int_eq(release(1, HERE), HG_CLAIMS_OVER);
	ck_assert(!add(1, 0x10, HERE));
}
END_TEST

START_TEST(the_last_of_several_ends_it)
{
	begin();
	ck_assert(add(1, 0x10, HERE) && add(2, 0x20, HERE));
	ck_assert_int_eq(release(2, HERE), HG_CLAIMS_LEFT);
	ck_assert_int_eq(release(9, ELSEWHERE), HG_CLAIMS_LEFT);
	ck_assert_int_eq(release(1, HERE), HG_CLAIMS_NONE_LEFT);
}
END_TEST

START_TEST(a_holder_is_a_thread_at_a_call_site)
{
	begin();
	add(1, 0x10, HERE);
	add(1, 0x10, HERE);
	add(1, 0x11, HERE);
	add(2, 0x10, HERE);
	struct hg_claim_list list = held();
	ck_assert_uint_eq(list.count, 4);
	ck_assert_uint_eq(list.untold, 0);
	ck_assert_uint_eq(list.list[1].count, 2);
	ck_assert_uint_eq(claims_of(1), 3);
	ck_assert_uint_eq(claims_of(2), 1);
}
END_TEST

START_TEST(each_drops_its_own_first)
{
	begin();
	add(1, 0x10, HERE);
	add(2, 0x20, HERE);
	add(3, 0x30, ELSEWHERE);
	release(2, HERE);
	ck_assert_uint_eq(claims_of(2), 0);
	/* Who has none drops the oldest of its own object. */
	release(2, HERE);
	ck_assert_uint_eq(claims_of(1), 0);
	ck_assert_uint_eq(claims_of(3), 1);
	/* The create's site is in no object: what is left is anybody's. */
	release(2, HERE);
	ck_assert_uint_eq(held().count, 1);
	ck_assert_int_eq(release(2, HERE), HG_CLAIMS_NONE_LEFT);
}
END_TEST

START_TEST(a_floating_claim_is_taken_over_once)
{
	begin();
	hg_claims_float(guard, own_generation());
	struct hg_claimant sinker = claimant(4, 0x40, HERE);
	ck_assert(hg_claims_add(guard, own_generation(), &sinker, true));
	ck_assert_uint_eq(held().count, 1);
	ck_assert_uint_eq(claims_of(4), 1);
	ck_assert(hg_claims_add(guard, own_generation(), &sinker, true));
	ck_assert_uint_eq(claims_of(4), 2);
	ck_assert_int_eq(release(4, HERE), HG_CLAIMS_LEFT);
	ck_assert_int_eq(release(4, HERE), HG_CLAIMS_NONE_LEFT);
}
END_TEST

START_TEST(a_floating_claim_is_dropped_as_any)
{
	begin();
	hg_claims_float(guard, own_generation());
	add(4, 0x40, HERE);
	ck_assert_int_eq(release(5, HERE), HG_CLAIMS_LEFT);
	ck_assert_int_eq(release(5, HERE), HG_CLAIMS_NONE_LEFT);
}
END_TEST

START_TEST(a_free_without_others_ends_it)
{
	begin();
	struct hg_claim_list cut;
	ck_assert_int_eq(end(1, HERE, (struct hg_claims_end){.withhold = true}, &cut), HG_CLAIMS_FREE);
	ck_assert_int_eq(end(1, HERE, (struct hg_claims_end){.withhold = true}, &cut), HG_CLAIMS_GONE);
}
END_TEST

START_TEST(a_free_is_withheld_while_others_claim)
{
	begin();
	struct hg_claim_list cut;
	add(1, 0x10, HERE);
	add(2, 0x20, HERE);
	ck_assert_int_eq(end(1, HERE, (struct hg_claims_end){.withhold = true}, &cut), HG_CLAIMS_WITHHELD);
	ck_assert_uint_eq(cut.count, 2);
	ck_assert_uint_eq(cut.list[1].serial, serial_of(2));
	ck_assert(add(3, 0x30, HERE));
	ck_assert_int_eq(end(2, HERE, (struct hg_claims_end){.withhold = true}, &cut), HG_CLAIMS_WITHHELD);
	ck_assert_int_eq(end(3, HERE, (struct hg_claims_end){.withhold = true}, &cut), HG_CLAIMS_WITHHELD);
	ck_assert_int_eq(end(3, HERE, (struct hg_claims_end){.withhold = true}, &cut), HG_CLAIMS_FREE);
}
END_TEST

START_TEST(a_free_that_passes_cuts_everybody_off)
{
	begin();
	struct hg_claim_list cut;
	add(1, 0x10, HERE);
	add(2, 0x20, HERE);
	ck_assert_int_eq(end(1, HERE, (struct hg_claims_end){.withhold = false}, &cut), HG_CLAIMS_SEVERED);
	ck_assert_uint_eq(cut.count, 2);
	ck_assert_uint_eq(cut.untold, 0);
	ck_assert(!add(3, 0x30, HERE));
}
END_TEST

START_TEST(a_free_can_stand_for_its_whole_object)
{
	begin();
	struct hg_claim_list cut;
	/* The create is in no object that is known: give its claim up first. */
	add(1, 0x10, HERE);
	release(0, HG_NO_MODULE);
	add(2, 0x20, HERE);
	add(2, 0x20, HERE);
	add(3, 0x30, ELSEWHERE);
	struct hg_claims_end whole = {.whole_object = true, .withhold = true};
	ck_assert_int_eq(end(1, HERE, whole, &cut), HG_CLAIMS_WITHHELD);
	ck_assert_uint_eq(cut.count, 1);
	ck_assert_uint_eq(cut.list[0].serial, serial_of(3));
	ck_assert_uint_eq(claims_of(2), 0);
	ck_assert_int_eq(end(3, ELSEWHERE, whole, &cut), HG_CLAIMS_FREE);
}
END_TEST

START_TEST(what_a_thread_still_claimed_is_listed_once)
{
	begin();
	struct hg_claim_list cut, left;
	add(1, 0x10, HERE);
	add(2, 0x20, HERE);
	add(2, 0x21, HERE);
	ck_assert_int_eq(end(1, HERE, (struct hg_claims_end){.withhold = false}, &cut), HG_CLAIMS_SEVERED);
	hg_claims_take(guard, own_generation(), serial_of(2), &left);
	ck_assert_uint_eq(left.count, 2);
	hg_claims_take(guard, own_generation(), serial_of(2), &left);
	ck_assert_uint_eq(left.count, 0);
	/* Also the one of the create. */
	hg_claims_take(guard, own_generation(), serial_of(0), &left);
	ck_assert_uint_eq(left.count, 1);
	ck_assert_uint_eq(left.list[0].latest.ticks, guard->create.ticks);
	hg_claims_take(guard, own_generation(), serial_of(0), &left);
	ck_assert_uint_eq(left.count, 0);
}
END_TEST

START_TEST(a_free_that_failed_leaves_the_claims)
{
	begin();
	struct hg_claim_list cut;
	add(1, 0x10, HERE);
	release(1, HERE);
	ck_assert_int_eq(end(1, HERE, (struct hg_claims_end){.withhold = true}, &cut), HG_CLAIMS_FREE);
	struct hg_free_result result = begin_free(guard, HG_FREE_WAIT, 1000);
	hg_guard_revive(guard, result.generation);
	ck_assert(hg_guard_lives(guard));
	ck_assert(add(2, 0x20, HERE));
	ck_assert_int_eq(release(2, HERE), HG_CLAIMS_LEFT);
	ck_assert_int_eq(release(2, HERE), HG_CLAIMS_NONE_LEFT);
}
END_TEST

START_TEST(a_free_that_severs_and_fails_leaves_everybodys_claims)
{
	begin();
	struct hg_claim_list cut;
	struct hg_claims_end passes[] = {{.withhold = false}, {.whole_object = true}};
	add(1, 0x10, HERE);
	add(1, 0x11, HERE);
	add(2, 0x20, ELSEWHERE);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(end(1, HERE, passes[i], &cut), HG_CLAIMS_SEVERED);
		struct hg_free_result result = begin_free(guard, HG_FREE_WAIT, 1000);
		hg_guard_revive(guard, result.generation);
		ck_assert_uint_eq(claims_of(1), 2);
		ck_assert_uint_eq(claims_of(2), 1);
		ck_assert_uint_eq(held().untold, 0);
	}
	ck_assert_int_eq(release(1, HERE), HG_CLAIMS_LEFT);
	ck_assert_int_eq(release(1, HERE), HG_CLAIMS_LEFT);
	ck_assert_int_eq(release(2, ELSEWHERE), HG_CLAIMS_LEFT);
	ck_assert_int_eq(release(0, HG_NO_MODULE), HG_CLAIMS_NONE_LEFT);
}
END_TEST

START_TEST(the_next_life_begins_anew)
{
	begin();
	add(1, 0x10, HERE);
	add(2, 0x20, HERE);
	hg_claims_drop_all(guard, own_generation());
	ck_assert(!add(3, 0x30, HERE));
	struct hg_event event = event_now();
	hg_guard_create(guard, hg_context_here(), &event, NULL);
	ck_assert_uint_eq(held().count, 1);
	ck_assert(add(3, 0x30, HERE));
	ck_assert_uint_eq(claims_of(1) + claims_of(2), 0);
	ck_assert_uint_eq(claims_of(3), 1);
	/* Who still means the life before can do nothing to this one. */
	struct hg_claimant late = claimant(1, 0x10, HERE);
	ck_assert(!hg_claims_add(guard, own_generation() - 1, &late, false));
	ck_assert_int_eq(hg_claims_release(guard, own_generation() - 1, &late), HG_CLAIMS_OVER);
	hg_claims_restore(guard, own_generation() - 1);
	ck_assert_uint_eq(claims_of(3), 1);
}
END_TEST

START_TEST(of_an_adopted_handle_the_last_claim_is_not_known)
{
	start();
	guard = hg_table_obtain(shared_class(), 8);
	struct hg_event event = event_now();
	event.flags = HG_EVENT_ADOPTED;
	ck_assert(hg_guard_adopt(guard, 0, &event, NULL));
	ck_assert(add(1, 0x10, HERE));
	ck_assert_int_eq(release(1, HERE), HG_CLAIMS_LEFT);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(release(1, HERE), HG_CLAIMS_UNKNOWN);
}
END_TEST

START_TEST(holders_beyond_the_room_are_counted_and_their_claims_kept)
{
	begin();
	enum { MANY = HG_HOLDERS_KEPT + 10 };
	for (uint64_t serial = 1; serial <= MANY; serial++)
		ck_assert(add(serial, 0x10, serial == MANY ? ELSEWHERE : HERE));
	ck_assert_uint_eq(counter(HG_COUNTER_HOLDERS_CUT), MANY - (HG_HOLDERS_KEPT - 1));
	struct hg_claim_list list = held();
	ck_assert_uint_eq(list.count, HG_HOLDERS_KEPT);
	/* The others of the same object went to one that is kept; of the only one of another object nothing is. */
	ck_assert_uint_eq(list.untold, 1);
	for (int i = 0; i < MANY; i++)
		ck_assert_int_eq(release(1, HERE), HG_CLAIMS_LEFT);
	ck_assert_int_eq(release(1, HERE), HG_CLAIMS_NONE_LEFT);
}
END_TEST

/* --- all at once --- */

#ifdef HG_UNDER_TSAN
enum { ROUNDS = 300 };
#else
enum { ROUNDS = 3000 };
#endif
enum { ACTORS = 3 };

static pthread_barrier_t round_begins, round_ends;
static _Atomic unsigned ended;

static void *refer_often(void *number)
{
	uint64_t thread = (uint64_t)number;
	hg_context_here();
	for (int i = 0; i < ROUNDS; i++) {
		ck_assert(add(thread, 0x10, HERE));
		ck_assert(add(thread, 0x11, HERE));
		ck_assert_int_eq(release(thread, HERE), HG_CLAIMS_LEFT);
		ck_assert_int_eq(release(thread, HERE), HG_CLAIMS_LEFT);
	}
	return NULL;
}

START_TEST(no_claim_is_lost_between_threads)
{
	pthread_t threads[ACTORS];
	begin();
	for (uint64_t i = 0; i < ACTORS; i++)
		threads[i] = spawn(refer_often, (void *)(i + 100));
	for (int i = 0; i < ACTORS; i++)
		join(threads[i]);
	ck_assert_uint_eq(held().count, 1);
	ck_assert_int_eq(release(1, HERE), HG_CLAIMS_NONE_LEFT);
}
END_TEST

static void *drop_in_rounds(void *number)
{
	hg_context_here();
	for (int i = 0; i < ROUNDS; i++) {
		pthread_barrier_wait(&round_begins);
		if (release((uint64_t)number, HERE) == HG_CLAIMS_NONE_LEFT)
			atomic_fetch_add(&ended, 1);
		pthread_barrier_wait(&round_ends);
	}
	return NULL;
}

START_TEST(exactly_one_thread_drops_the_last_claim)
{
	pthread_t threads[ACTORS];
	begin();
	pthread_barrier_init(&round_begins, NULL, ACTORS + 1);
	pthread_barrier_init(&round_ends, NULL, ACTORS + 1);
	for (uint64_t i = 0; i < ACTORS; i++)
		threads[i] = spawn(drop_in_rounds, (void *)(i + 100));
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct hg_event event = event_now();
		hg_guard_create(guard, hg_context_here(), &event, NULL);
		for (uint64_t serial = 0; serial + 1 < ACTORS; serial++)
			ck_assert(add(serial + 100, 0x10, HERE));
		pthread_barrier_wait(&round_begins);
		pthread_barrier_wait(&round_ends);
		ck_assert_uint_eq(atomic_load(&ended), i + 1);
	}
	for (int i = 0; i < ACTORS; i++)
		join(threads[i]);
}
END_TEST

static void *free_in_rounds(void *unused)
{
	hg_context_here();
	for (int i = 0; i < ROUNDS; i++) {
		struct hg_claim_list cut;
		pthread_barrier_wait(&round_begins);
		atomic_store(&ended, end(1, HERE, (struct hg_claims_end){.withhold = true}, &cut));
		pthread_barrier_wait(&round_ends);
	}
	return unused;
}

/* Who comes while the only holder frees is either in time, and then the free is withheld, or too late. */
START_TEST(a_claim_and_the_last_free_exclude_each_other)
{
	begin();
	pthread_barrier_init(&round_begins, NULL, 2);
	pthread_barrier_init(&round_ends, NULL, 2);
	pthread_t freer = spawn(free_in_rounds, NULL);
	for (int i = 0; i < ROUNDS; i++) {
		struct hg_event event = event_now();
		hg_guard_create(guard, hg_context_here(), &event, NULL);
		pthread_barrier_wait(&round_begins);
		bool in_time = add(2, 0x20, HERE);
		pthread_barrier_wait(&round_ends);
		ck_assert_uint_eq(atomic_load(&ended), in_time ? HG_CLAIMS_WITHHELD : HG_CLAIMS_FREE);
	}
	join(freer);
}
END_TEST

/* Connects: joins the life that there is, or begins the next. */
static void join_or_create(uint64_t thread)
{
	for (;;) {
		uint64_t word = atomic_load(&guard->word);
		struct hg_event event = event_now();
		enum hg_birth birth;
		if (word & HG_WORD_LIVE && add(thread, 0x10, HERE))
			return;
		if (hg_guard_create_next(guard, hg_context_here(), &event, NULL, hg_word_generation(word), &birth))
			return;
	}
}

static void *join_in_rounds(void *number)
{
	hg_context_here();
	for (int i = 0; i < ROUNDS; i++) {
		pthread_barrier_wait(&round_begins);
		join_or_create((uint64_t)number);
		pthread_barrier_wait(&round_ends);
	}
	return NULL;
}

/* All meet a handle whose life is over: one begins the next, and the others' claims are not lost in it. */
START_TEST(of_many_who_are_handed_a_dead_value_one_begins_its_next_life)
{
	pthread_t threads[ACTORS];
	begin();
	pthread_barrier_init(&round_begins, NULL, ACTORS + 1);
	pthread_barrier_init(&round_ends, NULL, ACTORS + 1);
	for (uint64_t i = 0; i < ACTORS; i++)
		threads[i] = spawn(join_in_rounds, (void *)(i + 100));
	for (int i = 0; i < ROUNDS; i++) {
		uint32_t before = own_generation();
		ck_assert_int_eq(release(1, HERE), HG_CLAIMS_NONE_LEFT);
		ck_assert_int_eq(begin_free(guard, HG_FREE_WAIT, 1000).outcome, HG_DRAINED);
		pthread_barrier_wait(&round_begins);
		pthread_barrier_wait(&round_ends);
		ck_assert_uint_eq(own_generation(), before + 1);
		for (int k = 0; k < ACTORS - 1; k++)
			ck_assert_int_eq(release(1, HERE), HG_CLAIMS_LEFT);
	}
	for (int i = 0; i < ACTORS; i++)
		join(threads[i]);
}
END_TEST

/* --- a free that another life overtakes --- */

static struct gate entered, leave;

static void *stay_inside(void *unused)
{
	struct hg_frame *in;
	hg_context_here();
	ck_assert_int_eq(enter(guard, &in), HG_ENTERED);
	gate_open(&entered);
	gate_wait(&leave);
	hg_guard_leave(guard, in);
	return unused;
}

static void *wait_in_free(void *result)
{
	hg_context_here();
	*(struct hg_free_result *)result = begin_free(guard, HG_FREE_WAIT, 100000);
	return NULL;
}

START_TEST(a_free_says_that_another_life_has_begun)
{
	begin();
	struct hg_free_result result = {.overtaken = false};
	pthread_t inside = spawn(stay_inside, NULL);
	gate_wait(&entered);
	pthread_t freer = spawn(wait_in_free, &result);
	while (hg_guard_lives(guard))
		hg_syscall(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
	struct hg_event event = event_now();
	hg_guard_create(guard, hg_context_here(), &event, NULL);
	join(freer);
	ck_assert(result.overtaken);
	ck_assert_uint_eq(result.generation, own_generation() - 1);
	ck_assert(hg_guard_lives(guard));
	gate_open(&leave);
	join(inside);
	result = begin_free(guard, HG_FREE_WAIT, 100000);
	ck_assert_int_eq(result.outcome, HG_DRAINED);
	ck_assert(!result.overtaken);
}
END_TEST

START_TEST(a_free_that_was_overtaken_has_no_claim_of_its_own)
{
	begin();
	struct hg_claim_list cut;
	struct hg_claims_end how = {.whole_object = true, .withhold = true, .others_only = true};
	ck_assert_int_eq(end(0, HG_NO_MODULE, how, &cut), HG_CLAIMS_WITHHELD);
	ck_assert_uint_eq(cut.count, 1);
	ck_assert_int_eq(release(0, HG_NO_MODULE), HG_CLAIMS_NONE_LEFT);
}
END_TEST

int main(void)
{
	return RUN_SUITE(
	    "claims", the_word_of_an_earlier_life_says_one_and_of_a_later_one_that_it_is_over,
	    nobody_has_a_claim_on_a_life_that_is_over, a_full_count_stays_full,
	    a_handle_that_nobody_shared_has_the_claim_of_its_create, the_last_of_several_ends_it,
	    a_holder_is_a_thread_at_a_call_site, each_drops_its_own_first, a_floating_claim_is_taken_over_once,
	    a_floating_claim_is_dropped_as_any, a_free_without_others_ends_it, a_free_is_withheld_while_others_claim,
	    a_free_that_passes_cuts_everybody_off, a_free_can_stand_for_its_whole_object,
	    what_a_thread_still_claimed_is_listed_once, a_free_that_failed_leaves_the_claims,
	    a_free_that_severs_and_fails_leaves_everybodys_claims, the_next_life_begins_anew,
	    of_an_adopted_handle_the_last_claim_is_not_known, holders_beyond_the_room_are_counted_and_their_claims_kept,
	    no_claim_is_lost_between_threads, exactly_one_thread_drops_the_last_claim,
	    a_claim_and_the_last_free_exclude_each_other, of_many_who_are_handed_a_dead_value_one_begins_its_next_life,
	    a_free_says_that_another_life_has_begun, a_free_that_was_overtaken_has_no_claim_of_its_own);
}
