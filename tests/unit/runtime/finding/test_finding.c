/* Findings: what is written is read back; what is alike is stored a bounded number of times and then counted. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api/start.h"
#include "finding/finding.h"
#include "finding/race.h"
#include "harness.h"
#include "protocol/end.h"
#include "protocol/life.h"
#include "protocol/tables.h"
#include "stack/depot.h"

static struct hg_guard *guard;

static void begin(void)
{
	start();
	guard = born(new_class(1000), 0xabc0);
}

static struct hg_event call_from(uint64_t pc)
{
	struct hg_event event = event_now();
	event.stack = hg_depot_put(&(struct hg_stack){.pc = &pc, .depth = 1});
	return event;
}

static void report(enum hg_kind kind, uint64_t call_pc, uint64_t free_pc)
{
	struct hg_event call = call_from(call_pc), winner = call_from(free_pc);
	struct hg_finding_builder *builder = hg_finding_open(guard, 1);
	hg_finding_add(builder, HG_PARTY_CALL, &call);
	hg_finding_add(builder, HG_PARTY_FREE, &winner);
	hg_finding_close(builder, &(struct hg_verdict){.kind = kind});
}

START_TEST(what_is_written_is_read_back)
{
	begin();
	uint64_t pc[3] = {0x1111, 0x2222, 0x3333};
	struct hg_event call = event_now(), create = event_now();
	call.stack = hg_depot_put(&(struct hg_stack){.pc = pc, .depth = 3});
	create.flags = HG_EVENT_ADOPTED;
	struct hg_finding_builder *builder = hg_finding_open(guard, 7);
	hg_finding_add(builder, HG_PARTY_CALL, &call);
	hg_finding_add(builder, HG_PARTY_CREATE, &create);
	hg_finding_close(builder, &(struct hg_verdict){HG_KIND_DRAIN_TIMEOUT, HG_FINDING_DEFERRED, 11, 22});
	const struct hg_record_finding *finding;
	ck_assert_uint_eq(findings_of(HG_KIND_DRAIN_TIMEOUT, &finding), 1);
	ck_assert_uint_eq(finding->generation, 7);
	ck_assert_uint_eq(finding->value, 0xabc0);
	ck_assert_uint_eq(finding->class_index, guard->class->index);
	ck_assert_uint_eq(hg_finding_outcome(finding).drain_ticks, 11);
	ck_assert_uint_eq(finding->deadline_ns, 22);
	ck_assert_uint_eq(hg_finding_outcome(finding).flags, HG_FINDING_DEFERRED);
	ck_assert_uint_eq(finding->party_count, 2);
	const struct hg_record_party *party = hg_reader_party(finding, NULL);
	ck_assert_uint_eq(party->role, HG_PARTY_CALL);
	ck_assert_uint_eq(party->tid, hg_gettid());
	ck_assert_uint_eq(party->depth, 3);
	ck_assert_mem_eq(hg_reader_stack(party), pc, sizeof pc);
	ck_assert_uint_gt(strlen(party->thread_name), 0);
	ck_assert_uint_eq(hg_reader_party(finding, party)->flags, HG_PARTY_ADOPTED);
}
END_TEST

START_TEST(an_event_that_never_happened_is_left_out)
{
	begin();
	struct hg_event never = {0};
	struct hg_finding_builder *builder = hg_finding_open(guard, 1);
	hg_finding_add(builder, HG_PARTY_FREE, &never);
	hg_finding_close(builder, &(struct hg_verdict){.kind = HG_KIND_STRAY});
	const struct hg_record_finding *finding;
	ck_assert_uint_eq(findings_of(HG_KIND_STRAY, &finding), 1);
	ck_assert_uint_eq(finding->party_count, 0);
}
END_TEST

START_TEST(a_dropped_builder_is_not_written)
{
	begin();
	hg_finding_drop(hg_finding_open(guard, 1));
	hg_finding_drop(NULL);
	ck_assert_uint_eq(hg_recording->ring_sequence, 0);
}
END_TEST

START_TEST(alike_findings_are_stored_eight_times_and_all_counted)
{
	begin();
	for (int i = 0; i < 1000; i++)
		report(HG_KIND_REPEAT_FREE, 0x10, 0x20);
	report(HG_KIND_LATE_OP, 0x30, 0x20);
	ck_assert_uint_eq(findings_of(HG_KIND_REPEAT_FREE, NULL), 8);
	const struct hg_record_finding *other;
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_OP, &other), 1);
	ck_assert_uint_eq(counter(HG_COUNTER_FINDINGS_FOLDED), 992);
	ck_assert_uint_eq(findings_counted(HG_KIND_REPEAT_FREE), 1000);
}
END_TEST

START_TEST(the_limit_is_an_option)
{
	setenv("HANDLEGUARD_REPEAT_LIMIT", "3", 1);
	begin();
	for (int i = 0; i < 10; i++)
		report(HG_KIND_REPEAT_FREE, 0x10, 0x20);
	ck_assert_uint_eq(findings_of(HG_KIND_REPEAT_FREE, NULL), 3);
}
END_TEST

START_TEST(either_side_makes_findings_different)
{
	setenv("HANDLEGUARD_REPEAT_LIMIT", "1", 1);
	begin();
	for (int round = 0; round < 3; round++) {
		report(HG_KIND_REPEAT_FREE, 0x10, 0x20);
		report(HG_KIND_REPEAT_FREE, 0x11, 0x20);
		report(HG_KIND_REPEAT_FREE, 0x10, 0x21);
		report(HG_KIND_LATE_OP, 0x10, 0x20);
	}
	ck_assert_uint_eq(findings_of(HG_KIND_REPEAT_FREE, NULL), 3);
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_OP, NULL), 1);
	ck_assert_uint_eq(counter(HG_COUNTER_FINDINGS_FOLDED), 8);
}
END_TEST

/* Two ops at these places, met in this order, beside a free. */
static void report_between(uint64_t first_pc, uint64_t second_pc)
{
	struct hg_event call = call_from(0x10), first = call_from(first_pc), second = call_from(second_pc);
	struct hg_finding_builder *builder = hg_finding_open(guard, 1);
	hg_finding_add(builder, HG_PARTY_CALL, &call);
	hg_finding_add(builder, HG_PARTY_IN_FLIGHT, &first);
	hg_finding_add(builder, HG_PARTY_IN_FLIGHT, &second);
	hg_finding_close(builder, &(struct hg_verdict){.kind = HG_KIND_LATE_FREE});
}

