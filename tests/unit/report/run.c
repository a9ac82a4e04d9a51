#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Standard error into a file while it lives. */
struct diversion {
	int kept;
	char path[64];
};

static void divert(struct diversion *diversion)
{
	strcpy(diversion->path, "/tmp/hgreport-errors-XXXXXX");
	int file = mkstemp(diversion->path);
	fflush(stderr);
	diversion->kept = dup(STDERR_FILENO);
	dup2(file, STDERR_FILENO);
	close(file);
}

static char *restore(struct diversion *diversion)
{
	fflush(stderr);
	dup2(diversion->kept, STDERR_FILENO);
	close(diversion->kept);
	char *text = test_read(diversion->path);
	unlink(diversion->path);
	return text;
}

struct resolved report_paths(struct hg_report_options options, const char *const *paths, size_t count,
                             const struct hg_report_ending *endings, size_t ending_count)
{
	static struct resolved resolved;
	struct diversion diversion;
	char output[] = "/tmp/hgreport-out-XXXXXX";
	free(resolved.out);
	free(resolved.errors);
	close(mkstemp(output));
	struct hg_report_target target = options.target_count > 0 ? *options.targets : (struct hg_report_target){0};
	target.path = output;
	options.targets = &target;
	options.target_count = 1;
	divert(&diversion);
	resolved.status = hg_report(&options, paths, count, endings, ending_count);
	resolved.errors = restore(&diversion);
	resolved.out = test_read(output);
	unlink(output);
	return resolved;
}

struct resolved report_path(struct hg_report_options options, const char *path)
{
	return report_paths(options, &path, 1, NULL, 0);
}

struct resolved report_builder(struct hg_report_options options, struct builder *builder)
{
	const char *path = test_path("built.hgr");
	builder_save(builder, path);
	builder_drop(builder);
	return report_path(options, path);
}

void builder_save_as(struct builder *builder, const char *name)
{
	builder_save(builder, test_path(name));
	builder_drop(builder);
}

static size_t count_lines(const char *text)
{
	size_t lines = 0;
	for (; *text != 0; text++)
		lines += *text == '\n';
	return lines;
}

void check_refused(const struct resolved *resolved, const char *path, const char *why)
{
	ck_assert_int_eq(resolved->status, HG_REPORT_UNABLE);
	ck_assert_uint_eq(count_lines(resolved->errors), 1);
	ck_assert_has(resolved->errors, path);
	ck_assert_has(resolved->errors, why);
}

int run_suite(const char *name, const TTest *const *tests, size_t count)
{
	Suite *suite = suite_create(name);
	TCase *tcase = tcase_create(name);
	tcase_add_checked_fixture(tcase, (SFun)(void (*)(void))test_folder, remove_test_folder);
	for (size_t i = 0; i < count; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

struct resolved tell(struct builder *builder)
{
	return report_builder(hg_report_defaults(), builder);
}

const char *flat(struct resolved resolved)
{
	char *to = resolved.out;
	for (const char *from = resolved.out; *from != 0; from++) {
		bool goes_on = strncmp(from, "\n   ", 4) == 0 && from[4] != ' ';
		*to++ = goes_on ? ' ' : *from;
		from += goes_on ? 3 : 0;
	}
	*to = 0;
	return resolved.out;
}
