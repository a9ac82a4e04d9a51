/* Samples in words. */
#ifndef HG_TOP_SCREEN_H
#define HG_TOP_SCREEN_H

#include <stdio.h>

#include "top/sample.h"

/* A process at a moment and, unless it is null, at the one before. */
struct hg_top_process {
	struct hg_sample *now, *before;
};

/* A line for each process, and below what each of them is in. */
void hg_top_print(FILE *out, const struct hg_top_process *processes, size_t count);

#endif
