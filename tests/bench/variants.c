/* What the columns are: the project's own ways, and the others that one may take. */
#include "variants.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NOT_LOOKED, THERE, MISSING };

#define GUARDED(label, object) .name = (label), .preload = (object)

const struct hg_variant_row hg_variant_rows[HG_VARIANTS] = {
    [HG_BARE] = {.name = "bare call"},
    [HG_THROUGH] = {.name = "C wrapper that only calls through", .preload = HG_THROUGH_PRELOAD},
    [HG_HAND_WRITTEN] = {.name = "hand-written guard (two atomic adds)", .preload = HG_HAND_WRITTEN_PRELOAD},
    [HG_COUNTED] = {.name = "counter in the library's own struct", .preload = HG_COUNTED_PRELOAD},
    [HG_TABLE] = {.name = "sharded rwlock table in a preload", .preload = HG_TABLE_PRELOAD},
    [HG_AUDIT] = {.name = "LD_AUDIT that does nothing", .audit = HG_AUDIT_OBJECT},
    [HG_TSAN] = {.name = "ThreadSanitizer's build", .program = HG_TSAN_PROGRAM},
    [HG_UFTRACE] = {.name = "uftrace", .command = {"uftrace", "record", "--force", "-d", HG_SCRATCH}},
    [HG_DRD] = {.name = "Valgrind's drd", .command = {"valgrind", "-q", "--tool=drd"}},
    [HG_LTRACE] = {.name = "ltrace", .command = {"ltrace", "-e", "target_*", "-o", "/dev/null"}},
    [HG_GUARDED] = {GUARDED("handleguard", HG_GUARD_PRELOAD)},
    [HG_GUARDED_FENCED] = {GUARDED("handleguard without membarrier", HG_GUARD_PRELOAD), .flag = "--no-membarrier"},
    [HG_GUARDED_WORDS] = {GUARDED("handleguard, 8 stack words", HG_GUARD_PRELOAD), .flag = "--words"},
    [HG_GUARDED_NO_STACKS] = {GUARDED("handleguard, stacks off", HG_GUARD_PRELOAD), .stacks = "off"},
    [HG_GUARDED_EXCLUSIVE] = {GUARDED("handleguard, exclusive: report", HG_EXCLUSIVE_PRELOAD)},
    [HG_GUARDED_SERIALISED] = {GUARDED("handleguard, exclusive: serialise", HG_SERIALISED_PRELOAD)},
    [HG_GUARDED_DEFER] = {GUARDED("handleguard, drain: defer", HG_GUARD_PRELOAD), .drain = "defer"},
    [HG_GUARDED_DEFER_NO_STACKS] = {GUARDED("handleguard, drain: defer, stacks off", HG_GUARD_PRELOAD), .stacks = "off",
                                    .drain = "defer"},
    [HG_EMBEDDED] = {GUARDED("handleguard.h in the library", HG_EMBEDDED_PRELOAD)},
    [HG_GUARDED_SQLITE] = {GUARDED("handleguard, SQLite's manifest", HG_SQLITE_PRELOAD)},
    [HG_GUARDED_ZMQ] = {GUARDED("handleguard, ZeroMQ's manifest", HG_ZMQ_PRELOAD)},
    [HG_GUARDED_CURL] = {GUARDED("handleguard, curl's manifest", HG_CURL_PRELOAD)},
    [HG_GUARDED_10] = {GUARDED("handleguard, 10 functions", HG_MANY_PRELOAD "_10.so")},
    [HG_GUARDED_100] = {GUARDED("handleguard, 100 functions", HG_MANY_PRELOAD "_100.so")},
    [HG_GUARDED_1000] = {GUARDED("handleguard, 1000 functions", HG_MANY_PRELOAD "_1000.so")},
    [HG_GUARDED_MANY] = {GUARDED("handleguard, 10000 functions", HG_MANY_PRELOAD "_10000.so")},
};

const char *hg_variant_name(enum hg_variant variant)
{
	return hg_variant_rows[variant].name;
}

/* As a shell finds it. */
static bool in_path(const char *program)
{
	char folders[4096], path[4352], *rest = folders;
	const char *all = getenv("PATH");
	snprintf(folders, sizeof folders, "%s", all ? all : "/usr/bin");
	for (char *folder; (folder = strsep(&rest, ":"));) {
		snprintf(path, sizeof path, "%s/%s", folder, program);
		if (access(path, X_OK) == 0)
			return true;
	}
	return false;
}

/* Said once of each: what the machine lacks is no reason to measure nothing. */
bool hg_variant_there(enum hg_variant variant)
{
	static char state[HG_VARIANTS];
	const struct hg_variant_row *row = &hg_variant_rows[variant];
	if (state[variant] != NOT_LOOKED)
		return state[variant] == THERE;
	state[variant] = THERE;
	if (row->command[0] && !in_path(row->command[0])) {
		state[variant] = MISSING;
		fprintf(stderr,
		        "hg_bench: %s is not installed, so what is measured says nothing of it; "
		        "scripts/install-deps bench installs it.\n",
		        row->command[0]);
	} else if (row->program && access(row->program, X_OK) != 0) {
		state[variant] = MISSING;
		fprintf(stderr, "hg_bench: %s was not built here, so what is measured says nothing of it.\n",
		        row->name);
	}
	return state[variant] == THERE;
}
