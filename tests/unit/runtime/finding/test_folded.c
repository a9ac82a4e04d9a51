/* Findings that are only counted: which are known again, and that all are counted at the right site. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api/start.h"
#include "finding/folded.h"
#include "finding/leaks.h"
#include "finding/race.h"
#include "harness.h"
#include "protocol/tables.h"
#include "stack/depot.h"

enum { MANY = 1000, LEAKS = 5000, STORED = 8 };

static const struct hg_class *class, *other_class;
static struct hg_record_site site;

static void begin(void)
{
	start();
	class = new_class(1000);
	other_class = new_class(1000);
}

static struct hg_event call_from(uint64_t pc)
{
	struct hg_event event = event_now();
	event.stack = hg_depot_put(&(struct hg_stack){.pc = &pc, .depth = 1});
	return event;
}

START_TEST(what_was_not_stored_often_is_not_known)
{
	begin();
	struct hg_event call = call_from(0x10), free = call_from(0x20);
	struct hg_sides sides = {HG_KIND_LATE_OP, class, &call, &free};
	ck_assert(!hg_finding_folds(&sides));
	ck_assert_uint_eq(counter(HG_COUNTER_FINDINGS_FOLDED), 0);
	hg_finding_fold(&sides, &site);
	ck_assert(hg_finding_folds(&sides));
	ck_assert_uint_eq(site.count, 1);
	ck_assert_uint_gt(site.last_ticks, 0);
	ck_assert_uint_eq(counter(HG_COUNTER_FINDINGS_FOLDED), 1);
}
END_TEST

/* When, on which thread and with which flags makes no finding another one. */
START_TEST(either_side_makes_it_another_one)
{
	begin();
	struct hg_event call = call_from(0x10), free = call_from(0x20), elsewhere = call_from(0x30), never = {0};
	struct hg_event named = call, again = call;
	named.symbol++;
	again.ticks++;
	again.tid++;
	again.flags = HG_EVENT_OLDER;
	hg_finding_fold(&(struct hg_sides){HG_KIND_LATE_OP, class, &call, &free}, &site);
	ck_assert(hg_finding_folds(&(struct hg_sides){HG_KIND_LATE_OP, class, &again, &free}));
	ck_assert(!hg_finding_folds(&(struct hg_sides){HG_KIND_REPEAT_FREE, class, &call, &free}));
	ck_assert(!hg_finding_folds(&(struct hg_sides){HG_KIND_LATE_OP, other_class, &call, &free}));
	ck_assert(!hg_finding_folds(&(struct hg_sides){HG_KIND_LATE_OP, class, &elsewhere, &free}));
	ck_assert(!hg_finding_folds(&(struct hg_sides){HG_KIND_LATE_OP, class, &named, &free}));
	ck_assert(!hg_finding_folds(&(struct hg_sides){HG_KIND_LATE_OP, class, &call, &elsewhere}));
	ck_assert(!hg_finding_folds(&(struct hg_sides){HG_KIND_LATE_OP, class, &call, &never}));
	ck_assert(!hg_finding_folds(&(struct hg_sides){HG_KIND_LATE_OP, class, &free, &call}));
	ck_assert_uint_eq(site.count, 1);
}
END_TEST

START_TEST(each_that_ends_the_process_is_told)
{
	setenv("HANDLEGUARD_MODE", "abort", 1);
	begin();
	struct hg_event call = call_from(0x10), free = call_from(0x20);
	struct hg_sides sides = {HG_KIND_LATE_OP, class, &call, &free};
	hg_finding_fold(&sides, &site);
	ck_assert(!hg_finding_folds(&sides));
}
END_TEST

/* Its recording has sites of its own. */
START_TEST(a_forked_child_knows_none_of_its_parents)
{
	begin();
	struct hg_event call = call_from(0x10), free = call_from(0x20);
	struct hg_sides sides = {HG_KIND_LATE_OP, class, &call, &free};
	hg_finding_fold(&sides, &site);
	pid_t child = fork();
	if (child == 0) {
		hg_context_here();
		_exit(hg_finding_folds(&sides));
	}
	int status;
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
END_TEST

/* Two places in turn, so that one stands in the way of what is known of the other. */
static void *call_often(void *freed)
{
	struct hg_event here = call_from(0x10), there = call_from(0x11);
	hg_context_here();
	for (int i = 0; i < MANY; i++)
		hg_report_call(HG_KIND_LATE_OP, freed, i % 2 ? &here : &there);
	return NULL;
}

START_TEST(calls_of_all_threads_are_counted)
{
	enum { THREADS = 4 };
	pthread_t threads[THREADS];
	begin();
	struct hg_guard *guard = born(class, 1);
	begin_free(guard, HG_FREE_WAIT, 1000);
	for (int i = 0; i < THREADS; i++)
		threads[i] = spawn(call_often, guard);
	for (int i = 0; i < THREADS; i++)
		join(threads[i]);
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_OP, NULL), 2 * STORED);
	ck_assert_uint_eq(counter(HG_COUNTER_FINDINGS_FOLDED), THREADS * MANY - 2 * STORED);
	ck_assert_uint_eq(findings_counted(HG_KIND_LATE_OP), THREADS * MANY);
}
END_TEST

START_TEST(leaks_are_counted_by_class_and_place)
{
	begin();
	for (uint64_t i = 1; i <= LEAKS; i++)
		born(i % 2 ? class : other_class, i);
	hg_leaks_report();
	ck_assert_uint_eq(findings_of(HG_KIND_LEAK, NULL), 2 * STORED);
	ck_assert_uint_eq(counter(HG_COUNTER_FINDINGS_FOLDED), LEAKS - 2 * STORED);
	ck_assert_uint_eq(findings_counted(HG_KIND_LEAK), LEAKS);
}
END_TEST

/* The memory of one finding is the next one's. */
START_TEST(nothing_of_one_finding_is_told_with_the_next)
{
	begin();
	struct hg_event call = call_from(0x10);
	struct hg_finding_builder *builder = hg_finding_open_class(class, 7);
	for (unsigned i = 0; i < HG_PARTY_MAX; i++)
		hg_finding_add(builder, HG_PARTY_IN_FLIGHT, &call);
	hg_finding_close(builder, &(struct hg_verdict){HG_KIND_DRAIN_TIMEOUT, HG_FINDING_DEFERRED, 11, 22});
	hg_finding_close(hg_finding_open_class(class, 8), &(struct hg_verdict){.kind = HG_KIND_STRAY});
	const struct hg_record_finding *finding;
	ck_assert_uint_eq(findings_of(HG_KIND_STRAY, &finding), 1);
	ck_assert_uint_eq(finding->party_count, 0);
	ck_assert_uint_eq(finding->deadline_ns, 0);
	struct hg_finding_outcome outcome = hg_finding_outcome(finding);
	ck_assert_uint_eq(outcome.flags, 0);
	ck_assert_uint_eq(outcome.drain_ticks, 0);
	ck_assert_uint_eq(hg_reader_site(read_back(), outcome.site)->call_pc, 0);
}
END_TEST

int main(void)
{
	return RUN_SUITE("folded", what_was_not_stored_often_is_not_known, either_side_makes_it_another_one,
	                 each_that_ends_the_process_is_told, a_forked_child_knows_none_of_its_parents,
	                 calls_of_all_threads_are_counted, leaks_are_counted_by_class_and_place,
	                 nothing_of_one_finding_is_told_with_the_next);
}
