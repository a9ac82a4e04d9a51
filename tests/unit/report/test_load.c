/* Files and folders: what is found, what is refused and in which words; how processes ended; how findings are grouped.
 */
#include <fcntl.h>
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

static void save_as(struct builder *builder, const char *name)
{
	builder_save(builder, test_path(name));
	builder_drop(builder);
}

static void report(const char *path)
{
	resolved = report_path(hg_report_defaults(), path);
}

static size_t count_lines(const char *text)
{
	size_t lines = 0;
	for (; *text != 0; text++)
		lines += *text == '\n';
	return lines;
}

/* One sentence about the path, and the status that says that the tool could not do its work. */
static void refused(const char *path, const char *why)
{
	ck_assert_int_eq(resolved.status, HG_REPORT_UNABLE);
	ck_assert_uint_eq(count_lines(resolved.errors), 1);
	ck_assert_has(resolved.errors, path);
	ck_assert_has(resolved.errors, why);
}

START_TEST(a_path_that_is_missing_is_named)
{
	report(test_path("none.hgr"));
	refused("none.hgr", "cannot be opened: No such file or directory");
	ck_assert_str_eq(resolved.out, "");
}
END_TEST

START_TEST(a_file_that_is_no_recording_is_named)
{
	FILE *file = fopen(test_path("letter.txt"), "we");
	fputs("Dear reader, this is a letter and no recording.\n", file);
	fclose(file);
	report(test_path("letter.txt"));
	refused("letter.txt", "this is not a recording: it does not begin with HGRECORD");
}
END_TEST