START_TEST(findings_are_alike_in_whichever_order_their_threads_are_met)
{
	setenv("HANDLEGUARD_REPEAT_LIMIT", "1", 1);
	begin();
	report_between(0x20, 0x21);
	report_between(0x21, 0x20);
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_FREE, NULL), 1);
	report_between(0x21, 0x22);
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_FREE, NULL), 2);
}
END_TEST

/* Each at a place of its own. */
static void report_at_places(uint64_t count)
{
	for (uint64_t pc = 1; pc <= count; pc++)
		report(HG_KIND_LATE_OP, pc, 0x20);
}

START_TEST(the_table_of_sites_grows_with_the_ring)
{
	enum { PLACES = 9000 };
	setenv("HANDLEGUARD_REPEAT_LIMIT", "1", 1);
	setenv("HANDLEGUARD_RING_KIB", "8192", 1);
	begin();
	report_at_places(PLACES);
	ck_assert_uint_eq(counter(HG_COUNTER_FINDINGS_FOLDED), 0);
	report_at_places(PLACES);
	ck_assert_uint_eq(counter(HG_COUNTER_FINDINGS_FOLDED), PLACES);
	ck_assert_uint_eq(counter(HG_COUNTER_SITES_FULL), 0);
}
END_TEST

/* Of what has no site, one in some ten is taken for told; the rest is told of, and each once. */
START_TEST(what_has_no_site_is_told_of_in_samples_and_never_twice)
{
	setenv("HANDLEGUARD_REPEAT_LIMIT", "1", 1);
	setenv("HANDLEGUARD_RING_KIB", "64", 1);
	begin();
	report_at_places(50000);
	uint64_t full = counter(HG_COUNTER_SITES_FULL), folded = counter(HG_COUNTER_FINDINGS_FOLDED);
	unsigned room;
	hg_recording_table(HG_EXTENT_SITES, &room);
	ck_assert_uint_ge(full, 50000 - room);
	ck_assert_uint_lt(full, 50000);
	ck_assert_uint_lt(folded, full / 10);
	report_at_places(50000);
	ck_assert_uint_eq(counter(HG_COUNTER_SITES_FULL), 2 * full);
	ck_assert_uint_eq(counter(HG_COUNTER_FINDINGS_FOLDED), folded + 50000);
}
END_TEST

