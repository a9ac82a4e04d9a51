#include "run/perf_maps.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/files.h"
#include "program/elf/elf_file.h"
#include "program/target.h"

/* ---- Whether it is Node ---- */

/* node::Start(int, char**): Node's own main function calls it, wherever the distribution has put it. */
static void visit(void *context, const char *name, enum hg_place place)
{
	bool *is_node = context;

	(void)place;
	*is_node |= strcmp(name, "_ZN4node5StartEiPPc") == 0;
}

static bool is_node(const char *path)
{
	struct hg_elf_file file;
	bool found = false;

	if (!hg_elf_file_open(&file, path))
		return false;
	hg_elf_file_symbols(&file, visit, &found);
	hg_elf_file_close(&file);
	return found;
}

/* "#!/usr/bin/env node": what env would run; null: nothing that can be found. */
static char *run_by_env(const char *program, const char *argument)
{
	char *path = NULL, *said = NULL;
	size_t size;
	FILE *errors = open_memstream(&said, &size);

	if (errors && hg_target_find(program, argument, &path, errors) != 0) {
		free(path);
		path = NULL;
	}
	if (errors)
		fclose(errors);
	free(said);
	return path;
}

bool hg_perf_maps_has_node(const char *program, const char *path)
{
	char interpreter[PATH_MAX], argument[PATH_MAX], file[PATH_MAX];

	snprintf(file, sizeof(file), "%s", path);
	for (int i = 0; i < HG_TARGET_SCRIPTS && hg_target_script(file, interpreter, argument); i++) {
		if (strcmp(hg_base_name(interpreter), "env") == 0) {
			char *found = run_by_env(program, argument);
			bool has = found && is_node(found);
			free(found);
			return has;
		}
		memcpy(file, interpreter, sizeof(file));
	}
	return is_node(file);
}

/* ---- What it is told ---- */

char *hg_perf_maps_options(const char *node_options)
{
	static const char added[] = "--perf-basic-prof-only-functions --interpreted-frames-native-stack";
	char *options = NULL;

	if (node_options && (strstr(node_options, "perf-basic-prof") || strstr(node_options, "perf_basic_prof")))
		return NULL;
	if (asprintf(&options, "%s%s%s", node_options ? node_options : "", node_options && *node_options ? " " : "",
	             added) < 0)
		return NULL;
	return options;
}

/* ---- What it has left ---- */

void hg_perf_maps_remove(uint32_t pid, const struct timespec *since)
{
	char path[64];
	struct stat status;

	snprintf(path, sizeof(path), "/tmp/perf-%" PRIu32 ".map", pid);
	if (lstat(path, &status) != 0 || !S_ISREG(status.st_mode) || status.st_uid != geteuid())
		return;
	bool is_older = status.st_mtim.tv_sec < since->tv_sec ||
	                (status.st_mtim.tv_sec == since->tv_sec && status.st_mtim.tv_nsec < since->tv_nsec);
	if (!is_older)
		unlink(path);
}
