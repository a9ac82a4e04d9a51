/* What runners of tests tell the runtime, and ask it. */
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api/handleguard.h"
#include "harness.h"
#include "record/labels.h"

static handleguard_class streams = {.name = "stream", .deadline_ms = 100000};

/* What the recording says that the thread was doing at the end. */
static const char *label_of(const struct hg_reader *reader, uint32_t tid)
{
	const char *text = NULL;
	for (uint64_t i = 0; i < hg_reader_limit(reader, HG_EXTENT_LABELS); i++) {
		const struct hg_record_label *label = hg_reader_label(reader, i);
		if (label && label->tid == tid)
			text = hg_reader_text(reader, label->text);
	}
	return text;
}

/* The same of the recording that this process is writing. */
static const char *last_label(uint32_t tid)
{
	unsigned room, size;
	const struct hg_record_label *labels = hg_recording_table(HG_EXTENT_LABELS, &room);
	const char *strings = hg_recording_table(HG_EXTENT_STRINGS, &size), *text = NULL;
	for (unsigned i = 0; i < room && labels[i].ticks; i++)
		if (labels[i].tid == tid)
			text = strings + labels[i].text;
	return text;
}

START_TEST(the_latest_label_of_a_thread_counts)
{
	start();
	handleguard_label("test_open");
	handleguard_label("test_close");
	ck_assert_str_eq(label_of(read_back(), hg_gettid()), "test_close");
	handleguard_label(NULL);
	ck_assert_str_eq(label_of(read_back(), hg_gettid()), "");
}
END_TEST

START_TEST(a_label_is_copied_and_an_empty_one_takes_it_back)
{
	char text[] = "test_copied";
	start();
	handleguard_label(text);
	text[0] = '!';
	ck_assert_str_eq(label_of(read_back(), hg_gettid()), "test_copied");
	handleguard_label("");
	ck_assert_str_eq(label_of(read_back(), hg_gettid()), "");
}
END_TEST

struct heir {
	struct hg_label label;
	uint32_t tid;
	bool was_silent;
};

static void *begin_with_label(void *argument)
{
	struct heir *its = argument;
	its->tid = hg_gettid();
	hg_label_inherit(its->label);
	its->was_silent = !last_label(its->tid);
	handleguard *guard = HANDLEGUARD_CREATE(&streams, 0x7000);
	HANDLEGUARD_BEGIN_FREE(guard);
	return NULL;
}

/* Who creates threads hands the label on; a shim does. */
START_TEST(an_inherited_label_is_said_with_the_first_call)
{
	struct heir its = {0};
	start();
	handleguard_label("test_creator");
	its.label = hg_label_own();
	join(spawn(begin_with_label, &its));
	ck_assert(its.was_silent);
	ck_assert_str_eq(label_of(read_back(), its.tid), "test_creator");
}
END_TEST

static void *label_other(void *tid)
{
	handleguard_label("test_of_another_thread");
	*(uint32_t *)tid = hg_gettid();
	return NULL;
}

START_TEST(threads_have_labels_of_their_own)
{
	uint32_t other;
	start();
	handleguard_label("test_main");
	join(spawn(label_other, &other));
	ck_assert_str_eq(label_of(read_back(), hg_gettid()), "test_main");
	ck_assert_str_eq(label_of(read_back(), other), "test_of_another_thread");
}
END_TEST

START_TEST(a_forked_child_is_still_in_the_test_that_forked_it)
{
	start();
	handleguard_label("test_fork");
	pid_t child = fork();
	if (child == 0) {
		start();
		const char *label = last_label(hg_gettid());
		_exit(label && strcmp(label, "test_fork") == 0 ? 0 : 1);
	}
	int status;
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
}
END_TEST

__attribute__((noinline)) static void repeat_free(uint64_t value)
{
	handleguard *guard = HANDLEGUARD_CREATE(&streams, value);
	ck_assert_int_eq(HANDLEGUARD_BEGIN_FREE(guard), HANDLEGUARD_DRAINED);
	/* The last call of the function, were it not for the check, would be a jump, and belong to the function's
	 * caller. */
	ck_assert_int_eq(HANDLEGUARD_BEGIN_FREE(guard), HANDLEGUARD_ALREADY_FREEING);
}

