/* Options: the default for what is not set, the value for what is, a complaint and the default for what is wrong. */
#include <stdlib.h>
#include <string.h>

#include "base/options.h"
#include "harness.h"

static struct hg_options options;
static struct {
	int count;
	char variable[64], value[PATH_MAX + 16], expected[128];
} complaints;

static void complain(const char *variable, const char *value, const char *expected)
{
	complaints.count++;
	strcpy(complaints.variable, variable);
	strcpy(complaints.value, value);
	strcpy(complaints.expected, expected);
}

static void read_with(const char *variable, const char *value)
{
	complaints.count = 0;
	memset(&options, 0xee, sizeof options);
	setenv(variable, value, 1);
	hg_options_read(&options, getenv, complain);
	unsetenv(variable);
}

static void refused(const char *variable, const char *value, const char *expected)
{
	read_with(variable, value);
	ck_assert_msg(complaints.count == 1, "%s=%s was taken", variable, value);
	ck_assert_str_eq(complaints.variable, variable);
	ck_assert_str_eq(complaints.value, value);
	ck_assert_ptr_nonnull(strstr(complaints.expected, expected));
}

static void check_defaults(void)
{
	ck_assert_uint_eq(options.mode, HG_MODE_GUARD);
	ck_assert_uint_eq(options.drain, HG_DRAIN_AUTO);
	ck_assert_uint_eq(options.deadline_ms, 5000); /* A9: above any normal op */
	ck_assert_uint_eq(options.after_deadline, HG_AFTER_DEADLINE_DEFER);
	ck_assert_uint_eq(options.stacks, 0);
	ck_assert_uint_eq(options.on_full, 0);
	ck_assert_uint_eq(options.ring_kib, 1024);
	ck_assert_uint_eq(options.repeat_limit, 8);
	ck_assert_uint_eq(options.quarantine_kib, 8192);
	ck_assert_uint_eq(options.quarantine_blocks, 4096);
	ck_assert_uint_eq(options.dead_handles, 131072);
	ck_assert_str_eq(options.output, ".");
	ck_assert_uint_eq(options.provoke, 0);
	ck_assert_uint_eq(options.points, 15);
	ck_assert_str_eq(options.learn, "");
}

START_TEST(nothing_set_means_the_defaults)
{
	hg_options_read(&options, getenv, complain);
	ck_assert_int_eq(complaints.count, 0);
	check_defaults();
}
END_TEST

START_TEST(every_word_is_taken)
{
	static const char *const modes[] = {"guard", "observe", "abort"};
	for (unsigned i = 0; i < 3; i++) {
		read_with("HANDLEGUARD_MODE", modes[i]);
		ck_assert_uint_eq(options.mode, i);
	}
	read_with("HANDLEGUARD_DRAIN", "defer");
	ck_assert_uint_eq(options.drain, HG_DRAIN_DEFER);
	read_with("HANDLEGUARD_AFTER_DEADLINE", "leak");
	ck_assert_uint_eq(options.after_deadline, HG_AFTER_DEADLINE_LEAK);
	read_with("HANDLEGUARD_STACKS", "off");
	ck_assert_uint_eq(options.stacks, 1);
	read_with("HANDLEGUARD_ON_FULL", "drop");
	ck_assert_uint_eq(options.on_full, 1);
	ck_assert_int_eq(complaints.count, 0);
}
END_TEST

START_TEST(numbers_are_taken_up_to_their_bounds)
{
	read_with("HANDLEGUARD_DEADLINE_MS", "0");
	ck_assert_uint_eq(options.deadline_ms, 0);
	read_with("HANDLEGUARD_DEADLINE_MS", "86400000");
	ck_assert_uint_eq(options.deadline_ms, 86400000);
	read_with("HANDLEGUARD_RING_KIB", "64");
	ck_assert_uint_eq(options.ring_kib, 64);
	read_with("HANDLEGUARD_RING_KIB", "1048576");
	ck_assert_uint_eq(options.ring_kib, 1048576);
	read_with("HANDLEGUARD_REPEAT_LIMIT", "1");
	ck_assert_uint_eq(options.repeat_limit, 1);
	ck_assert_int_eq(complaints.count, 0);
}
END_TEST

