/* Parents, children, and classes that are torn down as a whole. */
#include "api/start.h"
#include "harness.h"
#include "protocol/descendants.h"
#include "protocol/family.h"
#include "protocol/in_flight.h"
#include "protocol/life.h"
#include "protocol/tables.h"

static const struct hg_class *parents, *children;

static void start_family(int way)
{
	start_fenced(way);
	parents = new_flagged_class(1000, HG_CLASS_PARENT);
	children = new_flagged_class(1000, HG_CLASS_PARENT);
}

static void count(struct hg_guard *guard, void *argument)
{
	(void)guard;
	++*(unsigned *)argument;
}

static unsigned descendants(struct hg_guard *guard)
{
	unsigned found = 0;
	hg_family_orphans(guard, generation(guard), HG_CHILDREN_ORPHANED, count, &found);
	return found;
}

START_TEST(children_count_from_their_create_to_their_end)
{
	start_family(_i);
	struct hg_guard *parent = born(parents, 1);
	ck_assert(!hg_family_any(parent));
	struct hg_guard *one = born_of(children, 2, parent), *other = born_of(children, 3, parent);
	struct hg_guard *grandchild = born_of(children, 4, one);
	ck_assert(hg_family_any(parent) && hg_family_any(one) && !hg_family_any(other));
	ck_assert_uint_eq(descendants(parent), 3);
	hg_family_quit(one, generation(one));
	hg_family_quit(one, generation(one));
	ck_assert(hg_family_any(parent));
	hg_family_quit(other, generation(other));
	ck_assert(!hg_family_any(parent));
	ck_assert(hg_family_any(one));
	ck_assert_ptr_eq(hg_family_parent(grandchild), one);
}
END_TEST

enum { OF_ONE_CALL = HG_HOLDERS_LISTED + 4 };

static void *poll_and_park(void *argument)
{
	struct hg_guard **polled = argument;
	struct hg_frame frame = frame_for(polled[0]), *in;
	for (int i = 0; i < OF_ONE_CALL; i++) {
		frame.value = polled[i]->value;
		ck_assert_int_eq(hg_guard_enter(polled[i], hg_context_here(), &frame, 0, &in), HG_ENTERED);
	}
	return NULL;
}

static void see(struct hg_guard *guard, const struct hg_holders *holders, void *seen)
{
	(void)guard;
	*(struct hg_holders *)seen = *holders;
}

/* A poll on many sockets must not use up the places of those whom nobody else would tell of. */
START_TEST(a_call_on_many_children_is_listed_once)
{
	start_family(_i);
	struct hg_guard *parent = born(parents, 1), *polled[OF_ONE_CALL];
	for (uint64_t i = 0; i < OF_ONE_CALL; i++)
		polled[i] = born_of(children, 10 + i, parent);
	poll_and_park(polled);
	struct hg_frame frame = frame_for(parent), *in;
	frame.caller++;
	ck_assert_int_eq(hg_guard_enter(parent, hg_context_here(), &frame, 0, &in), HG_ENTERED);
	struct hg_holders seen;
	hg_guard_begin_free(
	    parent, hg_context_here(),
	    &(struct hg_free_request){
	        .how = HG_FREE_OBSERVE, .event = (struct hg_event[]){event_now()}, .inspect = see, .argument = &seen});
	ck_assert_uint_eq(seen.own, OF_ONE_CALL + 1);
	ck_assert_uint_eq(seen.listed, 2);
	ck_assert_uint_eq(seen.list[1].frame.caller, frame.caller);
}
END_TEST

START_TEST(a_late_end_never_discounts_the_next_life)
{
	start_family(_i);
	struct hg_guard *old = born(parents, 1), *parent = born(parents, 2);
	struct hg_guard *child = born_of(children, 3, old);
	uint32_t first = generation(child);
	born_of(children, 3, parent);
	ck_assert(!hg_family_any(old));
	ck_assert(hg_family_any(parent));
	hg_family_quit(child, first);
	ck_assert(hg_family_any(parent));
	free_with(parent, HG_CHILDREN_ORPHANED);
	born(parents, 2);
	ck_assert(!hg_family_any(parent));
	hg_family_quit(child, generation(child));
	struct hg_guard *another = born_of(children, 4, parent);
	hg_family_quit(child, generation(child));
	ck_assert(hg_family_any(parent));
	hg_family_quit(another, generation(another));
	ck_assert(!hg_family_any(parent));
}
END_TEST