START_TEST(parties_that_do_not_fit_are_counted)
{
	begin();
	struct hg_event event = call_from(1);
	struct hg_finding_builder *builder = hg_finding_open(guard, 1);
	for (unsigned i = 0; i < HG_PARTY_MAX + 5; i++)
		hg_finding_add(builder, HG_PARTY_IN_FLIGHT, &event);
	hg_finding_close(builder, &(struct hg_verdict){.kind = HG_KIND_LATE_FREE});
	const struct hg_record_finding *finding;
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_FREE, &finding), 1);
	ck_assert_uint_eq(finding->party_count, HG_PARTY_MAX);
	ck_assert_uint_eq(counter(HG_COUNTER_PARTIES_CUT), 5);
}
END_TEST

static struct hg_finding_builder *begin_race(uint64_t call_pc)
{
	struct hg_event call = call_from(call_pc), op = call_from(0x20);
	struct hg_finding_builder *builder = hg_finding_open(guard, 1);
	hg_finding_add(builder, HG_PARTY_CALL, &call);
	hg_finding_add(builder, HG_PARTY_IN_FLIGHT, &op);
	hg_finding_begin(builder, &(struct hg_verdict){.kind = HG_KIND_LATE_FREE, .deadline_ns = 77});
	return builder;
}

START_TEST(a_race_is_there_before_it_is_known_what_comes_of_it)
{
	begin();
	struct hg_finding_builder *builder = begin_race(0x10);
	const struct hg_record_finding *finding;
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_FREE, &finding), 1);
	ck_assert_int_eq(hg_finding_outcome(finding).state, HG_FINDING_OPEN);
	ck_assert_uint_eq(finding->party_count, 2);
	hg_finding_close(builder, &(struct hg_verdict){HG_KIND_LATE_FREE, HG_FINDING_DEFERRED, 55, 77});
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_FREE, &finding), 1);
	struct hg_finding_outcome outcome = hg_finding_outcome(finding);
	ck_assert_int_eq(outcome.state, HG_FINDING_CLOSED);
	ck_assert_uint_eq(outcome.drain_ticks, 55);
	ck_assert_uint_eq(outcome.flags, HG_FINDING_DEFERRED);
	ck_assert_uint_eq(finding->deadline_ns, 77);
	ck_assert_uint_eq(findings_counted(HG_KIND_LATE_FREE), 1);
}
END_TEST

START_TEST(a_race_that_times_out_becomes_another_kind)
{
	begin();
	struct hg_finding_builder *builder = begin_race(0x10);
	hg_finding_close(builder,
	                 &(struct hg_verdict){.kind = HG_KIND_DRAIN_TIMEOUT, .drain_ticks = UINT64_C(1) << 50});
	const struct hg_record_finding *finding;
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_FREE, NULL), 0);
	ck_assert_uint_eq(findings_of(HG_KIND_DRAIN_TIMEOUT, &finding), 1);
	struct hg_finding_outcome outcome = hg_finding_outcome(finding);
	ck_assert_uint_eq(outcome.drain_ticks, UINT64_C(1) << 50);
	ck_assert_uint_eq(hg_reader_site(read_back(), outcome.site)->kind, HG_KIND_DRAIN_TIMEOUT);
	ck_assert_uint_eq(findings_counted(HG_KIND_LATE_FREE), 0);
	ck_assert_uint_eq(findings_counted(HG_KIND_DRAIN_TIMEOUT), 1);
}
END_TEST

