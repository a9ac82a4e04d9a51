#include "doctor/system.h"

#include <dlfcn.h>
#include <errno.h>
#include <linux/membarrier.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/signal_name.h"
#include "doctor/trial.h"
#include "run/folder.h"

enum { LEAST_MAJOR = 4, LEAST_MINOR = 14, RECORDING_ROOM = 2 << 20 };

static void check_kernel(struct hg_forecast *forecast)
{
	struct utsname name;
	unsigned major = 0, minor = 0;

	if (uname(&name) != 0 || sscanf(name.release, "%u.%u", &major, &minor) != 2)
		hg_forecast_remark(forecast, HG_REMARK_NOTE, "system", "the kernel's version is not known");
	else if (major > LEAST_MAJOR || (major == LEAST_MAJOR && minor >= LEAST_MINOR))
		hg_forecast_remark(forecast, HG_REMARK_OK, "system", "kernel %u.%u", major, minor);
	else
		hg_forecast_remark(forecast, HG_REMARK_PROBLEM, "system",
		                   "kernel %u.%u: guards need %d.%d, which can wipe memory in forked children", major,
		                   minor, LEAST_MAJOR, LEAST_MINOR);
}

/* ---- System calls ---- */

enum answer { GRANTED, REFUSED, FORBIDDEN };

/* In a process of its own, as a filter may end whoever makes the call. */
static enum answer ask(bool (*call)(void))
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		_exit(call() ? GRANTED : REFUSED);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (pid < 0)
		return REFUSED;
	return WIFEXITED(status) ? (enum answer)WEXITSTATUS(status) : FORBIDDEN;
}

static bool has_membarrier(void)
{
	return syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0 &&
	       syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) == 0;
}

static bool can_wipe(void)
{
	void *page = mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return page != MAP_FAILED && madvise(page, 1, MADV_WIPEONFORK) == 0;
}

static void forbidden(struct hg_forecast *forecast, const char *call)
{
	hg_forecast_remark(forecast, HG_REMARK_PROBLEM, "system",
	                   "a seccomp filter ends whoever calls %s, as guards do", call);
}

static void check_membarrier(struct hg_forecast *forecast)
{
	switch (ask(has_membarrier)) {
	case GRANTED:
		hg_forecast_remark(forecast, HG_REMARK_OK, "system", "fence membarrier");
		break;
	case REFUSED:
		hg_forecast_remark(forecast, HG_REMARK_NOTE, "system",
		                   "fence full: this system refuses membarrier, so that each guarded call costs more");
		break;
	default:
		forbidden(forecast, "membarrier");
	}
}

static void check_wiping(struct hg_forecast *forecast)
{
	switch (ask(can_wipe)) {
	case GRANTED:
		hg_forecast_remark(forecast, HG_REMARK_OK, "system", "forked children are told apart");
		break;
	case REFUSED:
		hg_forecast_remark(
		    forecast, HG_REMARK_PROBLEM, "system",
		    "this system refuses to wipe memory in forked children (MADV_WIPEONFORK), so that guards "
		    "may take one for its parent");
		break;
	default:
		forbidden(forecast, "madvise");
	}
}

/* The kernel does not say what the filters forbid; that shows in the trial. */
static void check_filter(struct hg_forecast *forecast)
{
	char line[256];
	int mode = 0;
	FILE *status = fopen("/proc/self/status", "re");

	if (!status) {
		hg_forecast_remark(forecast, HG_REMARK_NOTE, "system",
		                   "/proc is not there: how processes end, and seccomp filters, are not known");
		return;
	}
	while (fgets(line, sizeof(line), status) && sscanf(line, "Seccomp: %d", &mode) != 1)
		;
	fclose(status);
	if (mode != 0)
		hg_forecast_remark(forecast, HG_REMARK_NOTE, "system", "a seccomp filter is in force");
}

static void check_unwinder(struct hg_forecast *forecast)
{
	if (dlopen("libunwind.so.8", RTLD_LAZY | RTLD_LOCAL))
		hg_forecast_remark(forecast, HG_REMARK_OK, "system", "stacks by libunwind.so.8");
	else
		hg_forecast_remark(forecast, HG_REMARK_PROBLEM, "system",
		                   "libunwind.so.8 is not installed: stacks will have one frame only");
}

