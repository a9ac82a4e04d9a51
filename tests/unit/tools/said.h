/* What a function prints, kept for the test. */
#ifndef SAID_H
#define SAID_H

#include <check.h>
#include <string.h>

/* Standard output and standard error go to files from here on. */
void said_begin(void);

/* And back to where they went. What was printed meanwhile on standard error, and on standard output; valid until the
 * next time. */
const char *said_end(void);
const char *said_out(void);

/* A folder of this test's, made at the first call; removed with all that is in it. */
const char *said_folder(void);
void said_remove_folder(void);

#define ck_assert_has(text, part)                                                                                      \
	do {                                                                                                           \
		const char *whole_ = (text);                                                                           \
		ck_assert_msg(strstr(whole_, (part)) != NULL, "there is no \"%s\" in:\n%s", (part), whole_);           \
	} while (0)

/* What a test need not release: it goes with the test's process. Returns it. */
void *said_kept(void *memory);

/* Runs a suite, each test in a process and a folder of its own; returns the exit status of main. */
int said_suite(const char *name, const TTest *const *tests, size_t count);
#define SAID_SUITE(name, ...)                                                                                          \
	said_suite(name, (const TTest *const[]){__VA_ARGS__},                                                          \
	           sizeof((const TTest *const[]){__VA_ARGS__}) / sizeof(TTest *))

#endif
