/* What stands in the recording of a program whose end runs no exit handlers: the handles that are alive. */
#include <sys/wait.h>
#include <unistd.h>

#include "api/start.h"
#include "harness.h"
#include "protocol/descendants.h"
#include "protocol/family.h"
#include "protocol/life.h"
#include "protocol/live.h"
#include "stack/depot.h"

/* As Go's linker leaves it to be found. */
char _cgo_topofstack;

static const struct hg_class *class;

static void begin(void)
{
	start();
	class = new_class(1000);
}

static unsigned kept(uint64_t value)
{
	const struct hg_reader *reader = read_back();
	unsigned count = 0;
	for (uint64_t i = 0; i < hg_reader_limit(reader, HG_EXTENT_LIVE); i++) {
		const struct hg_record_live *live = hg_reader_live(reader, i);
		count += live && (!value || live->value == value);
	}
	return count;
}

START_TEST(a_handle_stands_there_while_it_lives)
{
	begin();
	uint64_t pc[2] = {0x1111, 0x2222};
	struct hg_event create = event_now();
	uint32_t frames[3] = {4, 5, 6};
	create.stack = hg_depot_put(&(struct hg_stack){.pc = pc, .depth = 2, .told = frames, .told_count = 3});
	struct hg_guard *guard = hg_table_obtain(class, 7);
	hg_guard_create(guard, hg_context_here(), &create, NULL);
	born(class, 8);
	ck_assert_uint_eq(kept(0), 2);
	const struct hg_record_live *live = NULL;
	for (uint64_t i = 0; !live || live->value != 7; i++)
		live = hg_reader_live(read_back(), i);
	ck_assert_uint_eq(live->class_index, class->index);
	ck_assert_uint_eq(live->ticks, create.ticks);
	ck_assert_uint_eq(live->tid, hg_gettid());
	ck_assert_uint_eq(live->depth, 2);
	ck_assert_mem_eq(live->pc, pc, sizeof pc);
	ck_assert_uint_eq(live->told_count, 3);
	ck_assert_mem_eq(live->told, frames, sizeof frames);
	begin_free(guard, HG_FREE_WAIT, 1000);
	ck_assert_uint_eq(kept(7), 0);
	ck_assert_uint_eq(kept(8), 1);
}
END_TEST

START_TEST(one_whose_free_fails_stands_there_again)
{
	begin();
	struct hg_guard *guard = born(class, 7);
	struct hg_free_result result = begin_free(guard, HG_FREE_WAIT, 1000);
	ck_assert_uint_eq(kept(7), 0);
	hg_guard_revive(guard, result.generation);
	ck_assert_uint_eq(kept(7), 1);
}
END_TEST

START_TEST(one_that_is_handed_out_again_stands_there_once)
{
	begin();
	born(class, 7);
	born(class, 7);
	ck_assert_uint_eq(kept(7), 1);
}
END_TEST

START_TEST(children_that_end_with_their_parent_go)
{
	begin();
	class = new_flagged_class(1000, HG_CLASS_PARENT);
	struct hg_guard *parent = born(class, 1);
	born_of(class, 2, parent);
	free_with(parent, HG_CHILDREN_ENDED);
	hg_family_end(parent, generation(parent), HG_CHILDREN_ENDED, NULL, NULL);
	ck_assert_uint_eq(kept(0), 0);
}
END_TEST

START_TEST(what_is_never_a_leak_does_not_stand_there)
{
	begin();
	born(new_flagged_class(1000, HG_CLASS_OUTLIVING), 1);
	struct hg_event event = event_now();
	event.flags = HG_EVENT_ADOPTED;
	hg_guard_adopt(hg_table_obtain(class, 2), 0, &event, NULL);
	event.flags = HG_EVENT_INTERNAL;
	hg_guard_create(hg_table_obtain(class, 3), hg_context_here(), &event, NULL);
	ck_assert_uint_eq(kept(0), 0);
}
END_TEST

START_TEST(those_for_which_there_is_no_room_are_counted)
{
	enum { MANY = 5000 };
	static struct hg_guard *guards[MANY];
	begin();
	for (uint64_t i = 0; i < MANY; i++)
		guards[i] = born(class, i + 1);
	unsigned stand = kept(0);
	ck_assert_uint_gt(stand, 500);
	ck_assert_uint_eq(stand + counter(HG_COUNTER_LIVE_CUT), MANY);
	for (uint64_t i = 0; i < MANY; i++)
		begin_free(guards[i], HG_FREE_WAIT, 1000);
	ck_assert_uint_eq(kept(0), 0);
	born(class, 1);
	ck_assert_uint_eq(kept(0), 1);
}
END_TEST

static void *come_and_go(void *unused)
{
	hg_context_here();
	for (uint64_t i = 0; i < 20000; i++)
		begin_free(born(class, (uint64_t)hg_gettid() << 32 | i % 100), HG_FREE_WAIT, 1000);
	return unused;
}

START_TEST(threads_leave_nothing_behind)
{
	pthread_t threads[4];
	begin();
	for (int i = 0; i < 4; i++)
		threads[i] = spawn(come_and_go, NULL);
	for (int i = 0; i < 4; i++)
		join(threads[i]);
	ck_assert_uint_eq(kept(0), 0);
	ck_assert_uint_eq(counter(HG_COUNTER_LIVE_CUT), 0);
}
END_TEST

/* What a forked child has inherited is its parent's to free. */
static unsigned live_in_child(void)
{
	unsigned room, count = 0;
	const struct hg_record_live *table = hg_recording_table(HG_EXTENT_LIVE, &room);
	for (unsigned i = 0; i < room; i++)
		count += table[i].state == HG_LIVE_KEPT;
	return count;
}

START_TEST(a_forked_child_begins_with_none)
{
	int status;
	begin();
	struct hg_guard *guard = born(class, 7);
	pid_t child = fork();
	if (child == 0) {
		born(class, 8);
		unsigned own = live_in_child();
		begin_free(guard, HG_FREE_WAIT, 1000);
		_exit(own == 1 && live_in_child() == 1 ? 0 : 1);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
}
END_TEST

int main(void)
{
	return RUN_SUITE("live", a_handle_stands_there_while_it_lives, one_whose_free_fails_stands_there_again,
	                 one_that_is_handed_out_again_stands_there_once, children_that_end_with_their_parent_go,
	                 what_is_never_a_leak_does_not_stand_there, those_for_which_there_is_no_room_are_counted,
	                 threads_leave_nothing_behind, a_forked_child_begins_with_none);
}