START_TEST(descendants_are_orphans_when_a_free_has_begun)
{
	start_family(_i);
	struct hg_frame *in;
	struct hg_guard *parent = born(parents, 1), *child = born_of(children, 2, parent),
	                *grandchild = born_of(children, 3, child), *stranger = born_of(children, 4, born(parents, 5));
	ck_assert_int_eq(free_with(parent, HG_CHILDREN_ORPHANED).outcome, HG_DRAINED);
	ck_assert(orphaned(child) && orphaned(grandchild) && !orphaned(stranger));
	ck_assert_int_eq(enter(child, &in), HG_ORPHANED);
	ck_assert_int_eq(enter(grandchild, &in), HG_ORPHANED);
	ck_assert_ptr_eq(hg_family_ended_by(grandchild), parent);
	ck_assert_ptr_null(hg_family_ended_by(stranger));
	struct hg_guard *late = born_of(children, 6, parent);
	ck_assert(orphaned(late));
	struct hg_event event = event_now();
	ck_assert_int_eq(hg_guard_create(child, hg_context_here(), &event, NULL), HG_SUCCEEDED);
	ck_assert_int_eq(enter(child, &in), HG_ENTERED);
}
END_TEST

START_TEST(a_free_that_fails_gives_the_children_back)
{
	start_family(_i);
	struct hg_frame *in;
	struct hg_guard *parent = born(parents, 1), *child = born_of(children, 2, parent);
	struct hg_free_result result = free_with(parent, HG_CHILDREN_ORPHANED);
	ck_assert_int_eq(enter(child, &in), HG_ORPHANED);
	hg_guard_revive(parent, result.generation);
	ck_assert_int_eq(enter(child, &in), HG_ENTERED);
	hg_guard_leave(child, in);
	ck_assert(hg_family_any(parent));
}
END_TEST

START_TEST(a_mark_that_is_about_to_be_taken_back_keeps_nobody_out)
{
	start_family(_i);
	struct hg_frame *in;
	struct hg_guard *parent = born(parents, 1), *child = born_of(children, 2, parent),
	                *lost = born_of(children, 3, parent);
	atomic_fetch_or(&child->word, HG_WORD_ORPHAN);
	ck_assert_int_eq(enter(child, &in), HG_ENTERED);
	hg_guard_leave(child, in);
	ck_assert(!orphaned(child));
	free_with(parent, HG_CHILDREN_ENDED);
	struct hg_parting parting;
	ck_assert(hg_family_orphaned(lost, &parting));
	ck_assert_ptr_eq(parting.from, parent);
	ck_assert_int_eq(parting.children, HG_CHILDREN_ENDED);
	born(parents, 1);
	ck_assert_int_eq(enter(lost, &in), HG_ORPHANED);
	ck_assert(hg_family_orphaned(lost, &parting));
	ck_assert_ptr_null(parting.from);
}
END_TEST

START_TEST(children_end_with_their_parent)
{
	start_family(_i);
	struct hg_frame *in;
	unsigned ended = 0;
	struct hg_guard *parent = born(parents, 1), *child = born_of(children, 2, parent),
	                *grandchild = born_of(children, 3, child), *stranger = born(children, 4);
	free_with(parent, HG_CHILDREN_ENDED);
	hg_family_end(parent, generation(parent), HG_CHILDREN_ENDED, count, &ended);
	ck_assert_uint_eq(ended, 2);
	ck_assert_uint_eq(phase(child), HG_WORD_FREED);
	ck_assert_uint_eq(phase(grandchild), HG_WORD_FREED);
	ck_assert_uint_eq(phase(stranger), HG_WORD_LIVE);
	ck_assert_int_eq(enter(child, &in), HG_LATE);
	ck_assert_uint_eq(hg_event_load(&child->free).ticks, hg_event_load(&parent->free).ticks);
}
END_TEST