/* Its like under the first name are stored often enough, under the second not yet. */
START_TEST(a_race_that_was_only_counted_is_stored_as_what_it_becomes)
{
	setenv("HANDLEGUARD_REPEAT_LIMIT", "2", 1);
	begin();
	for (int i = 0; i < 4; i++)
		hg_finding_close(begin_race(0x10), &(struct hg_verdict){.kind = HG_KIND_LATE_FREE});
	ck_assert_uint_eq(counter(HG_COUNTER_FINDINGS_FOLDED), 2);
	for (int i = 0; i < 3; i++)
		hg_finding_close(begin_race(0x10), &(struct hg_verdict){.kind = HG_KIND_DRAIN_TIMEOUT});
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_FREE, NULL), 2);
	ck_assert_uint_eq(findings_of(HG_KIND_DRAIN_TIMEOUT, NULL), 2);
	ck_assert_uint_eq(findings_counted(HG_KIND_LATE_FREE), 4);
	ck_assert_uint_eq(findings_counted(HG_KIND_DRAIN_TIMEOUT), 3);
	ck_assert_uint_eq(counter(HG_COUNTER_FINDINGS_FOLDED), 3);
}
END_TEST

START_TEST(a_race_that_was_none_is_taken_back)
{
	begin();
	hg_finding_drop(begin_race(0x10));
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_FREE, NULL), 0);
	ck_assert_uint_eq(findings_counted(HG_KIND_LATE_FREE), 0);
}
END_TEST

START_TEST(races_that_are_taken_back_for_ever_do_not_fill_the_ring)
{
	begin();
	report(HG_KIND_LATE_OP, 0x30, 0x20);
	for (int i = 0; i < 100000; i++)
		hg_finding_drop(begin_race(0x10));
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_OP, NULL), 1);
	ck_assert_uint_eq(counter(HG_COUNTER_FINDINGS_OVERWRITTEN), 0);
	hg_finding_close(begin_race(0x10), &(struct hg_verdict){.kind = HG_KIND_LATE_FREE, .drain_ticks = 3});
	const struct hg_record_finding *finding;
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_FREE, &finding), 1);
	ck_assert_uint_eq(hg_finding_outcome(finding).drain_ticks, 3);
	/* All but the first 64 were written, or not, when it was known what came of them. */
	ck_assert_uint_eq(counter(HG_COUNTER_FINDINGS_HELD_BACK), 100000 - 64 + 1);
}
END_TEST

/* What is written in its place is another finding, and stays as it is. */
START_TEST(a_race_that_was_overwritten_is_not_completed)
{
	setenv("HANDLEGUARD_RING_KIB", "64", 1);
	begin();
	struct hg_finding_builder *builder = begin_race(0x10);
	for (uint64_t pc = 0x1000; counter(HG_COUNTER_FINDINGS_OVERWRITTEN) == 0; pc++)
		report(HG_KIND_LATE_OP, pc, 0x20);
	unsigned others = findings_of(HG_KIND_LATE_OP, NULL);
	hg_finding_close(builder, &(struct hg_verdict){.kind = HG_KIND_LATE_FREE, .drain_ticks = 3});
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_FREE, NULL), 0);
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_OP, NULL), others);
	ck_assert_uint_eq(findings_counted(HG_KIND_LATE_FREE), 1);
}
END_TEST

static uint64_t ticks_of(const struct hg_record_finding *finding, enum hg_party_role role)
{
	const struct hg_record_party *party = NULL;
	while ((party = hg_reader_party(finding, party)) && party->role != role)
		;
	return party ? party->ticks : 0;
}

/* Between a call that is rejected and its finding a stack is taken: time enough for another thread's create. */
static void turned_away_and_told_late(enum hg_kind kind)
{
	begin();
	uint64_t created = hg_event_load(&guard->create).ticks;
	begin_free(guard, HG_FREE_WAIT, 1000);
	uint64_t freed = hg_end_last(guard).ticks;
	struct hg_event call = event_now(), later = event_now();
	struct hg_frame *in;
	if (kind == HG_KIND_LATE_OP)
		ck_assert_int_eq(enter(guard, &in), HG_LATE);
	else
		ck_assert_int_eq(begin_free(guard, HG_FREE_WAIT, 1000).outcome, HG_ALREADY_FREEING);
	hg_guard_create(guard, hg_context, &later, NULL);
	hg_report_call(kind, guard, &call);
	const struct hg_record_finding *finding;
	ck_assert_uint_eq(findings_of(kind, &finding), 1);
	ck_assert_uint_eq(finding->generation, 1);
	ck_assert_uint_eq(ticks_of(finding, HG_PARTY_CREATE), created);
	ck_assert_uint_eq(ticks_of(finding, HG_PARTY_FREE), freed);
}