START_TEST(an_empty_file_is_too_short)
{
	close(open(test_path("empty.hgr"), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	report(test_path("empty.hgr"));
	refused("empty.hgr", "the file is shorter than it should be (header, offset 0: found 0, expected 3488)");
}
END_TEST

START_TEST(a_pipe_is_not_waited_for)
{
	ck_assert_int_eq(mkfifo(test_path("pipe.hgr"), 0600), 0);
	report(test_path("pipe.hgr"));
	refused("pipe.hgr", "is neither a recording");
}
END_TEST

START_TEST(a_recording_that_names_a_pipe_is_not_waited_for_either)
{
	static const char *const devices[] = {"pipe", "/dev/zero"};
	ck_assert_int_eq(mkfifo(test_path("pipe"), 0600), 0);
	for (size_t i = 0; i < 2; i++) {
		struct builder *builder = builder_example();
		const char *path = i == 0 ? test_path(devices[i]) : devices[i];
		builder_extent(builder, HG_EXTENT_MODULES)->used = 0;
		builder_module(builder, path, 0x400000, 0x400000, 0x500000);
		strcpy(builder->header->executable, path);
		save_as(builder, "one.hgr");
		report(test_path("one.hgr"));
		ck_assert_int_eq(resolved.status, HG_REPORT_FINDINGS);
		ck_assert_str_eq(resolved.errors, "");
		ck_assert_has(resolved.out, "#0  0x400200 in ");
	}
}
END_TEST

START_TEST(another_version_says_which)
{
	struct builder *builder = builder_example();
	builder->header->version = 41;
	save_as(builder, "old.hgr");
	report(test_path("old.hgr"));
	refused("old.hgr", "recorded by version 41 of the format; this tool reads version 5");
}
END_TEST

START_TEST(damage_says_section_and_offset)
{
	struct builder *builder = builder_example();
	builder->symbols[0].name = 0x7fffffff;
	char place[64];
	snprintf(place, sizeof place, "(symbols, offset %zu: found 2147483647",
	         (size_t)((char *)builder->symbols - (char *)builder->words));
	save_as(builder, "bad.hgr");
	report(test_path("bad.hgr"));
	refused("bad.hgr", place);
}
END_TEST

START_TEST(a_folder_without_recordings_says_so)
{
	report(test_path(""));
	refused(test_path(""), "there is no recording (*.hgr) in this folder");
	struct hg_report_options options = hg_report_defaults();
	options.allow_empty = true;
	resolved = report_path(options, test_path(""));
	ck_assert_int_eq(resolved.status, HG_REPORT_CLEAN);
	ck_assert_str_eq(resolved.errors, "");
}
END_TEST

START_TEST(a_folder_is_read_one_level_deep)
{
	mkdir(test_path("a"), 0700);
	mkdir(test_path("a/b"), 0700);
	save_as(builder_example(), "one.hgr");
	save_as(builder_example(), "a/two.hgr");
	save_as(builder_example(), "a/b/three.hgr");
	save_as(builder_example(), "a/other.txt");
	report(test_path(""));
	ck_assert_str_eq(resolved.errors, "");
	ck_assert_has(resolved.out, "in 2 recordings");
	ck_assert_has(resolved.out, "/one.hgr\n");
	ck_assert_has(resolved.out, "/a/two.hgr\n");
	ck_assert_has_not(resolved.out, "three.hgr");
}
END_TEST

START_TEST(a_recording_named_twice_counts_once)
{
	save_as(builder_example(), "one.hgr");
	const char *paths[] = {test_path("one.hgr"), test_path(""), test_path("one.hgr")};
	resolved = report_paths(hg_report_defaults(), paths, 3, NULL, 0);
	ck_assert_int_eq(resolved.status, HG_REPORT_FINDINGS);
	ck_assert_has(resolved.out, "in 1 recording:");
}
END_TEST

START_TEST(the_readable_are_reported_beside_the_others)
{
	save_as(builder_example(), "good.hgr");
	const char *paths[] = {test_path("none.hgr"), test_path("good.hgr")};
	resolved = report_paths(hg_report_defaults(), paths, 2, NULL, 0);
	refused("none.hgr", "cannot be opened");
	ck_assert_has(resolved.out, "late-free");
}
END_TEST

START_TEST(a_process_killed_before_it_recorded_spoils_nothing)
{
	save_as(builder_example(), "good.hgr");
	FILE *file = fopen(test_path("early.hgr"), "we");
	ck_assert_int_eq(ftruncate(fileno(file), 8192), 0);
	fclose(file);
	report(test_path(""));
	ck_assert_int_eq(resolved.status, HG_REPORT_FINDINGS);
	ck_assert_has(resolved.errors, "the process ended while it created the recording");
	report(test_path("early.hgr"));
	refused("early.hgr", "the process ended while it created the recording");
}
END_TEST

START_TEST(a_recording_that_grew_since_its_header_was_written_is_read)
{
	struct builder *builder = builder_example();
	builder->header->file_size -= 4096; /* the header was copied before the file grew */
	builder->header->extents[builder->header->extent_count - 1].size -= 4096;
	save_as(builder, "grown.hgr");
	report(test_path("grown.hgr"));
	ck_assert_str_eq(resolved.errors, "");
	ck_assert_int_eq(resolved.status, HG_REPORT_FINDINGS);
}
END_TEST

/* ---- The verdict ---- */

static struct builder *with_finding(enum hg_kind kind)
{
	struct builder *builder = builder_example();
	builder->sites[0].kind = kind;
	builder->header->ring_head = 0;
	memset(builder->ring, 0, BUILDER_RING);
	return builder;
}

static enum hg_report_status verdict(enum hg_kind kind, enum hg_level fail_on)
{
	struct hg_report_options options = hg_report_defaults();
	options.fail_on = fail_on;
	return report_builder(options, with_finding(kind)).status;
}

START_TEST(the_level_decides_the_status)
{
	ck_assert_int_eq(verdict(HG_KIND_LATE_OP, HG_LEVEL_ERROR), HG_REPORT_FINDINGS);
	ck_assert_int_eq(verdict(HG_KIND_STRAY, HG_LEVEL_ERROR), HG_REPORT_CLEAN);
	ck_assert_int_eq(verdict(HG_KIND_STRAY, HG_LEVEL_WARNING), HG_REPORT_FINDINGS);
	ck_assert_int_eq(verdict(HG_KIND_LEAK, HG_LEVEL_WARNING), HG_REPORT_CLEAN);
	ck_assert_int_eq(verdict(HG_KIND_LEAK, HG_LEVEL_NOTE), HG_REPORT_FINDINGS);
	ck_assert_int_eq(hg_report_defaults().fail_on, HG_LEVEL_WARNING);
}
END_TEST

static struct builder *blind(void)
{
	struct builder *builder = builder_example();
	memset(builder->threads, 0, builder_extent(builder, HG_EXTENT_THREADS)->size);
	memset(builder->totals, 0, 4096);
	builder->sites[0].key = 0;
	builder->header->ring_head = 0;
	memset(builder->ring, 0, BUILDER_RING);
	return builder;
}

START_TEST(zero_coverage_is_never_a_pass)
{
	resolved = report_builder(hg_report_defaults(), blind());
	ck_assert_int_eq(resolved.status, HG_REPORT_UNABLE);
	ck_assert_has(resolved.errors, "not one call was guarded");
	ck_assert_has(resolved.out, "NONE: not one call was guarded");
}
END_TEST

START_TEST(one_blind_process_among_seeing_ones_is_only_told)
{
	save_as(blind(), "blind.hgr");
	struct builder *seeing = blind();
	seeing->totals[0] = 1;
	save_as(seeing, "seeing.hgr");
	report(test_path(""));
	ck_assert_int_eq(resolved.status, HG_REPORT_CLEAN);
	ck_assert_has(resolved.out, "NONE: not one call was guarded");
}
END_TEST

/* ---- Groups ---- */

START_TEST(the_same_race_in_two_processes_is_one_finding)
{
	struct builder *other = builder_example();
	/* The same object somewhere else in the other process. */
	other->modules[0].load_bias += 0x1000000;
	other->modules[0].low += 0x1000000;
	other->modules[0].high += 0x1000000;
	other->sites[0].call_pc += 0x1000000;
	other->sites[0].other_pc += 0x1000000;
	other->header->pid = 4321;
	save_as(builder_example(), "one.hgr");
	save_as(other, "two.hgr");
	report(test_path(""));
	ck_assert_has(resolved.out, "1 finding in 2 recordings");
	ck_assert_has(resolved.out, "3 times in process 1234");
	ck_assert_has(resolved.out, "3 times in process 4321");
}
END_TEST

START_TEST(other_call_sites_are_other_findings)
{
	struct builder *builder = builder_example();
	builder_site(builder, HG_KIND_LATE_FREE, 0, 2, 1, 1)->call_pc = 0x400108;
	builder_site(builder, HG_KIND_LATE_FREE, 0, 2, 3, 1)->call_pc = 0x400100;
	builder_site(builder, HG_KIND_REPEAT_FREE, 0, 2, 2, 1)->call_pc = 0x400100;
	resolved = report_builder(hg_report_defaults(), builder);
	ck_assert_has(resolved.out, "4 findings in 1 recording");
}
END_TEST

START_TEST(findings_without_a_site_are_grouped_by_their_own_calls)
{
	struct builder *builder = builder_example();
	struct draft draft;
	for (int i = 0; i < 3; i++) {
		draft_begin(&draft, HG_KIND_REPEAT_FREE, 0, 0x77);
		draft_party(&draft, HG_PARTY_CALL, 1, 2, (uint64_t[]){0x400110}, 1);
		draft_party(&draft, HG_PARTY_FREE, 2, 2, (uint64_t[]){0x400120}, 1);
		builder_write_finding(builder, &draft);
	}
	resolved = report_builder(hg_report_defaults(), builder);
	ck_assert_has(resolved.out, "2 findings in 1 recording");
	ck_assert_has(resolved.out, "repeat-free of stream, net_free against net_free\n   3 times");
}
END_TEST

START_TEST(a_finding_whose_examples_are_gone_is_still_told)
{
	resolved = report_builder(hg_report_defaults(), with_finding(HG_KIND_LATE_FREE));
	ck_assert_has(resolved.out, "3 times in process 1234");
	ck_assert_has(resolved.out, "No example of it is left");
	ck_assert_has(resolved.out, "In flight: net_recv");
	ck_assert_has(resolved.out, "/nowhere/example+0x200");
}
END_TEST

/* ---- Many ---- */

START_TEST(many_recordings_are_told_together)
{
	char name[16];
	for (int i = 0; i < 7; i++) {
		struct builder *builder = i == 6 ? blind() : builder_example();
		builder->header->pid = 2000 + (uint32_t)i;
		if (i == 3)
			builder->symbols[4].state = HG_SYMBOL_BOUND; /* bound in one of them is bound */
		if (i == 4)
			builder_symbol(builder, "net_extra", 0, HG_ROLE_OP, HG_SYMBOL_NAMED);
		snprintf(name, sizeof name, "%d.hgr", i);
		save_as(builder, name);
	}
	report(test_path(""));
	ck_assert_has(resolved.out, "1 finding in 7 recordings");
	ck_assert_has(resolved.out, "7 guarded: 5 bound, 3 called, 3 never called, 1 missing\n"
	                            "              never called: net_send, net_poll, net_extra\n");
	ck_assert_has(resolved.out, "calls       7 407 414 guarded\n");
	ck_assert_has(resolved.out, "stream                        6          0          6          0          0\n");
	ck_assert_has(resolved.out, "/5.hgr\n  process     2005 ");
	ck_assert_has(resolved.out, "calls       NONE: ");
	ck_assert_has_not(resolved.out, "fence membarrier");
	ck_assert_has(resolved.out, "3 times in process 2004, 100 ms after the start, last 500 ms after it\n"
	                            "   3 times in 1 other process\n");
}
END_TEST

/* ---- Endings ---- */

static struct resolved with_ending(struct builder *builder, int wait_status)
{
	save_as(builder, "one.hgr");
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
	save_as(unmarked(), "kept/one.hgr");
	save_as(unmarked(), "alone.hgr");
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
		save_as(unmarked(), "one.hgr");
		save_as(unmarked(), "two.hgr");
		FILE *file = fopen(test_path("endings.txt"), "we");
		fputs(bad[i], file);
		fclose(file);
		report(test_path(""));
		refused("endings.txt", "how the processes ended that were recorded beside it is not known");
		ck_assert_has(resolved.out, "in 2 recordings");
		ck_assert_has(resolved.out, "left no exit mark");
	}
	unlink(test_path("endings.txt"));
	mkfifo(test_path("endings.txt"), 0600);
	report(test_path(""));
	refused("endings.txt", "is no file that can be read");
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
	save_as(unmarked(), "first.hgr");
	save_as(second, "second.hgr");
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
	ck_assert_has(resolved.out, "2. note: leak of stream against net_open\n   2 times in process 1234");
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
	return RUN_SUITE(
	    "load", a_path_that_is_missing_is_named, a_file_that_is_no_recording_is_named, an_empty_file_is_too_short,
	    a_pipe_is_not_waited_for, a_recording_that_names_a_pipe_is_not_waited_for_either,
	    another_version_says_which, damage_says_section_and_offset, a_folder_without_recordings_says_so,
	    a_folder_is_read_one_level_deep, a_recording_named_twice_counts_once,
	    the_readable_are_reported_beside_the_others, a_process_killed_before_it_recorded_spoils_nothing,
	    a_recording_that_grew_since_its_header_was_written_is_read, the_level_decides_the_status,
	    zero_coverage_is_never_a_pass, one_blind_process_among_seeing_ones_is_only_told,
	    the_same_race_in_two_processes_is_one_finding, other_call_sites_are_other_findings,
	    findings_without_a_site_are_grouped_by_their_own_calls, a_finding_whose_examples_are_gone_is_still_told,
	    many_recordings_are_told_together, what_ended_the_process_is_named,
	    what_ended_the_process_is_kept_beside_its_recording, damage_to_kept_endings_is_told_once,
	    a_running_process_is_told_from_a_later_one_of_its_number, exec_is_no_crash, what_was_in_flight_is_told,
	    live_handles_of_a_program_that_runs_no_exit_handlers_are_leaks,
	    live_handles_of_a_program_that_was_killed_are_no_leaks, the_headline_says_where_a_process_came_to_grief,
	    the_headline_says_nothing_of_an_end_that_is_none_of_its_business,
	    the_headline_does_not_name_a_free_that_waited);
}