START_TEST(children_end_with_the_life_that_they_were_made_from)
{
	start_family(_i);
	unsigned ended = 0;
	struct hg_guard *parent = born(parents, 1), *child = born_of(children, 2, parent);
	struct hg_free_result result = free_with(parent, HG_CHILDREN_ENDED);
	born(parents, 1);
	struct hg_guard *next = born_of(children, 3, parent);
	hg_family_end(parent, result.generation, HG_CHILDREN_ENDED, count, &ended);
	ck_assert_uint_eq(ended, 1);
	ck_assert_uint_eq(phase(child), HG_WORD_FREED);
	ck_assert_uint_eq(phase(next), HG_WORD_LIVE);
}
END_TEST

START_TEST(what_was_forgotten_before_neither_ends_nor_is_told_again)
{
	start_family(_i);
	unsigned ended = 0;
	struct hg_guard *parent = born(parents, 1), *child = born_of(children, 2, parent),
	                *grandchild = born_of(children, 3, child), *other = born_of(children, 4, parent),
	                *others = born_of(children, 5, other);
	free_with(child, HG_CHILDREN_ORPHANED);
	ck_assert_uint_eq(descendants(parent), 2);
	free_with(parent, HG_CHILDREN_ENDED);
	hg_family_end(parent, generation(parent), HG_CHILDREN_ENDED, count, &ended);
	ck_assert_uint_eq(ended, 2);
	ck_assert_uint_eq(phase(others), HG_WORD_FREED);
	ck_assert(orphaned(grandchild));
}
END_TEST

START_TEST(what_is_kept_counts_till_the_last_of_its_children_is_gone)
{
	start_family(_i);
	struct hg_guard *parent = born(parents, 1), *child = born_of(children, 2, parent),
	                *grandchild = born_of(children, 3, child);
	free_with(child, HG_CHILDREN_KEPT);
	hg_family_quit(child, generation(child));
	ck_assert(hg_family_any(parent));
	free_with(grandchild, HG_CHILDREN_ORPHANED);
	hg_family_quit(grandchild, generation(grandchild));
	ck_assert(!hg_family_any(parent));
}
END_TEST

START_TEST(a_child_whose_keeping_free_failed_counts_again)
{
	start_family(_i);
	struct hg_guard *parent = born(parents, 1), *child = born_of(children, 2, parent),
	                *grandchild = born_of(children, 3, child);
	struct hg_free_result result = free_with(child, HG_CHILDREN_KEPT);
	hg_family_quit(grandchild, generation(grandchild));
	hg_guard_revive(child, result.generation);
	ck_assert(hg_family_any(parent));
	hg_family_quit(child, generation(child));
	ck_assert(!hg_family_any(parent));
}
END_TEST

START_TEST(what_a_kept_child_keeps_is_an_orphan_when_the_parent_goes)
{
	start_family(_i);
	struct hg_guard *parent = born(parents, 1), *child = born_of(children, 2, parent),
	                *grandchild = born_of(children, 3, child);
	free_with(child, HG_CHILDREN_KEPT);
	hg_family_quit(child, generation(child));
	ck_assert(!orphaned(grandchild));
	free_with(parent, HG_CHILDREN_ORPHANED);
	ck_assert(orphaned(grandchild));
	born_of(children, 2, born(parents, 4));
	ck_assert(!hg_family_any(parent));
}
END_TEST

START_TEST(children_that_are_kept_hold_nothing_up)
{
	start_family(_i);
	struct hg_frame *in, *later;
	struct hg_guard *parent = born(parents, 1), *child = born_of(children, 2, parent);
	ck_assert_int_eq(enter(child, &in), HG_ENTERED);
	struct hg_free_result result = free_with(parent, HG_CHILDREN_KEPT);
	ck_assert_int_eq(result.outcome, HG_DRAINED);
	ck_assert_uint_eq(result.waited_for, 0);
	ck_assert(!result.reentrant);
	ck_assert_int_eq(enter(child, &later), HG_ENTERED);
	hg_guard_leave(child, later);
	hg_guard_leave(child, in);
}
END_TEST