START_TEST(a_late_op_is_told_of_the_life_that_turned_it_away)
{
	turned_away_and_told_late(HG_KIND_LATE_OP);
}
END_TEST

START_TEST(a_repeat_free_is_told_of_the_life_that_turned_it_away)
{
	turned_away_and_told_late(HG_KIND_REPEAT_FREE);
}
END_TEST

START_TEST(a_winner_that_never_says_who_it_is_is_counted)
{
	begin();
	begin_free(guard, HG_FREE_WAIT, 1000);
	hg_end_clear(guard);
	struct hg_event call = event_now();
	hg_report_call(HG_KIND_LATE_OP, guard, &call);
	const struct hg_record_finding *finding;
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_OP, &finding), 1);
	ck_assert_uint_eq(ticks_of(finding, HG_PARTY_FREE), 0);
	ck_assert_uint_eq(counter(HG_COUNTER_WINNER_UNKNOWN), 1);
}
END_TEST

START_TEST(a_life_is_never_told_with_what_is_anothers)
{
	begin();
	begin_free(guard, HG_FREE_WAIT, 1000);
	struct hg_event later = event_now(), call = event_now();
	hg_guard_create(guard, hg_context, &later, NULL);
	hg_report_call(HG_KIND_STRAY, guard, &call);
	const struct hg_record_finding *finding;
	ck_assert_uint_eq(findings_of(HG_KIND_STRAY, &finding), 1);
	ck_assert_uint_eq(finding->generation, 2);
	ck_assert_uint_eq(ticks_of(finding, HG_PARTY_CREATE), later.ticks);
	ck_assert_uint_eq(ticks_of(finding, HG_PARTY_FREE), 0);
}
END_TEST

/* What was made from a handle is looked for when the library says that it is freed: its value may be back by then. */
START_TEST(orphans_are_told_with_their_parents_free_though_its_value_is_back)
{
	start();
	const struct hg_class *class = new_flagged_class(1000, HG_CLASS_PARENT);
	struct hg_guard *parent = born(class, 0x10);
	born_of(class, 0x20, parent);
	struct hg_event call = call_from(0x77), later = event_now();
	free_with(parent, HG_CHILDREN_ORPHANED);
	hg_guard_create(parent, hg_context, &later, NULL);
	hg_report_orphans(parent, 1, HG_CHILDREN_ORPHANED, &call);
	const struct hg_record_finding *finding;
	ck_assert_uint_eq(findings_of(HG_KIND_ORPHAN, &finding), 1);
	ck_assert_uint_eq(finding->generation, 1);
	ck_assert_uint_ne(ticks_of(finding, HG_PARTY_CALL), 0);
	ck_assert_uint_eq(ticks_of(finding, HG_PARTY_CREATE), 0);
}
END_TEST

START_TEST(a_parents_free_is_one_finding_whichever_children_it_leaves)
{
	setenv("HANDLEGUARD_REPEAT_LIMIT", "1", 1);
	begin();
	struct hg_event call = call_from(0x10);
	for (uint64_t pc = 0x20; pc < 0x25; pc++) {
		struct hg_guard *child = hg_table_obtain(guard->class, pc);
		struct hg_event create = call_from(pc);
		hg_guard_create(child, hg_context, &create, NULL);
		struct hg_finding_builder *builder = hg_finding_open(guard, 1);
		hg_finding_add(builder, HG_PARTY_CALL, &call);
		hg_finding_add_child(builder, child);
		hg_finding_close(builder, &(struct hg_verdict){.kind = HG_KIND_ORPHAN});
	}
	ck_assert_uint_eq(findings_of(HG_KIND_ORPHAN, NULL), 1);
	ck_assert_uint_eq(findings_counted(HG_KIND_ORPHAN), 5);
}
END_TEST

