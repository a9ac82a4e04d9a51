/* What crosses in a family: frees that fail or are left to others, and lives that begin meanwhile. */
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
	    "family_crossing",
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