static struct hg_frame *push_free(struct hg_guard *guard)
{
	struct hg_frame frame = frame_for(guard);
	hg_frame_of_free(&frame, guard);
	return hg_frame_push(hg_context_here(), &frame);
}

START_TEST(a_childs_free_holds_the_parent_and_not_the_child)
{
	start_family(_i);
	struct hg_guard *parent = born(parents, 1), *child = born_of(children, 2, parent);
	struct hg_frame *in = push_free(child);
	ck_assert(hg_guard_entered_by(parent, in));
	ck_assert(!hg_guard_entered_by(child, in));
	hg_guard_leave_free(child, in);
	ck_assert(!hg_guard_entered_by(parent, in));
}
END_TEST

START_TEST(a_root_stands_for_all_handles_of_its_class_and_what_is_made_from_them)
{
	start_fenced(_i);
	struct hg_frame *in;
	parents = new_flagged_class(1000, HG_CLASS_PARENT | HG_CLASS_TORN_DOWN);
	children = new_class(1000);
	struct hg_guard *root = parents->root, *one = born(parents, 1), *other = born(parents, 2),
	                *child = born_of(children, 3, one);
	ck_assert_int_eq(enter(child, &in), HG_ENTERED);
	ck_assert(hg_guard_entered_by(root, in));
	hg_guard_leave(child, in);
	free_with(root, HG_CHILDREN_ENDED);
	ck_assert_int_eq(enter(other, &in), HG_ORPHANED);
	ck_assert_int_eq(enter(child, &in), HG_ORPHANED);
	ck_assert_ptr_eq(hg_family_ended_by(child), root);
	hg_family_end(root, generation(root), HG_CHILDREN_ENDED, NULL, NULL);
	ck_assert_uint_eq(phase(one), HG_WORD_FREED);
	ck_assert_uint_eq(phase(child), HG_WORD_FREED);
	hg_guard_renew_root(root);
	ck_assert_uint_eq(phase(root), HG_WORD_LIVE);
	born(parents, 1);
	ck_assert_int_eq(enter(one, &in), HG_ENTERED);
	hg_guard_leave(one, in);
}
END_TEST

START_TEST(what_cannot_be_freed_is_given_up_once)
{
	start_family(_i);
	struct hg_event event = event_now();
	struct hg_guard *child = born(children, 1);
	ck_assert(hg_guard_give_up(child, &event));
	ck_assert(!hg_guard_give_up(child, &event));
	ck_assert_uint_eq(phase(child), HG_WORD_LEAKED);
	ck_assert_int_eq(free_with(child, HG_CHILDREN_ORPHANED).outcome, HG_ALREADY_FREEING);
}
END_TEST

/* --- what crosses --- */

START_TEST(what_is_made_from_one_given_up_is_an_orphan_though_the_free_that_failed_has_taken_its_mark_back)
{
	start_family(_i);
	struct hg_frame *in;
	struct hg_event event = event_now();
	struct hg_guard *parent = born(parents, 1), *child = born_of(children, 2, parent),
	                *grandchild = born_of(children, 3, child);
	struct hg_free_result failing = free_with(parent, HG_CHILDREN_ORPHANED);
	/* A free of the child has found the parent's. */
	hg_guard_revive(parent, failing.generation);
	ck_assert(hg_guard_give_up(child, &event));
	ck_assert_int_eq(enter(grandchild, &in), HG_ORPHANED);
	/* That was never freed: it is still there, and what is made from it with it. */
	free_with(parent, HG_CHILDREN_ENDED);
	ck_assert(hg_family_any(parent));
	hg_family_end(parent, generation(parent), HG_CHILDREN_ENDED, NULL, NULL);
	ck_assert_uint_eq(phase(grandchild), HG_WORD_FREED);
	ck_assert(!hg_family_any(parent));
}
END_TEST

