/* What the doctor finds out about the machine: where the kernel gives all, and where a filter takes something away. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "doctor/system.h"
#include "filter.h"
#include "said.h"

static struct hg_forecast forecast = {.program = "doctor"};
static const char *const manifests[] = {"/none/there.so"}; /* the trial is refused, whatever the machine has */

static void begin_anew(void)
{
	hg_forecast_drop(&forecast);
	forecast = (struct hg_forecast){.program = "doctor"};
}

static void check_system(const char *folder)
{
	setenv("TMPDIR", said_folder(), 1);
	said_begin();
	hg_system_check(&forecast, manifests, 1, folder);
	said_end();
}

static const struct hg_remark *remark(const char *part)
{
	for (size_t i = 0; i < forecast.remark_count; i++)
		if (strstr(forecast.remarks[i].text, part))
			return &forecast.remarks[i];
	return NULL;
}

static void check_remark(enum hg_remark_level level, const char *part)
{
	const struct hg_remark *found = remark(part);
	ck_assert_msg(found != NULL, "nothing is said of \"%s\"", part);
	ck_assert_int_eq(found->level, level);
	ck_assert_str_eq(found->about, "system");
}

START_TEST(a_machine_that_has_all_is_well)
{
	check_system(NULL);
	check_remark(HG_REMARK_OK, "kernel ");
	check_remark(HG_REMARK_OK, "fence membarrier");
	check_remark(HG_REMARK_OK, "forked children are told apart");
	check_remark(HG_REMARK_OK, "recordings can be written");
}
END_TEST

START_TEST(a_trial_that_fails_decides)
{
	forecast.verdict = HG_FORECAST_COVERED;
	check_system(NULL);
	check_remark(HG_REMARK_PROBLEM, "guards failed in a trial");
	ck_assert_int_eq(forecast.verdict, HG_FORECAST_UNKNOWN);
	ck_assert_has(forecast.why, "run would not start the program: doctor: /none/there.so: cannot be read");
}
END_TEST

START_TEST(without_membarrier_calls_cost_more)
{
	static const struct filtered_call none = {.number = SYS_membarrier, .action = SECCOMP_RET_ERRNO | EPERM};
	ck_assert_int_eq(filter_call(&none, 0), 0);
	check_system(NULL);
	check_remark(HG_REMARK_NOTE, "fence full");
	check_remark(HG_REMARK_NOTE, "a seccomp filter is in force");
}
END_TEST

/* It ends whoever asks: not the doctor. */
START_TEST(a_filter_that_kills_is_a_problem)
{
	static const struct filtered_call fatal = {.number = SYS_membarrier, .action = SECCOMP_RET_KILL_PROCESS};
	ck_assert_int_eq(filter_call(&fatal, 0), 0);
	check_system(NULL);
	check_remark(HG_REMARK_PROBLEM, "a seccomp filter ends whoever calls membarrier, as guards do");
}
END_TEST

START_TEST(memory_that_forks_do_not_wipe_is_a_problem)
{
	static const struct filtered_call wipe = {
	    SYS_madvise, true, 2, MADV_WIPEONFORK, MADV_WIPEONFORK, SECCOMP_RET_ERRNO | EINVAL};
	ck_assert_int_eq(filter_call(&wipe, 0), 0);
	check_system(NULL);
	check_remark(HG_REMARK_PROBLEM, "refuses to wipe memory in forked children");
}
END_TEST

START_TEST(without_a_folder_nothing_is_tried)
{
	char path[512];
	snprintf(path, sizeof(path), "%s/file", said_folder());
	close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	check_system(path);
	check_remark(HG_REMARK_PROBLEM, "recordings cannot be written");
	ck_assert_ptr_null(remark("trial"));
	ck_assert_int_eq(forecast.verdict, HG_FORECAST_UNKNOWN);
	ck_assert_str_eq(forecast.why, "there is no folder for recordings");
}
END_TEST

START_TEST(a_folder_that_others_can_write_to_is_told)
{
	char path[512];
	snprintf(path, sizeof(path), "%s/open", said_folder());
	ck_assert_int_eq(mkdir(path, 0700), 0);
	check_system(path);
	ck_assert_ptr_null(remark("others can write"));
	ck_assert_int_eq(chmod(path, 0777), 0);
	begin_anew();
	check_system(path);
	check_remark(HG_REMARK_NOTE, "others can write to the folder for recordings");
	ck_assert_int_eq(chmod(path, 01777), 0);
	begin_anew();
	check_system(path);
	ck_assert_ptr_null(remark("others can write"));
}
END_TEST

int main(void)
{
	return SAID_SUITE("doctor: system", a_machine_that_has_all_is_well, a_trial_that_fails_decides,
	                  without_membarrier_calls_cost_more, a_filter_that_kills_is_a_problem,
	                  memory_that_forks_do_not_wipe_is_a_problem, without_a_folder_nothing_is_tried,
	                  a_folder_that_others_can_write_to_is_told);
}
