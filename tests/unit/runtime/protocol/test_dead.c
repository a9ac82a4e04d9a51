/* Guards of dead values: so many are remembered, what anybody names is kept, and the others become other values'
 * guards. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api/start.h"
#include "finding/race.h"
#include "harness.h"
#include "protocol/dead.h"
#include "protocol/family.h"
#include "protocol/life.h"
#include "protocol/tables.h"
#include "thread/cache.h"
#include "thread/visit.h"

/* A sanitizer's own memory grows with what is checked. */
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
enum { MORE_KIB = 1 << 20 };
#else
enum { MORE_KIB = 1024 };
#endif

/* ROUNDS deaths after the last that are remembered, a value is surely forgotten. */
enum { REMEMBERED = 1000, ROUNDS = 20000, VALUE = 7 };

/* Each takes a thread sanitizer many times as long. */
#ifdef __SANITIZE_THREAD__
enum { MANY = 100000 };
#else
enum { MANY = 200000 };
#endif

static const struct hg_class *things;
static uint64_t next_value;

static void begin_with(uint32_t flags)
{
	setenv("HANDLEGUARD_DEAD_HANDLES", "1000", 0);
	start();
	things = new_flagged_class(1000, flags);
	next_value = 1000;
}

static void begin(void)
{
	begin_with(0);
}

/* As a call of the program's does, whose way through the runtime is a visit. */
static struct hg_guard *make(uint64_t value)
{
	struct hg_visit visit = hg_visit_begin();
	struct hg_guard *guard = born(things, value);
	hg_visit_end(&visit);
	return guard;
}

static enum hg_outcome end(struct hg_guard *guard)
{
	struct hg_visit visit = hg_visit_begin();
	enum hg_outcome outcome = begin_free(guard, HG_FREE_WAIT, 1000).outcome;
	hg_visit_end(&visit);
	return outcome;
}

/* So many values come and go. */
static void pass(int deaths)
{
	for (int i = 0; i < deaths; i++)
		ck_assert_int_eq(end(make(next_value++)), HG_DRAINED);
}

/* A value that came, was used by nobody else, and went. */
static struct hg_guard *dead(uint64_t value)
{
	struct hg_guard *guard = make(value);
	ck_assert_int_eq(end(guard), HG_DRAINED);
	return guard;
}

static bool is_known(uint64_t value)
{
	return hg_table_find(things, value) != NULL;
}

static void count(struct hg_guard *guard, void *counted)
{
	(void)guard;
	++*(uint64_t *)counted;
}

static uint64_t resident_kib(void)
{
	unsigned long pages = 0, resident = 0;
	FILE *file = fopen("/proc/self/statm", "re");
	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(fscanf(file, "%lu %lu", &pages, &resident), 2);
	fclose(file);
	return resident * (uint64_t)sysconf(_SC_PAGESIZE) / 1024;
}

START_TEST(values_that_never_come_back_cost_nothing_for_ever)
{
	uint64_t known = 0;
	begin();
	pass(MANY / 4);
	uint64_t before = resident_kib();
	pass(2 * MANY);
	ck_assert_uint_le(resident_kib(), before + MORE_KIB);
	hg_table_each(count, &known);
	ck_assert_uint_ge(known, REMEMBERED);
	ck_assert_uint_le(known, REMEMBERED + ROUNDS);
	ck_assert_uint_ge(counter(HG_COUNTER_DEAD_FORGOTTEN), 2 * MANY);
}
END_TEST

START_TEST(what_died_lately_is_remembered)
{
	begin();
	pass(MANY);
	for (uint64_t value = next_value - REMEMBERED; value < next_value; value++) {
		struct hg_guard *guard = hg_table_find(things, value);
		ck_assert_ptr_nonnull(guard);
		ck_assert_int_eq(end(guard), HG_ALREADY_FREEING);
	}
	ck_assert(!is_known(next_value - REMEMBERED - ROUNDS));
}
END_TEST

START_TEST(what_lives_is_never_forgotten)
{
	struct hg_guard *living[100];
	begin();
	for (int i = 0; i < 100; i++) {
		dead(VALUE + (uint64_t)i);
		living[i] = make(VALUE + (uint64_t)i);
		pass(200);
	}
	pass(ROUNDS);
	for (int i = 0; i < 100; i++)
		ck_assert_int_eq(end(living[i]), HG_DRAINED);
}
END_TEST

START_TEST(a_value_that_dies_again_is_remembered_anew)
{
	setenv("HANDLEGUARD_DEAD_HANDLES", "30000", 1);
	begin();
	dead(VALUE);
	pass(29000);
	dead(VALUE);
	pass(29000);
	ck_assert(is_known(VALUE));
	pass(30000 + 2 * ROUNDS);
	ck_assert(!is_known(VALUE));
}
END_TEST

