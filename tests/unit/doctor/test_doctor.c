/* The command line of `handleguard doctor`: each mistake in one line, and exit status 2. */
#include <stdlib.h>

#include "doctor/doctor.h"
#include "said.h"

static const char *said;

static int doctor_words(const char *const *words, size_t count)
{
	char *copy[8] = {strdup("doctor")};

	for (size_t i = 0; i < count; i++)
		copy[i + 1] = strdup(words[i]);
	said_begin();
	int status = hg_command_doctor((int)count + 1, copy);
	said = said_end();
	for (size_t i = 0; i <= count; i++)
		free(copy[i]);
	return status;
}
#define DOCTOR(...)                                                                                                    \
	doctor_words((const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

START_TEST(a_manifest_and_a_command_are_needed)
{
	ck_assert_int_eq(DOCTOR("--", "true"), 2);
	ck_assert_str_eq(said, "doctor: no manifest was given; say what to guard with -m\n");
	ck_assert_str_eq(said_out(), "");
	ck_assert_int_eq(DOCTOR("-m", "sqlite3"), 2);
	ck_assert_str_eq(said,
	                 "doctor: no command was given; write it after --, as in doctor -m MANIFEST -- COMMAND\n");
}
END_TEST

START_TEST(a_wrong_word_is_told)
{
	ck_assert_int_eq(DOCTOR("-m", "a", "--format=xml", "true"), 2);
	ck_assert_str_eq(said, "doctor: --format is 'xml', but must be one of text, json\n");
	ck_assert_int_eq(DOCTOR("-m", "a", "--fromat=json", "true"), 2);
	ck_assert_has(said, "did you mean --format?");
}
END_TEST

START_TEST(a_manifest_that_is_not_there_is_told_and_nothing_answered)
{
	ck_assert_int_eq(DOCTOR("-m", "/none/there.yaml", "--", "true"), 2);
	ck_assert_has(said, "/none/there.yaml");
	ck_assert_str_eq(said_out(), "");
}
END_TEST

int main(void)
{
	return SAID_SUITE("doctor: command line", a_manifest_and_a_command_are_needed, a_wrong_word_is_told,
	                  a_manifest_that_is_not_there_is_told_and_nothing_answered);
}