START_TEST(a_child_whose_own_free_failed_is_an_orphan_of_a_free_that_began_meanwhile)
{
	start_family(_i);
	struct hg_frame *in;
	struct hg_guard *parent = born(parents, 1), *child = born_of(children, 2, parent),
	                *grandchild = born_of(children, 3, child);
	struct hg_free_result failing = free_with(child, HG_CHILDREN_ORPHANED);
	free_with(parent, HG_CHILDREN_ORPHANED);
	hg_guard_revive(child, failing.generation);
	ck_assert_int_eq(enter(child, &in), HG_ORPHANED);
	ck_assert_int_eq(enter(grandchild, &in), HG_ORPHANED);
	ck_assert_ptr_eq(hg_family_ended_by(grandchild), parent);
}
END_TEST

START_TEST(what_an_earlier_free_meant_for_children_is_forgotten)
{
	start_family(_i);
	struct hg_guard *parent = born(parents, 1);
	born_of(children, 2, parent);
	free_with(parent, HG_CHILDREN_KEPT);
	born(parents, 1);
	ck_assert(!orphaned(born_of(children, 3, parent)));
	struct hg_free_request silent = {.how = HG_FREE_SILENT, .event = (struct hg_event[]){event_now()}};
	hg_guard_begin_free(parent, hg_context_here(), &silent);
	ck_assert(orphaned(born_of(children, 4, parent)));
}
END_TEST

static struct hg_pending *never_mind(struct hg_guard *guard, void *pending)
{
	((struct hg_pending *)pending)->guard = guard;
	return pending;
}

static _Atomic unsigned ran;

static void count_run(struct hg_pending *pending)
{
	(void)pending;
	ran++;
}

START_TEST(a_reentrant_free_is_deferred_whatever_an_earlier_one_meant_for_children)
{
	start_family(_i);
	struct hg_frame *in;
	struct hg_guard *parent = born(parents, 1);
	born_of(children, 2, parent);
	free_with(parent, HG_CHILDREN_KEPT);
	born(parents, 1);
	struct hg_guard *child = born_of(children, 2, parent);
	struct hg_pending pending = {.run = count_run};
	struct hg_free_request request = {.how = HG_FREE_WAIT,
	                                  .deadline_ns = UINT64_C(1000000000),
	                                  .event = (struct hg_event[]){event_now()},
	                                  .prepare = never_mind,
	                                  .argument = &pending};
	ck_assert_int_eq(enter(child, &in), HG_ENTERED);
	ck_assert_int_eq(hg_guard_begin_free(parent, hg_context_here(), &request).outcome, HG_DEFERRED);
	hg_guard_leave(child, in);
	ck_assert_uint_eq(ran, 1);
}
END_TEST

static struct hg_guard *held_meanwhile;
static bool held;

static void look_at_parent(struct hg_pending *pending)
{
	(void)pending;
	held = hg_in_flight(held_meanwhile);
}

static enum hg_outcome begin_deferred(struct hg_guard *guard, struct hg_pending *pending)
{
	struct hg_free_request request = {.how = HG_FREE_DEFER,
	                                  .event = (struct hg_event[]){event_now()},
	                                  .prepare = never_mind,
	                                  .argument = pending};
	return hg_guard_begin_free(guard, hg_context_here(), &request).outcome;
}

START_TEST(a_deferred_free_of_a_child_holds_the_parent_until_it_has_run)
{
	start_family(_i);
	struct hg_frame *in;
	struct hg_guard *grandparent = born(parents, 1), *parent = born_of(parents, 2, grandparent),
	                *child = born_of(children, 3, parent);
	struct hg_pending pending = {.run = look_at_parent};
	held_meanwhile = grandparent;
	ck_assert_int_eq(enter(child, &in), HG_ENTERED);
	ck_assert_int_eq(begin_deferred(child, &pending), HG_DEFERRED);
	hg_guard_leave(child, in);
	ck_assert(held);
	ck_assert(!hg_in_flight(grandparent) && !hg_in_flight(parent));
}
END_TEST

