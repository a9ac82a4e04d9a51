/* How a variant's processes are started. */
#ifndef VARIANTS_H
#define VARIANTS_H

#include <stdbool.h>

#include "harness.h"

/* Stands for a folder of this run in a command. */
#define HG_SCRATCH "@"

struct hg_variant_row {
	const char *name;
	const char *preload, *audit;       /* LD_PRELOAD, LD_AUDIT */
	const char *program;               /* another program than this one */
	const char *command[8];            /* what the program is run by */
	const char *flag, *stacks, *drain; /* null: as presets are */
};

extern const struct hg_variant_row hg_variant_rows[HG_VARIANTS];

/* False, and said, if the machine has not what it needs. */
bool hg_variant_there(enum hg_variant variant);

#endif
