#define _GNU_SOURCE
#include "doctor/system.h"

#include <dlfcn.h>
#include <linux/membarrier.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "run/folder.h"

enum { LEAST_MAJOR = 4, LEAST_MINOR = 14, RECORDING_ROOM = 2 << 20 };

static void check_kernel(struct hg_survey *survey)
{
	struct utsname name;
	unsigned major = 0, minor = 0;

	if (uname(&name) != 0 || sscanf(name.release, "%u.%u", &major, &minor) != 2)
		hg_survey_remark(survey, HG_REMARK_NOTE, "system", "the kernel's version is not known");
	else if (major > LEAST_MAJOR || (major == LEAST_MAJOR && minor >= LEAST_MINOR))
		hg_survey_remark(survey, HG_REMARK_OK, "system", "kernel %u.%u", major, minor);
	else
		hg_survey_remark(survey, HG_REMARK_PROBLEM, "system",
		                 "kernel %u.%u: guards need %d.%d, which can wipe memory in forked children", major,
		                 minor, LEAST_MAJOR, LEAST_MINOR);
}

static void check_membarrier(struct hg_survey *survey)
{
	long commands = syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0);

	if (commands > 0 && (commands & MEMBARRIER_CMD_PRIVATE_EXPEDITED))
		hg_survey_remark(survey, HG_REMARK_OK, "system", "fence membarrier");
	else
		hg_survey_remark(survey, HG_REMARK_NOTE, "system",
		                 "fence full: this system has no membarrier, so that each guarded call costs more");
}

static void check_unwinder(struct hg_survey *survey)
{
	if (dlopen("libunwind.so.8", RTLD_LAZY | RTLD_LOCAL))
		hg_survey_remark(survey, HG_REMARK_OK, "system", "stacks by libunwind.so.8");
	else
		hg_survey_remark(survey, HG_REMARK_PROBLEM, "system",
		                 "libunwind.so.8 is not installed: stacks will have one frame only");
}

/* Whoever can write to the folder above can put another in the place of this run's. The sticky bit of /tmp prevents
 * that. */
static void check_parent(struct hg_survey *survey, const char *folder)
{
	struct stat status;
	char *parent = strndup(folder, (size_t)(strrchr(folder, '/') - folder));

	if (parent && stat(parent, &status) == 0 && (status.st_mode & (S_IWGRP | S_IWOTH)) &&
	    !(status.st_mode & S_ISVTX))
		hg_survey_remark(survey, HG_REMARK_NOTE, "system",
		                 "others can write to the folder for recordings, %s, and take them away or put others "
		                 "in their place; give one of your own with --output",
		                 parent);
	free(parent);
}

/* By making a folder as `run` does, which says what is wrong; nothing of it stays. */
static void check_folder(struct hg_survey *survey, const char *parent)
{
	struct stat status;
	bool there = !parent || stat(parent, &status) == 0;
	char *folder = hg_folder_make(survey->program, parent, RECORDING_ROOM);

	if (folder) {
		hg_folder_remove(folder);
		check_parent(survey, folder);
		hg_survey_remark(survey, HG_REMARK_OK, "system", "recordings can be written");
	} else {
		hg_survey_remark(survey, HG_REMARK_PROBLEM, "system", "recordings cannot be written");
		survey->verdict = HG_SURVEY_UNKNOWN;
		free(survey->why);
		survey->why = NULL;
		if (asprintf(&survey->why, "there is no folder for recordings") < 0)
			abort();
	}
	if (!there)
		rmdir(parent);
	free(folder);
}

void hg_system_check(struct hg_survey *survey, const char *folder)
{
	check_kernel(survey);
	check_membarrier(survey);
	check_unwinder(survey);
	check_folder(survey, folder);
}