START_TEST(a_value_that_is_looked_for_is_kept)
{
	begin();
	dead(VALUE);
	for (int i = 0; i < MANY / 10; i++) {
		pass(1);
		ck_assert(is_known(VALUE));
	}
}
END_TEST

/* --- what others name --- */

struct other {
	struct gate ready, done;
	struct hg_guard *guard;
	void (*before)(struct other *), (*after)(struct other *);
	struct hg_frame *in;
	struct hg_visit visit;
};

static void *other_body(void *argument)
{
	struct other *other = argument;
	hg_context_here();
	other->before(other);
	gate_open(&other->ready);
	gate_wait(&other->done);
	if (other->after)
		other->after(other);
	return argument;
}

static pthread_t start_other(struct other *other)
{
	pthread_t thread = spawn(other_body, other);
	gate_wait(&other->ready);
	return thread;
}

static void stop_other(struct other *other, pthread_t thread)
{
	gate_open(&other->done);
	ck_assert_ptr_nonnull(join(thread));
}

static void use(struct other *other)
{
	struct hg_frame *in;
	ck_assert_int_eq(enter(other->guard, &in), HG_ENTERED);
	hg_guard_leave(other->guard, in);
}

static void use_late(struct other *other)
{
	struct hg_frame *in;
	ck_assert_int_eq(enter(other->guard, &in), HG_LATE);
}

static void check_kept(void (*remember)(struct other *other))
{
	begin();
	struct other other = {.guard = make(VALUE), .before = remember, .after = use_late};
	pthread_t thread = start_other(&other);
	ck_assert_int_eq(end(other.guard), HG_DRAINED);
	pass(MANY / 4);
	ck_assert_ptr_eq(hg_table_find(things, VALUE), other.guard);
	stop_other(&other, thread);
	pass(REMEMBERED + ROUNDS);
	ck_assert(!is_known(VALUE));
}

START_TEST(a_handle_that_a_thread_has_in_its_cache_is_kept)
{
	check_kept(use);
}
END_TEST

static void enlarge(void)
{
	ck_assert(hg_cache_resize(hg_context, HG_CACHE_INSIDE << HG_CACHE_STEP_BITS));
}

static void use_before_its_cache_is_large(struct other *other)
{
	use(other);
	enlarge();
}

static void use_when_its_cache_is_large(struct other *other)
{
	hg_context_here();
	enlarge();
	use(other);
}

/* It is asked for the handle alone: where that stands, or stood when the cache was smaller. */
START_TEST(a_handle_that_a_thread_has_in_its_large_cache_is_kept)
{
	check_kept(use_when_its_cache_is_large);
}
END_TEST

START_TEST(so_is_one_that_stands_where_it_did_when_the_cache_was_smaller)
{
	check_kept(use_before_its_cache_is_large);
}
END_TEST

static void push_frame(struct other *other)
{
	struct hg_frame frame = frame_for(other->guard);
	frame.guard = (uint64_t)other->guard;
	other->in = hg_frame_push(hg_context_here(), &frame);
}

static void clear_frame(struct other *other)
{
	hg_frame_clear(other->in);
}

/* As an observed op is on a handle that is dead. */
START_TEST(a_handle_that_a_frame_names_is_kept)
{
	begin();
	struct other other = {.guard = dead(VALUE), .before = push_frame, .after = clear_frame};
	pthread_t thread = start_other(&other);
	pass(MANY / 4);
	ck_assert_ptr_eq(hg_table_find(things, VALUE), other.guard);
	stop_other(&other, thread);
	pass(REMEMBERED + ROUNDS);
	ck_assert(!is_known(VALUE));
}
END_TEST

static void begin_visit(struct other *other)
{
	other->visit = hg_visit_begin();
	other->guard = hg_table_find(things, VALUE);
}

static void end_visit(struct other *other)
{
	ck_assert_uint_eq(other->guard->value, VALUE);
	hg_visit_end(&other->visit);
}

START_TEST(what_a_visit_has_found_stays_while_it_lasts)
{
	begin();
	dead(VALUE);
	struct other other = {.before = begin_visit, .after = end_visit};
	pthread_t thread = start_other(&other);
	pass(MANY / 4);
	ck_assert_uint_eq(other.guard->value, VALUE);
	stop_other(&other, thread);
	pass(REMEMBERED + ROUNDS);
	ck_assert(!is_known(VALUE));
}
END_TEST

START_TEST(a_parent_is_kept_as_long_as_its_children)
{
	begin_with(HG_CLASS_PARENT);
	struct hg_guard *parent = make(VALUE);
	struct hg_guard *child = born_of(things, VALUE + 1, parent);
	ck_assert_int_eq(end(parent), HG_DRAINED);
	pass(MANY / 4);
	ck_assert(orphaned(child));
	ck_assert_ptr_eq(hg_family_ended_by(child), parent);
	ck_assert(hg_guard_give_up(child, &(struct hg_event){.ticks = 1}));
	hg_family_quit(child, generation(child));
	pass(REMEMBERED + ROUNDS);
	ck_assert(!is_known(VALUE));
}
END_TEST