struct told {
	unsigned calls;
	handleguard_alike last;
};

static void tell(const handleguard_alike *alike, void *argument)
{
	struct told *told = argument;
	told->calls++;
	told->last = *alike;
}

START_TEST(findings_are_told_to_their_own_process)
{
	struct told told = {0};
	start();
	ck_assert_uint_eq(handleguard_findings(0, tell, &told), 0);
	ck_assert_uint_eq(told.calls, 0);
	for (uint64_t i = 0; i < 20; i++)
		repeat_free(0x7000 + i);
	ck_assert_uint_eq(handleguard_findings(0, tell, &told), 20);
	ck_assert_uint_eq(told.calls, 1);
	ck_assert_uint_eq(told.last.count, 20);
	ck_assert_str_eq(told.last.kind, "repeat-free");
	ck_assert_str_eq(told.last.level, "error");
	ck_assert_str_eq(told.last.class_name, "stream");
	ck_assert_str_eq(told.last.function, "repeat_free");
	ck_assert_str_eq(told.last.other_function, "repeat_free");
}
END_TEST

__attribute__((noinline)) static void use_late(uint64_t value)
{
	handleguard_op op;
	handleguard *guard = HANDLEGUARD_CREATE(&streams, value);
	ck_assert_int_eq(HANDLEGUARD_BEGIN_FREE(guard), HANDLEGUARD_DRAINED);
	ck_assert(!HANDLEGUARD_ENTER(guard, &op));
}

struct all {
	unsigned calls;
	handleguard_alike told[4];
};

static void collect(const handleguard_alike *alike, void *argument)
{
	struct all *all = argument;
	ck_assert_uint_lt(all->calls, 4);
	all->told[all->calls++] = *alike;
}

START_TEST(what_has_come_is_seen_by_the_ids_and_counts)
{
	struct all first = {0}, second = {0};
	start();
	repeat_free(0x7000);
	use_late(0x7001);
	uint64_t before = handleguard_findings(0, collect, &first);
	use_late(0x7002);
	ck_assert_uint_eq(handleguard_findings(before, collect, &second), 3);
	ck_assert_uint_eq(first.calls, 2);
	ck_assert_uint_eq(second.calls, 2);
	for (unsigned i = 0; i < 2; i++) {
		bool is_late = strcmp(second.told[i].kind, "late-op") == 0;
		ck_assert_uint_eq(second.told[i].id, first.told[i].id);
		ck_assert_uint_eq(second.told[i].count, first.told[i].count + is_late);
		/* All texts stay. */
		ck_assert_ptr_eq(second.told[i].kind, first.told[i].kind);
		ck_assert_str_eq(second.told[i].function, first.told[i].function);
	}
}
END_TEST

START_TEST(findings_are_told_when_there_are_more_than_before)
{
	struct told told = {0};
	start();
	repeat_free(0x7000);
	uint64_t before = handleguard_findings(0, NULL, NULL);
	ck_assert_uint_eq(handleguard_findings(before, tell, &told), before);
	ck_assert_uint_eq(told.calls, 0);
	repeat_free(0x7001);
	ck_assert_uint_eq(handleguard_findings(before, tell, &told), before + 1);
	ck_assert_uint_eq(told.calls, 1);
}
END_TEST

int main(void)
{
	return RUN_SUITE("runner", the_latest_label_of_a_thread_counts, threads_have_labels_of_their_own,
	                 a_label_is_copied_and_an_empty_one_takes_it_back,
	                 an_inherited_label_is_said_with_the_first_call, what_has_come_is_seen_by_the_ids_and_counts,
	                 a_forked_child_is_still_in_the_test_that_forked_it, findings_are_told_to_their_own_process,
	                 findings_are_told_when_there_are_more_than_before);
}
