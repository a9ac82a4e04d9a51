/* How processes ended: what is known of it, from which recording or file, and what the headline makes of it. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "report/read/kept_endings.h"
#include "run.h"

static struct resolved resolved;

static void report(const char *path)
{
	resolved = report_path(hg_report_defaults(), path);
}

static struct resolved with_ending(struct builder *builder, int wait_status)
{
	builder_save_as(builder, "one.hgr");
	const char *path = test_path("one.hgr");
	struct hg_report_ending ending = {.pid = 1234, .wait_status = wait_status};
	return report_paths(hg_report_defaults(), &path, 1, &ending, 1);
}

static struct builder *unmarked(void)
{
	struct builder *builder = builder_example();
	builder->header->clean_exit = 0;
	return builder;
}

START_TEST(what_ended_the_process_is_named)
{
	ck_assert_has(with_ending(unmarked(), W_EXITCODE(0, SIGSEGV)).out, "ended by signal 11 (SIGSEGV)");
	ck_assert_has(with_ending(unmarked(), W_EXITCODE(0, SIGKILL)).out, "ended by signal 9 (SIGKILL)");
	ck_assert_has(with_ending(unmarked(), W_EXITCODE(3, 0)).out, "exited with status 3, without running");
	ck_assert_has(with_ending(builder_example(), W_EXITCODE(3, 0)).out, "exited by itself");
	ck_assert_has(report_builder(hg_report_defaults(), unmarked()).out, "left no exit mark");
}
END_TEST

static uint64_t own_start(void)
{
	char *line = test_read("/proc/self/stat");
	char *at = strrchr(line, ')');
	for (int field = 2; field < 22; field++)
		at = strchr(at + 1, ' ');
	uint64_t start = strtoull(at, NULL, 10);
	free(line);
	return start;
}

static struct builder *of_ourselves(void)
{
	struct builder *builder = unmarked();
	builder->header->pid = (uint32_t)getpid();
	builder->header->process_start = own_start();
	memset(builder->header->executable, 0, sizeof builder->header->executable);
	ck_assert_int_gt(readlink("/proc/self/exe", builder->header->executable, 500), 0);
	return builder;
}

START_TEST(what_ended_the_process_is_kept_beside_its_recording)
{
	const struct hg_report_ending endings[] = {{1, W_EXITCODE(1, 0)}, {1234, W_EXITCODE(0, SIGSEGV)}};
	mkdir(test_path("kept"), 0700);
	builder_save_as(unmarked(), "kept/one.hgr");
	builder_save_as(unmarked(), "alone.hgr");
	ck_assert(hg_report_keep_endings(test_path("kept"), endings, 2));
	for (size_t i = 0; i < 2; i++) {
		report(test_path(i == 0 ? "kept" : "kept/one.hgr"));
		ck_assert_has(resolved.out, "ended by signal 11 (SIGSEGV)");
		ck_assert_str_eq(resolved.errors, "");
	}
	report(test_path("alone.hgr"));
	ck_assert_has(resolved.out, "left no exit mark");
	ck_assert(!hg_report_keep_endings(test_path("none"), endings, 2));
}
END_TEST

START_TEST(damage_to_kept_endings_is_told_once)
{
	static const char *const bad[] = {"",
	                                  "another file\n",
	                                  "handleguard endings 2\n",
	                                  "handleguard endings 1\n1234 exited\n",
	                                  "handleguard endings 1\n1234 exited 256\n",
	                                  "handleguard endings 1\n1234 killed 0\n",
	                                  "handleguard endings 1\n1234 exited 1 more\n",
	                                  "handleguard endings 1\n99999999999999999999 exited 1\n",
	                                  "handleguard endings 1\n1234 exited 1"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		builder_save_as(unmarked(), "one.hgr");
		builder_save_as(unmarked(), "two.hgr");
		FILE *file = fopen(test_path("endings.txt"), "we");
		fputs(bad[i], file);
		fclose(file);
		report(test_path(""));
		check_refused(&resolved, "endings.txt",
		              "how the processes ended that were recorded beside it is not known");
		ck_assert_has(resolved.out, "in 2 recordings");
		ck_assert_has(resolved.out, "left no exit mark");
	}
	unlink(test_path("endings.txt"));
	mkfifo(test_path("endings.txt"), 0600);
	report(test_path(""));
	check_refused(&resolved, "endings.txt", "is no file that can be read");
}
END_TEST

START_TEST(a_running_process_is_told_from_a_later_one_of_its_number)
{
	ck_assert_has(report_builder(hg_report_defaults(), of_ourselves()).out, "still running");
	struct builder *earlier = of_ourselves();
	earlier->header->process_start--;
	ck_assert_has(report_builder(hg_report_defaults(), earlier).out, "left no exit mark");
}
END_TEST

START_TEST(exec_is_no_crash)
{
	struct builder *builder = of_ourselves();
	strcpy(builder->header->executable, "/usr/bin/somebody-else");
	ck_assert_has(report_builder(hg_report_defaults(), builder).out, "went on as another program (exec)");
	struct builder *second = unmarked();
	second->header->start_monotonic_ns++;
	second->header->latest_monotonic_ns++;
	builder_save_as(unmarked(), "first.hgr");
	builder_save_as(second, "second.hgr");
	const char *path = test_path("");
	struct hg_report_ending ending = {.pid = 1234, .wait_status = W_EXITCODE(0, SIGABRT)};
	unlink(test_path("built.hgr"));
	resolved = report_paths(hg_report_defaults(), &path, 1, &ending, 1);
	ck_assert_has(resolved.out, "went on as another program (exec)");
	ck_assert_has(resolved.out, "ended by signal 6 (SIGABRT)");
}
END_TEST

static struct builder *in_flight(int count)
{
	struct builder *builder = unmarked();
	struct hg_record_thread *thread = (void *)builder->threads;
	for (int i = 0; i < count; i++)
		thread->frames[i] = (struct hg_frame){.guard = 0x1000,
		                                      .slot = builder->symbols[1 + i].slot,
		                                      .value = 0xabc,
		                                      .fp = 0x7000 - 0x100 * (uint64_t)i,
		                                      .caller = 0x400210};
	return builder;
}

START_TEST(the_headline_says_where_a_process_came_to_grief)
{
	static const char headline[] = "handleguard: 1 finding in 1 recording: 1 error; process 1234 ";
	static const struct {
		int calls, status;
		const char *words;
	} cases[] = {
	    {1, W_EXITCODE(0, SIGSEGV), "was killed by SIGSEGV inside net_recv\n"},
	    {2, W_EXITCODE(0, SIGSEGV), "was killed by SIGSEGV with calls in flight: net_recv, net_free\n"},
	    {5, W_EXITCODE(0, SIGBUS),
	     "was killed by SIGBUS with calls in flight: net_recv, net_free, net_send and 2 more\n"},
	    {0, W_EXITCODE(0, SIGABRT), "was killed by SIGABRT outside guarded calls\n"},
	    {1, W_EXITCODE(0, SIGKILL), "was killed by SIGKILL with calls in flight: net_recv\n"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		resolved = with_ending(in_flight(cases[i].calls), cases[i].status);
		ck_assert_has(resolved.out, headline);
		ck_assert_has(resolved.out, cases[i].words);
	}
	struct builder *builder = in_flight(1);
	builder_thread(builder, 1236, "another");
	resolved = with_ending(builder, W_EXITCODE(0, SIGSEGV));
	ck_assert_has(resolved.out, "was killed by SIGSEGV with calls in flight: net_recv\n");
	resolved = report_builder(hg_report_defaults(), in_flight(1));
	ck_assert_has(resolved.out, "; process 1234 ended without an exit mark with calls in flight: net_recv\n");
}
END_TEST

START_TEST(the_headline_says_nothing_of_an_end_that_is_none_of_its_business)
{
	static const char headline[] = "handleguard: 1 finding in 1 recording: 1 error\n";
	ck_assert_has(with_ending(in_flight(0), W_EXITCODE(0, SIGTERM)).out, headline);
	ck_assert_has(with_ending(in_flight(1), W_EXITCODE(3, 0)).out, headline);
	struct builder *builder = in_flight(1);
	builder->header->mode = HG_MODE_ABORT;
	ck_assert_has(with_ending(builder, W_EXITCODE(0, SIGABRT)).out, headline);
}
END_TEST

/* It did not die of waiting. */
START_TEST(the_headline_does_not_name_a_free_that_waited)
{
	struct builder *builder = in_flight(1);
	struct hg_record_thread *closer = builder_thread(builder, 1236, "watcher");
	closer->frames[0] = (struct hg_frame){
	    .guard = 0x1000 | HG_FRAME_FREE, .slot = builder->symbols[2].slot, .value = 0xabc, .caller = 0x400310};
	builder_finding_at(builder, 0)->outcome = hg_outcome_open(1);
	resolved = with_ending(builder, W_EXITCODE(0, SIGABRT));
	ck_assert_has(resolved.out, "process 1234 was killed by SIGABRT inside net_recv\n");
	ck_assert_has(resolved.out, "The free was still waiting for them when the process ended.");
}
END_TEST

