/* Parents, children, and classes that are torn down as a whole. */
#include "api/start.h"
#include "harness.h"
#include "protocol/descendants.h"
#include "protocol/end.h"
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
	ck_assert_uint_eq(hg_end_last(child).ticks, hg_end_last(parent).ticks);
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
	    what_cannot_be_freed_is_given_up_once);
}