/* --- what becomes of it --- */

START_TEST(a_guard_that_was_anothers_tells_of_its_own_value)
{
	const struct hg_record_finding *finding;
	begin();
	struct hg_guard *first = dead(VALUE), *again = NULL;
	for (int i = 0; i < MANY && again != first; i++)
		end(again = make(next_value++));
	ck_assert_ptr_eq(again, first);
	ck_assert_uint_ge(generation(again), 2);
	hg_report_call(HG_KIND_REPEAT_FREE, again, &(struct hg_event){.ticks = 1});
	ck_assert_uint_eq(findings_of(HG_KIND_REPEAT_FREE, &finding), 1);
	ck_assert_uint_eq(finding->value, next_value - 1);
	ck_assert_uint_eq(finding->generation, 1);
}
END_TEST

START_TEST(a_forgotten_value_that_comes_back_is_a_new_one)
{
	begin();
	dead(VALUE);
	pass(REMEMBERED + ROUNDS);
	ck_assert(!is_known(VALUE));
	struct hg_guard *guard = hg_table_obtain(things, VALUE);
	ck_assert_uint_eq(phase(guard), 0);
	struct hg_event event = event_now();
	ck_assert(hg_guard_adopt(guard, generation(guard), &event, NULL));
	ck_assert(hg_guard_lives(guard));
	ck_assert_int_eq(end(guard), HG_DRAINED);
}
END_TEST

START_TEST(guards_that_the_program_names_are_never_forgotten)
{
	setenv("HANDLEGUARD_DEAD_HANDLES", "1000", 1);
	start();
	things = hg_class_add(&(struct hg_class_description){
	    .name = "thing", .manifest = "", .deadline_ms = 1000, .mask = UINT64_MAX, .kept = true});
	struct hg_guard *guard = dead(VALUE);
	pass(MANY / 4);
	ck_assert_ptr_eq(hg_table_find(things, VALUE), guard);
	ck_assert_uint_eq(counter(HG_COUNTER_DEAD_FORGOTTEN), 0);
}
END_TEST

static _Atomic uint64_t shared_value = 1 << 20;

static void *churn(void *argument)
{
	for (int i = 0; i < MANY / 4; i++) {
		uint64_t value = atomic_fetch_add(&shared_value, 1);
		struct hg_guard *guard = make(value);
		struct hg_frame *in;
		struct hg_visit visit = hg_visit_begin();
		bool right = guard->value == value && enter(guard, &in) == HG_ENTERED;
		if (right)
			hg_guard_leave(guard, in);
		hg_visit_end(&visit);
		if (!right || end(guard) != HG_DRAINED || !is_known(value))
			return NULL;
	}
	return argument;
}

START_TEST(many_threads_whose_values_never_come_back)
{
	pthread_t threads[4];
	uint64_t known = 0;
	begin();
	for (int i = 0; i < 4; i++)
		threads[i] = spawn(churn, &threads[i]);
	for (int i = 0; i < 4; i++)
		ck_assert_ptr_nonnull(join(threads[i]));
	hg_table_each(count, &known);
	ck_assert_uint_eq(known + counter(HG_COUNTER_DEAD_FORGOTTEN), MANY);
	/* The others may have been held up for long on a visit. */
	pass(REMEMBERED + ROUNDS);
	known = 0;
	hg_table_each(count, &known);
	ck_assert_uint_le(known, REMEMBERED + ROUNDS);
}
END_TEST

START_TEST(a_forked_child_forgets_too)
{
	int status;
	begin();
	pass(MANY / 4);
	pid_t child = fork();
	if (child == 0) {
		uint64_t known = 0;
		hg_context_here();
		pass(MANY / 4);
		hg_table_each(count, &known);
		_exit(known <= REMEMBERED + ROUNDS ? 42 : 1);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 42, "the child ended with status %#x", status);
}
END_TEST

int main(void)
{
	return RUN_SUITE("dead", values_that_never_come_back_cost_nothing_for_ever, what_died_lately_is_remembered,
	                 what_lives_is_never_forgotten, a_value_that_dies_again_is_remembered_anew,
	                 a_value_that_is_looked_for_is_kept, a_handle_that_a_thread_has_in_its_cache_is_kept,
	                 a_handle_that_a_thread_has_in_its_large_cache_is_kept,
	                 so_is_one_that_stands_where_it_did_when_the_cache_was_smaller,
	                 a_handle_that_a_frame_names_is_kept, what_a_visit_has_found_stays_while_it_lasts,
	                 a_parent_is_kept_as_long_as_its_children, a_guard_that_was_anothers_tells_of_its_own_value,
	                 a_forgotten_value_that_comes_back_is_a_new_one,
	                 guards_that_the_program_names_are_never_forgotten, many_threads_whose_values_never_come_back,
	                 a_forked_child_forgets_too);
}
