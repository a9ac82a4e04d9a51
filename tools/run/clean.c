#include "run/clean.h"

#include <argp.h>
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/allocate.h"
#include "common/files.h"
#include "common/typeset.h"
#include "manifest/cache.h"
#include "run/look_once.h"
#include "run/old_runs.h"

enum { EXIT_UNABLE = 2, HASH_LENGTH = 32 };

struct cleaning {
	size_t keep;
	bool any; /* folder was named */
	bool failed;
};

static const char documentation[] =
    "Removes the preload objects, the symbol tables and the list of programs looked through that are kept in the "
    "user's cache, or, if a DIR is named, what finished runs have recorded there (run --output DIR). Objects are made "
    "anew when they are needed: clean while nothing runs under "
    "handleguard, whose children would look for them in vain."
    "\v"
    "Exit status: 0; 2 if a folder cannot be read.";

static const struct argp_option options[] = {
    {"keep-last", 'k', "N", 0, "leave the last N runs in each DIR (0)", 0},
    {0},
};

/* "sqlite3-", 32 digits and ".so": as cache.c names them. */
static bool is_object(const char *name)
{
	const char *digits = strrchr(name, '-');

	return digits && hg_has_suffix(name, ".so") && strlen(digits + 1) == HASH_LENGTH + strlen(".so") &&
	       strspn(digits + 1, "0123456789abcdef") == HASH_LENGTH;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void)status, (void)kind, (void)place;
	return remove(path);
}

/* As symbols.c lays them out. */
static void clean_symbols(const char *cache)
{
	enum { OPEN_AT_ONCE = 8 };
	char *folder = hg_format("%s/.build-id", cache);

	nftw(folder, remove_entry, OPEN_AT_ONCE, FTW_DEPTH | FTW_PHYS);
	free(folder);
}

static size_t clean_cache(struct cleaning *cleaning)
{
	char *path = hg_cache_directory(stderr);
	DIR *folder = path ? opendir(path) : NULL;
	size_t removed = 0;

	for (const struct dirent *entry; folder && (entry = readdir(folder));)
		removed += is_object(entry->d_name) && unlinkat(dirfd(folder), entry->d_name, 0) == 0;
	cleaning->failed |= !folder;
	if (folder) {
		unlinkat(dirfd(folder), HG_LOOKED_THROUGH_FILE, 0);
		clean_symbols(path);
		closedir(folder);
	}
	free(path);
	return removed;
}

static void tell(size_t removed, const char *one, const char *many)
{
	fputs("removed ", stdout);
	hg_print_count(stdout, removed, one, many);
	fputc('\n', stdout);
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct cleaning *cleaning = state->input;
	char *end;

	switch (key) {
	case 'k':
		cleaning->keep = strtoul(argument, &end, 10);
		if (*argument < '0' || *argument > '9' || *end != '\0')
			argp_error(state, "--keep-last does not take '%s'; it takes a number", argument);
		return 0;
	case ARGP_KEY_ARG:
		cleaning->any = true;
		if (hg_is_folder(argument)) {
			tell(hg_old_runs_remove(argument, cleaning->keep, NULL), "run", "runs");
			return 0;
		}
		fprintf(stderr, "%s: %s: is no folder\n", state->name, argument);
		cleaning->failed = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int hg_command_clean(int argc, char **argv)
{
	static const struct argp parser = {options, parse, "[DIR...]", documentation, NULL, NULL, NULL};
	struct cleaning cleaning = {0};

	argp_err_exit_status = EXIT_UNABLE;
	if (argp_parse(&parser, argc, argv, 0, NULL, &cleaning) != 0)
		return EXIT_UNABLE;
	if (!cleaning.any)
		tell(clean_cache(&cleaning), "preload object", "preload objects");
	return cleaning.failed ? EXIT_UNABLE : EXIT_SUCCESS;
}