START_TEST(a_deferred_free_of_a_child_does_not_hold_up_a_free_that_keeps_children)
{
	start_family(_i);
	struct hg_frame *in;
	struct hg_guard *parent = born(parents, 1), *child = born_of(children, 2, parent);
	struct hg_pending pending = {.run = count_run};
	ck_assert_int_eq(enter(child, &in), HG_ENTERED);
	ck_assert_int_eq(begin_deferred(child, &pending), HG_DEFERRED);
	struct hg_free_result result = free_with(parent, HG_CHILDREN_KEPT);
	ck_assert_int_eq(result.outcome, HG_DRAINED);
	ck_assert_uint_eq(result.waited_for, 0);
	hg_guard_leave(child, in);
	ck_assert_uint_eq(ran, 1);
}
END_TEST

START_TEST(a_childs_free_holds_the_parent_that_it_had_though_its_value_is_another_ones_child)
{
	start_family(_i);
	struct hg_guard *parent = born(parents, 1), *other = born(parents, 2), *child = born_of(children, 3, parent);
	struct hg_frame *in = push_free(child);
	struct hg_pending pending = {.run = count_run};
	free_with(child, HG_CHILDREN_ORPHANED);
	born_of(children, 3, other);
	ck_assert(hg_guard_entered_by(parent, in));
	ck_assert(!hg_guard_entered_by(other, in));
	ck_assert_int_eq(begin_deferred(parent, &pending), HG_DEFERRED);
	hg_guard_leave_free(child, in);
	ck_assert_uint_eq(ran, 1);
}
END_TEST

START_TEST(a_child_that_is_born_again_before_its_deferred_free_has_run_lets_the_parent_go)
{
	start_family(_i);
	struct hg_frame *in;
	struct hg_guard *parent = born(parents, 1), *child = born_of(children, 2, parent);
	struct hg_pending pending = {.run = count_run};
	ck_assert_int_eq(enter(child, &in), HG_ENTERED);
	ck_assert_int_eq(begin_deferred(child, &pending), HG_DEFERRED);
	born(children, 2);
	hg_guard_leave(child, in);
	ck_assert_uint_eq(ran, 0);
	ck_assert(!hg_in_flight(parent));
}
END_TEST

/* A parent's free is left to whoever leaves last, and that is a late op on `met`: it has a frame before it looks at the
 * word. Before it looks, the child begins another life. */
static void let_child_be_born_elsewhere_under_late_op(struct hg_guard *parent, struct hg_guard *met)
{
	struct hg_frame *in, late = frame_for(met);
	struct hg_pending pending = {.run = count_run};
	ck_assert_int_eq(enter(parent, &in), HG_ENTERED);
	late.guard = (uint64_t)met;
	struct hg_frame *turned_away = hg_frame_push(hg_context_here(), &late);
	ck_assert_int_eq(begin_deferred(parent, &pending), HG_DEFERRED);
	hg_guard_leave(parent, in);
	ck_assert_uint_eq(ran, 0);
	born_of(children, 3, born(parents, 2));
	ck_assert_uint_eq(ran, 1);
	hg_frame_clear(turned_away);
}

START_TEST(a_deferred_free_runs_though_the_op_that_it_met_has_another_handle_by_then)
{
	start_family(_i);
	struct hg_guard *parent = born(parents, 1), *child = born_of(children, 3, parent);
	free_with(child, HG_CHILDREN_ORPHANED);
	let_child_be_born_elsewhere_under_late_op(parent, child);
}
END_TEST

START_TEST(so_it_does_though_what_the_handle_of_that_op_was_made_from_is_another_by_then)
{
	start_family(_i);
	struct hg_guard *parent = born(parents, 1), *child = born_of(children, 3, parent),
	                *grandchild = born_of(children, 4, child);
	free_with(child, HG_CHILDREN_ORPHANED);
	let_child_be_born_elsewhere_under_late_op(parent, grandchild);
}
END_TEST

