/* What runners of tests tell the runtime, and ask it. */
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api/handleguard.h"
#include "harness.h"

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
	                 a_forked_child_is_still_in_the_test_that_forked_it, findings_are_told_to_their_own_process,
	                 findings_are_told_when_there_are_more_than_before);
}
