/* The doctor's trial: what becomes of a program of its own tells what guards do on this machine. Here that program is
 * this one, which does what the test says in TRIAL. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "doctor/trial.h"
#include "format/launches.h"
#include "said.h"

/* --- the program --- */

static bool trial_says(const char *word)
{
	const char *words = getenv("TRIAL");
	return words && strstr(words, word);
}

static int open_in(const char *folder, const char *name, int flags)
{
	char path[512];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return open(path, flags | O_CLOEXEC, 0600);
}

/* As the runtime does when it comes up. */
static void be_seen(const char *folder)
{
	int fd = open_in(folder, HG_LAUNCHES_FILE, O_RDWR);
	struct hg_launches *launches = mmap(NULL, sizeof(*launches), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fd >= 0 && launches != MAP_FAILED && launches->program == (uint32_t)getpid())
		launches->seen = 1;
}

static int try_as_program(void)
{
	const char *folder = getenv("HANDLEGUARD_OUTPUT"), *preload = getenv("LD_PRELOAD");
	if (!folder || !preload || !strstr(preload, PRELOAD))
		return HG_TRIAL_FAILED;
	if (trial_says("speak"))
		fputs("first line\nsecond line\n", stderr);
	if (trial_says("seen"))
		be_seen(folder);
	if (trial_says("record"))
		close(open_in(folder, "a.hgr", O_CREAT | O_WRONLY));
	if (trial_says("killed"))
		kill(getpid(), SIGSYS);
	if (trial_says("unguarded"))
		return HG_TRIAL_NO_GUARDS;
	return trial_says("fail") ? HG_TRIAL_FAILED : HG_TRIAL_GOOD;
}

/* --- the trial --- */

static struct hg_trial trial;

static void make_trial(const char *does, const char *folder)
{
	setenv("TRIAL", does, 1);
	setenv("TMPDIR", said_folder(), 1);
	/* Where this program is built with it, it comes before the preloaded one. */
	setenv("ASAN_OPTIONS", "verify_asan_link_order=0:detect_leaks=0", 1);
	hg_trial_make(&trial, "doctor", (const char *const[]){PRELOAD}, 1, folder);
}

/* Nothing stays. */
static void check_clean(void)
{
	DIR *left = opendir(said_folder());
	for (struct dirent *entry; (entry = readdir(left));)
		ck_assert_msg(entry->d_name[0] == '.', "%s is left", entry->d_name);
	closedir(left);
}

START_TEST(guards_that_come_up_and_record_are_good)
{
	make_trial("seen record", NULL);
	ck_assert_int_eq(trial.outcome, HG_TRIAL_GOOD);
	ck_assert_str_eq(trial.said, "");
	check_clean();
}
END_TEST

START_TEST(each_failure_is_told_from_the_others)
{
	static const struct {
		const char *does;
		enum hg_trial_outcome outcome;
	} cases[] = {{"record", HG_TRIAL_NO_GUARDS},
	             {"seen record unguarded", HG_TRIAL_NO_GUARDS},
	             {"seen", HG_TRIAL_NO_RECORDING},
	             {"seen record fail", HG_TRIAL_FAILED}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		make_trial(cases[i].does, NULL);
		ck_assert_msg(trial.outcome == cases[i].outcome, "%s: %d", cases[i].does, trial.outcome);
		check_clean();
	}
}
END_TEST

START_TEST(a_signal_that_ends_the_program_is_told)
{
	make_trial("seen record killed", NULL);
	ck_assert_int_eq(trial.outcome, HG_TRIAL_KILLED);
	ck_assert_int_eq(trial.signal, SIGSYS);
	check_clean();
}
END_TEST

START_TEST(of_what_is_said_the_first_line_is_kept)
{
	make_trial("seen record speak", NULL);
	ck_assert_int_eq(trial.outcome, HG_TRIAL_GOOD);
	ck_assert_str_eq(trial.said, "first line");
}
END_TEST

START_TEST(what_run_refuses_is_refused)
{
	hg_trial_make(&trial, "doctor", (const char *const[]){"/none/there.so"}, 1, NULL);
	ck_assert_int_eq(trial.outcome, HG_TRIAL_REFUSED);
	ck_assert_has(trial.said, "doctor: /none/there.so: cannot be read");
}
END_TEST

START_TEST(a_folder_that_was_not_there_is_gone_again)
{
	char folder[512];
	snprintf(folder, sizeof(folder), "%s/recordings", said_folder());
	make_trial("seen record", folder);
	ck_assert_int_eq(trial.outcome, HG_TRIAL_GOOD);
	check_clean();
	ck_assert_int_eq(mkdir(folder, 0700), 0);
	make_trial("seen record", folder);
	ck_assert_int_eq(trial.outcome, HG_TRIAL_GOOD);
	ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "doctor") == 0 && strcmp(argv[2], "--try") == 0)
		return try_as_program();
	return SAID_SUITE("doctor: trial", guards_that_come_up_and_record_are_good,
	                  each_failure_is_told_from_the_others, a_signal_that_ends_the_program_is_told,
	                  of_what_is_said_the_first_line_is_kept, what_run_refuses_is_refused,
	                  a_folder_that_was_not_there_is_gone_again);
}
