/* The subcommand: its options, its files, its exit statuses. Each call is a process of its own. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "report/report_command.h"
#include "run.h"

static char *out;
static char *errors;

static void become(char **arguments)
{
	int count = 0;
	while (arguments[count] != NULL)
		count++;
	int file = open(test_path("out"), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
	dup2(file, STDOUT_FILENO);
	file = open(test_path("errors"), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
	dup2(file, STDERR_FILENO);
	int status = hg_command_report(count, arguments);
	fflush(NULL);
	_exit(status);
}

static int run(char **arguments)
{
	int status = 0;
	pid_t child = fork();
	if (child == 0)
		become(arguments);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	free(out);
	free(errors);
	out = test_read(test_path("out"));
	errors = test_read(test_path("errors"));
	return WEXITSTATUS(status);
}

#define RUN(...) run((char *[]){(char *)"handleguard report", __VA_ARGS__ __VA_OPT__(, ) NULL})

/* The path of an example recording. */
static char *example(void)
{
	struct builder *builder = builder_example();
	const char *path = test_path("one.hgr");
	builder_save(builder, path);
	builder_drop(builder);
	return (char *)path;
}

START_TEST(text_on_standard_output_is_the_default)
{
	ck_assert_int_eq(RUN(example()), HG_REPORT_FINDINGS);
	ck_assert_has(out, "handleguard: 1 finding in 1 recording: 1 error\n");
	ck_assert_has_not(out, "\033");
	ck_assert_str_eq(errors, "");
}
END_TEST

START_TEST(json_on_request)
{
	ck_assert_int_eq(RUN((char *)"--format=json", example()), HG_REPORT_FINDINGS);
	ck_assert_has(out, "\"schema\": \"handleguard-report/1\"");
}
END_TEST

START_TEST(a_file_is_replaced_as_a_whole)
{
	char output[256];
	struct stat status;
	strcpy(output, test_path("report.txt"));
	umask(022);
	FILE *old = fopen(output, "we");
	fputs("an earlier report", old);
	fclose(old);
	ck_assert_int_eq(RUN((char *)"-o", output, example()), HG_REPORT_FINDINGS);
	ck_assert_str_eq(out, "");
	char *text = test_read(output);
	ck_assert_has(text, "1. error: late-free of stream");
	ck_assert_has_not(text, "an earlier report");
	free(text);
	ck_assert_int_eq(stat(output, &status), 0);
	ck_assert_uint_eq(status.st_mode & 0777, 0644);
}
END_TEST

START_TEST(a_file_that_cannot_be_written_is_named)
{
	ck_assert_int_eq(RUN((char *)"-o", (char *)"/nowhere/report.txt", example()), HG_REPORT_UNABLE);
	ck_assert_str_eq(errors,
	                 "handleguard report: /nowhere/report.txt: cannot be written: No such file or directory\n");
}
END_TEST

START_TEST(a_full_disk_is_noticed)
{
	ck_assert_int_eq(RUN((char *)"-o", (char *)"/dev/full", example()), HG_REPORT_UNABLE);
	ck_assert_has(errors, "/dev/full: cannot be written: No space left on device");
}
END_TEST

START_TEST(the_level_to_fail_on_is_chosen)
{
	char *path = example();
	ck_assert_int_eq(RUN((char *)"--fail-on=error", path), HG_REPORT_FINDINGS);
	struct builder *builder = builder_example();
	builder->sites[0].kind = HG_KIND_LEAK;
	memset(builder->ring, 0, BUILDER_RING);
	builder_save(builder, path);
	builder_drop(builder);
	ck_assert_int_eq(RUN(path), HG_REPORT_CLEAN);
	ck_assert_int_eq(RUN((char *)"--fail-on=note", path), HG_REPORT_FINDINGS);
}
END_TEST

START_TEST(mistakes_say_what_was_meant)
{
	ck_assert_int_eq(RUN((char *)"--format=xml", example()), HG_REPORT_UNABLE);
	ck_assert_has(errors, "handleguard report: --format does not take 'xml'; it takes "
	                      "text|json|ndjson|sarif|junit|github|html|suppressions|trace\n");
	ck_assert_int_eq(RUN((char *)"--fail-on=all", example()), HG_REPORT_UNABLE);
	ck_assert_has(errors, "--fail-on does not take 'all'; it takes note, warning or error\n");
	ck_assert_int_eq(RUN((char *)"--nonsense", example()), HG_REPORT_UNABLE);
	ck_assert_has(errors, "unrecognized option '--nonsense'");
	ck_assert_int_eq(run((char *[]){(char *)"handleguard report", NULL}), HG_REPORT_UNABLE);
	ck_assert_has(errors, "no PATH was given");
	ck_assert_str_eq(out, "");
}
END_TEST

START_TEST(help_is_complete)
{
	ck_assert_int_eq(RUN((char *)"--help"), 0);
	static const char *const parts[] = {"PATH...",
	                                    "--format=FORMAT",
	                                    "--fail-on=note|warning|error",
	                                    "--output=[FORMAT:]FILE",
	                                    "Exit status: 0",
	                                    "NO_COLOR",
	                                    "DEBUGINFOD_URLS",
	                                    "text (default)"};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		ck_assert_has(out, parts[i]);
}
END_TEST

int main(void)
{
	return RUN_SUITE("command", text_on_standard_output_is_the_default, json_on_request,
	                 a_file_is_replaced_as_a_whole, a_file_that_cannot_be_written_is_named, a_full_disk_is_noticed,
	                 the_level_to_fail_on_is_chosen, mistakes_say_what_was_meant, help_is_complete);
}