static void *report_often(void *unused)
{
	hg_context_here();
	for (int i = 0; i < 200; i++)
		report(HG_KIND_REPEAT_FREE, 0x10, 0x20);
	return unused;
}

START_TEST(a_call_without_a_stack_of_its_own_is_told_by_its_site)
{
	begin();
	/* A deferred free: its caller has returned. */
	struct hg_holders found = {.listed = 1};
	found.list[0] =
	    (struct hg_holder){hg_context_here(), {.guard = (uint64_t)guard | HG_FRAME_FREE, .caller = 0x1234}};
	struct hg_event call = call_from(0x1111);
	struct hg_finding_builder *builder = hg_finding_open(guard, 1);
	hg_finding_add(builder, HG_PARTY_CALL, &call);
	hg_finding_add_frame(builder, &found, 0);
	hg_finding_close(builder, &(struct hg_verdict){.kind = HG_KIND_LATE_FREE});
	const struct hg_record_finding *finding;
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_FREE, &finding), 1);
	const struct hg_record_party *party = hg_reader_party(finding, hg_reader_party(finding, NULL));
	ck_assert_uint_eq(party->role, HG_PARTY_IN_FLIGHT);
	ck_assert_uint_eq(party->depth, 1);
	ck_assert(party->flags & HG_PARTY_STACK_GONE);
}
END_TEST

START_TEST(threads_together_store_no_more_than_the_limit)
{
	pthread_t threads[4];
	begin();
	for (int i = 0; i < 4; i++)
		threads[i] = spawn(report_often, NULL);
	for (int i = 0; i < 4; i++)
		join(threads[i]);
	ck_assert_uint_eq(findings_of(HG_KIND_REPEAT_FREE, NULL), 8);
	ck_assert_uint_eq(counter(HG_COUNTER_FINDINGS_FOLDED), 792);
}
END_TEST

/* How the process ends that makes this finding in abort mode. */
static int ending_of(enum hg_kind kind)
{
	int status;
	pid_t child = fork();
	if (child == 0) {
		signal(SIGABRT, SIG_DFL);
		close(STDERR_FILENO);
		setenv("HANDLEGUARD_MODE", "abort", 1);
		begin();
		report(kind, 0x10, 0x20);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	return status;
}

START_TEST(in_abort_mode_the_first_error_ends_the_process)
{
	output_folder();
	int status = ending_of(HG_KIND_LATE_OP);
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), SIGABRT);
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_OP, NULL), 1);
}
END_TEST

START_TEST(in_abort_mode_a_note_does_not)
{
	output_folder();
	int status = ending_of(HG_KIND_LEAK);
	ck_assert(WIFEXITED(status));
}
END_TEST

int main(void)
{
	return RUN_SUITE(
	    "finding", what_is_written_is_read_back, an_event_that_never_happened_is_left_out,
	    a_dropped_builder_is_not_written, alike_findings_are_stored_eight_times_and_all_counted,
	    findings_are_alike_in_whichever_order_their_threads_are_met, the_limit_is_an_option,
	    either_side_makes_findings_different, the_table_of_sites_grows_with_the_ring,
	    what_has_no_site_is_told_of_in_samples_and_never_twice, parties_that_do_not_fit_are_counted,
	    a_race_is_there_before_it_is_known_what_comes_of_it, a_race_that_times_out_becomes_another_kind,
	    a_race_that_was_only_counted_is_stored_as_what_it_becomes, a_race_that_was_none_is_taken_back,
	    races_that_are_taken_back_for_ever_do_not_fill_the_ring, a_race_that_was_overwritten_is_not_completed,
	    a_parents_free_is_one_finding_whichever_children_it_leaves,
	    a_late_op_is_told_of_the_life_that_turned_it_away, a_repeat_free_is_told_of_the_life_that_turned_it_away,
	    a_winner_that_never_says_who_it_is_is_counted, a_life_is_never_told_with_what_is_anothers,
	    orphans_are_told_with_their_parents_free_though_its_value_is_back,
	    a_call_without_a_stack_of_its_own_is_told_by_its_site, threads_together_store_no_more_than_the_limit,
	    in_abort_mode_the_first_error_ends_the_process, in_abort_mode_a_note_does_not);
}