START_TEST(what_a_root_remembers_is_nobody_elses_memory)
{
	static const int64_t nones[] = {0, -1, -2};
	start_fenced(_i);
	parents = new_flagged_class(1000, HG_CLASS_PARENT | HG_CLASS_TORN_DOWN);
	const struct hg_class *next = hg_class_add(&(struct hg_class_description){.name = "next",
	                                                                          .manifest = "test",
	                                                                          .deadline_ms = 1000,
	                                                                          .nones = nones,
	                                                                          .none_count = 3,
	                                                                          .mask = UINT64_MAX});
	born(parents, 1);
	free_with(parents->root, HG_CHILDREN_ENDED);
	ck_assert_uint_eq(next->none_count, 3);
}
END_TEST

START_TEST(a_handle_born_while_its_class_is_torn_down_lives_on_when_that_is_over)
{
	start_fenced(_i);
	struct hg_frame *in;
	parents = new_flagged_class(1000, HG_CLASS_PARENT | HG_CLASS_TORN_DOWN);
	struct hg_guard *root = parents->root;
	free_with(root, HG_CHILDREN_ENDED);
	hg_family_end(root, generation(root), HG_CHILDREN_ENDED, NULL, NULL);
	struct hg_guard *late = born(parents, 2);
	ck_assert_int_eq(enter(late, &in), HG_ORPHANED);
	hg_guard_renew_root(root);
	ck_assert_int_eq(enter(late, &in), HG_ENTERED);
	hg_guard_leave(late, in);
}
END_TEST

START_TEST(a_handle_first_met_while_its_class_is_torn_down_is_late)
{
	start_fenced(_i);
	struct hg_frame *in;
	parents = new_flagged_class(1000, HG_CLASS_TORN_DOWN);
	free_with(parents->root, HG_CHILDREN_ENDED);
	struct hg_guard *stranger = hg_table_obtain(parents, 7);
	struct hg_event event = event_now();
	ck_assert(hg_guard_adopt(stranger, 0, &event, NULL));
	ck_assert_int_eq(enter(stranger, &in), HG_ORPHANED);
}
END_TEST

int main(void)
{
	return RUN_FENCED_SUITE(
	    "family", children_count_from_their_create_to_their_end, a_call_on_many_children_is_listed_once,
	    a_late_end_never_discounts_the_next_life, descendants_are_orphans_when_a_free_has_begun,
	    a_free_that_fails_gives_the_children_back, a_mark_that_is_about_to_be_taken_back_keeps_nobody_out,
	    children_end_with_their_parent, children_end_with_the_life_that_they_were_made_from,
	    children_that_are_kept_hold_nothing_up, what_was_forgotten_before_neither_ends_nor_is_told_again,
	    a_child_whose_keeping_free_failed_counts_again, what_is_kept_counts_till_the_last_of_its_children_is_gone,
	    what_a_kept_child_keeps_is_an_orphan_when_the_parent_goes, a_childs_free_holds_the_parent_and_not_the_child,
	    a_root_stands_for_all_handles_of_its_class_and_what_is_made_from_them,
	    what_cannot_be_freed_is_given_up_once,
	    what_is_made_from_one_given_up_is_an_orphan_though_the_free_that_failed_has_taken_its_mark_back,
	    a_child_whose_own_free_failed_is_an_orphan_of_a_free_that_began_meanwhile,
	    what_an_earlier_free_meant_for_children_is_forgotten,
	    a_reentrant_free_is_deferred_whatever_an_earlier_one_meant_for_children,
	    a_deferred_free_of_a_child_holds_the_parent_until_it_has_run,
	    a_deferred_free_of_a_child_does_not_hold_up_a_free_that_keeps_children,
	    a_childs_free_holds_the_parent_that_it_had_though_its_value_is_another_ones_child,
	    a_child_that_is_born_again_before_its_deferred_free_has_run_lets_the_parent_go,
	    a_deferred_free_runs_though_the_op_that_it_met_has_another_handle_by_then,
	    so_it_does_though_what_the_handle_of_that_op_was_made_from_is_another_by_then,
	    what_a_root_remembers_is_nobody_elses_memory,
	    a_handle_born_while_its_class_is_torn_down_lives_on_when_that_is_over,
	    a_handle_first_met_while_its_class_is_torn_down_is_late);
}