/* Whoever can write to the folder above can put another in the place of this run's. The sticky bit of /tmp prevents
 * that. */
static void check_parent(struct hg_forecast *forecast, const char *folder)
{
	struct stat status;
	char *parent = strndup(folder, (size_t)(strrchr(folder, '/') - folder));

	if (parent && stat(parent, &status) == 0 && (status.st_mode & (S_IWGRP | S_IWOTH)) &&
	    !(status.st_mode & S_ISVTX))
		hg_forecast_remark(
		    forecast, HG_REMARK_NOTE, "system",
		    "others can write to the folder for recordings, %s, and take them away or put others "
		    "in their place; give one of your own with --output",
		    parent);
	free(parent);
}

/* Makes a folder for recordings as `run` does, which says what is wrong, and removes it. */
static bool check_folder(struct hg_forecast *forecast, const char *parent)
{
	struct stat status;
	bool there = !parent || stat(parent, &status) == 0;
	char *folder = hg_folder_make(forecast->program, parent, RECORDING_ROOM);
	bool made = folder;

	if (made) {
		hg_folder_remove(folder);
		check_parent(forecast, folder);
		hg_forecast_remark(forecast, HG_REMARK_OK, "system", "recordings can be written");
	} else {
		hg_forecast_remark(forecast, HG_REMARK_PROBLEM, "system", "recordings cannot be written");
		hg_forecast_judge(forecast, HG_FORECAST_UNKNOWN, "there is no folder for recordings");
	}
	if (!there)
		rmdir(parent);
	free(folder);
	return made;
}

/* ---- The trial ---- */

static void conclude(struct hg_forecast *forecast, const struct hg_trial *trial)
{
	const char *colon = trial->said[0] ? ": " : "";

	switch (trial->outcome) {
	case HG_TRIAL_GOOD:
		break;
	case HG_TRIAL_REFUSED:
		hg_forecast_judge(forecast, HG_FORECAST_UNKNOWN, "run would not start the program%s%s", colon,
		                  trial->said);
		break;
	case HG_TRIAL_KILLED:
		hg_forecast_judge(forecast, HG_FORECAST_UNKNOWN,
		                  "with guards, a program is ended by signal %d (%s) here%s%s", trial->signal,
		                  hg_signal_name(trial->signal), colon, trial->said);
		break;
	case HG_TRIAL_NO_GUARDS:
		hg_forecast_judge(forecast, HG_FORECAST_NOTHING, "the loader preloads nothing here%s%s", colon,
		                  trial->said);
		break;
	case HG_TRIAL_NO_RECORDING:
		hg_forecast_judge(forecast, HG_FORECAST_NOTHING, "guards cannot record here%s%s", colon, trial->said);
		break;
	default:
		hg_forecast_judge(forecast, HG_FORECAST_UNKNOWN, "guards did not hold in a trial%s%s", colon,
		                  trial->said);
	}
}

/* Says nothing of what was bad before. */
static void check_by_trial(struct hg_forecast *forecast, const char *const *manifests, size_t count, const char *folder)
{
	struct hg_trial trial;

	hg_trial_make(&trial, forecast->program, manifests, count, folder);
	if (trial.outcome == HG_TRIAL_GOOD)
		hg_forecast_remark(forecast, HG_REMARK_OK, "system", "guards held and recorded in a trial");
	else
		hg_forecast_remark(forecast, HG_REMARK_PROBLEM, "system", "guards failed in a trial");
	if (forecast->verdict == HG_FORECAST_COVERED)
		conclude(forecast, &trial);
}

void hg_system_check(struct hg_forecast *forecast, const char *const *manifests, size_t count, const char *folder)
{
	check_kernel(forecast);
	check_filter(forecast);
	check_membarrier(forecast);
	check_wiping(forecast);
	check_unwinder(forecast);
	if (check_folder(forecast, folder))
		check_by_trial(forecast, manifests, count, folder);
}