/* A Go program whose two streams nobody has closed. */
static struct builder *with_live_handles(void)
{
	struct builder *builder = unmarked();
	struct hg_record_live *live = builder_live(builder);
	for (int i = 1; i < 4; i++)
		live[i] = (struct hg_record_live){.state = i < 3 ? HG_LIVE_KEPT : HG_LIVE_BUSY,
		                                  .value = 0x50 + (uint64_t)i,
		                                  .generation = 2,
		                                  .ticks = builder->header->start_ticks + 20,
		                                  .tid = 1235,
		                                  .depth = 2,
		                                  .pc = {0x400300, 0x400380}};
	return builder;
}

START_TEST(live_handles_of_a_program_that_runs_no_exit_handlers_are_leaks)
{
	resolved = with_ending(with_live_handles(), W_EXITCODE(3, 0));
	ck_assert_has(resolved.out, "2 findings in 1 recording: 1 error, 1 note\n");
	ck_assert_has(resolved.out, "2. note: leak of stream, created by net_open\n");
	ck_assert_has(strstr(resolved.out, "2. note: leak"), "\n\n   2 times in process 1234");
	ck_assert_has(resolved.out,
	              "   stream 0x51, created with net_open by thread 1235 (reader), was still live when the process\n"
	              "   ended.\n");
	ck_assert_has(resolved.out, "#1  0x400380 in /nowhere/example+0x380\n");
	ck_assert_has(resolved.out, "  end         exited with status 3\n");
	ck_assert_has_not(resolved.out, "(No example of it is left");
}
END_TEST