START_TEST(a_switch_and_letters_are_taken)
{
	read_with("HANDLEGUARD_PROVOKE", "on");
	ck_assert_uint_eq(options.provoke, 1);
	read_with("HANDLEGUARD_PROVOKE", "off");
	ck_assert_uint_eq(options.provoke, 0);
	read_with("HANDLEGUARD_PROVOKE_POINTS", "ai");
	ck_assert_uint_eq(options.points, 8 | 2);
	read_with("HANDLEGUARD_PROVOKE_POINTS", "lb");
	ck_assert_uint_eq(options.points, 16 | 1);
	read_with("HANDLEGUARD_PROVOKE", "off");
	ck_assert_uint_eq(options.points, 15); /* point l only on request */
	ck_assert_int_eq(complaints.count, 0);
	refused("HANDLEGUARD_PROVOKE", "yes", "off|on");
	refused("HANDLEGUARD_PROVOKE_POINTS", "", "bifa");
	refused("HANDLEGUARD_PROVOKE_POINTS", "bx", "bifa");
	check_defaults();
}
END_TEST

START_TEST(a_path_is_taken)
{
	read_with("HANDLEGUARD_OUTPUT", "/somewhere/else");
	ck_assert_str_eq(options.output, "/somewhere/else");
	ck_assert_int_eq(complaints.count, 0);
}
END_TEST

START_TEST(wrong_words_are_refused)
{
	static const char *const wrong[] = {"",       "guar",          "guards", "Guard", "guard ",
	                                    " guard", "guard|observe", "|",      "1"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		refused("HANDLEGUARD_MODE", wrong[i], "guard|observe|abort");
		check_defaults();
	}
	refused("HANDLEGUARD_DRAIN", "waits", "wait|defer");
	refused("HANDLEGUARD_STACKS", "yes", "on|off");
	refused("HANDLEGUARD_ON_FULL", "keep", "overwrite|drop");
}
END_TEST

START_TEST(wrong_numbers_are_refused)
{
	static const char *const wrong[] = {"",
	                                    "-1",
	                                    "+1",
	                                    " 1",
	                                    "1 ",
	                                    "1s",
	                                    "1.5",
	                                    "x",
	                                    "0x10",
	                                    "86400001",
	                                    "18446744073709551616",
	                                    "99999999999999999999999"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		refused("HANDLEGUARD_DEADLINE_MS", wrong[i], "0 to 86400000");
		check_defaults();
	}
	refused("HANDLEGUARD_RING_KIB", "63", "64 to 1048576");
	refused("HANDLEGUARD_RING_KIB", "1048577", "64 to 1048576");
	refused("HANDLEGUARD_REPEAT_LIMIT", "0", "1 to 1000000");
	refused("HANDLEGUARD_QUARANTINE_BLOCKS", "65537", "0 to 65536");
	refused("HANDLEGUARD_DEAD_HANDLES", "255", "256 to 1000000000");
}
END_TEST

START_TEST(wrong_paths_are_refused)
{
	static char path[PATH_MAX + 1];
	memset(path, 'x', PATH_MAX);
	refused("HANDLEGUARD_OUTPUT", path, "a path");
	check_defaults();
	path[PATH_MAX - 1] = '\0';
	read_with("HANDLEGUARD_OUTPUT", path);
	ck_assert_int_eq(complaints.count, 0);
	refused("HANDLEGUARD_OUTPUT", "", "a path");
}
END_TEST

int main(void)
{
	return RUN_SUITE("options", nothing_set_means_the_defaults, every_word_is_taken,
	                 numbers_are_taken_up_to_their_bounds, a_switch_and_letters_are_taken, a_path_is_taken,
	                 wrong_words_are_refused, wrong_numbers_are_refused, wrong_paths_are_refused);
}
