/* Files and folders: what is found, what is refused and in which words; how findings are grouped. */
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

static void report(const char *path)
{
	resolved = report_path(hg_report_defaults(), path);
}

/* One sentence about the path, and the status that says that the tool could not do its work. */
static void refused(const char *path, const char *why)
{
	check_refused(&resolved, path, why);
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
	refused("empty.hgr", "the file is shorter than it should be (header, offset 0: found 0, expected 3744)");
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
		builder_save_as(builder, "one.hgr");
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
	builder_save_as(builder, "old.hgr");
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
	builder_save_as(builder, "bad.hgr");
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
	builder_save_as(builder_example(), "one.hgr");
	builder_save_as(builder_example(), "a/two.hgr");
	builder_save_as(builder_example(), "a/b/three.hgr");
	builder_save_as(builder_example(), "a/other.txt");
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
	builder_save_as(builder_example(), "one.hgr");
	const char *paths[] = {test_path("one.hgr"), test_path(""), test_path("one.hgr")};
	resolved = report_paths(hg_report_defaults(), paths, 3, NULL, 0);
	ck_assert_int_eq(resolved.status, HG_REPORT_FINDINGS);
	ck_assert_has(resolved.out, "in 1 recording:");
}
END_TEST

START_TEST(the_readable_are_reported_beside_the_others)
{
	builder_save_as(builder_example(), "good.hgr");
	const char *paths[] = {test_path("none.hgr"), test_path("good.hgr")};
	resolved = report_paths(hg_report_defaults(), paths, 2, NULL, 0);
	refused("none.hgr", "cannot be opened");
	ck_assert_has(resolved.out, "late-free");
}
END_TEST

START_TEST(a_process_killed_before_it_recorded_spoils_nothing)
{
	builder_save_as(builder_example(), "good.hgr");
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
	builder_save_as(builder, "grown.hgr");
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
	builder_save_as(blind(), "blind.hgr");
	struct builder *seeing = blind();
	seeing->totals[0] = 1;
	builder_save_as(seeing, "seeing.hgr");
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
	builder_save_as(builder_example(), "one.hgr");
	builder_save_as(other, "two.hgr");
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
	ck_assert_has(resolved.out, "\n2. error: repeat-free of stream, net_free against net_free\n");
	ck_assert_has(strstr(resolved.out, "\n2. error"), "\n\n   3 times");
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
		builder_save_as(builder, name);
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
	    many_recordings_are_told_together);
}