START_TEST(live_handles_of_a_program_that_was_killed_are_no_leaks)
{
	resolved = with_ending(with_live_handles(), W_EXITCODE(0, SIGKILL));
	ck_assert_has(resolved.out, "handleguard: 1 finding in 1 recording: 1 error\n");
	resolved = report_builder(hg_report_defaults(), with_live_handles());
	ck_assert_has(resolved.out, "handleguard: 1 finding in 1 recording: 1 error\n");
	ck_assert_has(resolved.out, "not known: a Go program leaves no exit mark\n");
}
END_TEST

START_TEST(what_was_in_flight_is_told)
{
	struct builder *builder = unmarked();
	struct hg_record_thread *thread = (void *)builder->threads;
	thread->frames[0] =
	    (struct hg_frame){.guard = 0x1000, .slot = builder->symbols[1].slot, .value = 0xabc, .caller = 0x400210};
	thread->frames[1].guard = HG_FRAME_HOLE;
	resolved = with_ending(builder, W_EXITCODE(0, SIGKILL));
	ck_assert_has(resolved.out, "was in      net_recv of stream 0xabc in thread 1235 (reader), called from\n"
	                            "                #0  0x400210 in /nowhere/example+0x210\n");
	ck_assert_has_not(resolved.out, "unknown function");
}
END_TEST

int main(void)
{
	return RUN_SUITE("endings", what_ended_the_process_is_named,
	                 what_ended_the_process_is_kept_beside_its_recording, damage_to_kept_endings_is_told_once,
	                 a_running_process_is_told_from_a_later_one_of_its_number, exec_is_no_crash,
	                 the_headline_says_where_a_process_came_to_grief,
	                 the_headline_says_nothing_of_an_end_that_is_none_of_its_business,
	                 the_headline_does_not_name_a_free_that_waited,
	                 live_handles_of_a_program_that_runs_no_exit_handlers_are_leaks,
	                 live_handles_of_a_program_that_was_killed_are_no_leaks, what_was_in_flight_is_told);
}
