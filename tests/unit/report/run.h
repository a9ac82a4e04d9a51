/* Runs a report as a program would, and keeps what it printed. */
#ifndef RUN_H
#define RUN_H

#include <check.h>

#include "builder.h"
#include "report/report.h"

struct resolved {
	enum hg_report_status status;
	char *out;
	char *errors;
};

/* Of one path; the texts stay valid until the next run. */
struct resolved report_path(struct hg_report_options options, const char *path);
struct resolved report_paths(struct hg_report_options options, const char *const *paths, size_t count,
                             const struct hg_report_ending *endings, size_t ending_count);
/* Of the builder's recording, which is dropped. */
struct resolved report_builder(struct hg_report_options options, struct builder *builder);

/* As the text report tells it, with nothing asked for. */
struct resolved tell(struct builder *builder);
/* Its text with the line breaks of its paragraphs undone. */
const char *flat(struct resolved resolved);

/* Saves a builder's recording under this name in the test's folder, and drops it. */
void builder_save_as(struct builder *builder, const char *name);

/* One sentence about the path, and the status that says that the tool could not do its work. */
void check_refused(const struct resolved *resolved, const char *path, const char *why);

#define ck_assert_has(text, part)                                                                                      \
	do {                                                                                                           \
		const char *whole_ = (text);                                                                           \
		ck_assert_msg(strstr(whole_, (part)) != NULL, "there is no \"%s\" in:\n%s", (part), whole_);           \
	} while (0)
#define ck_assert_has_not(text, part)                                                                                  \
	do {                                                                                                           \
		const char *whole_ = (text);                                                                           \
		ck_assert_msg(strstr(whole_, (part)) == NULL, "there is \"%s\" in:\n%s", (part), whole_);              \
	} while (0)

/* Runs a suite; returns the exit status of main. */
int run_suite(const char *name, const TTest *const *tests, size_t count);
#define RUN_SUITE(name, ...)                                                                                           \
	run_suite(name, (const TTest *const[]){__VA_ARGS__},                                                           \
	          sizeof((const TTest *const[]){__VA_ARGS__}) / sizeof(TTest *))

#endif
