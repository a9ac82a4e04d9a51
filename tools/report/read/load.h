/* Recordings from files and folders. */
#ifndef HG_REPORT_READ_LOAD_H
#define HG_REPORT_READ_LOAD_H

#include <stdio.h>

#include "report/model/model.h"

struct hg_loading {
	struct hg_model *model;
	FILE *errors;
	const char *program; /* errors begin with it */
	bool allow_empty;    /* a folder may hold no recording */
	struct hg_kept_endings *kept;
};

/* Adds the recording at `path`, or all of a folder and of the folders in it. False after at least one error, told in
 * one sentence each; what could be read is added all the same. A file that was added before is passed over. */
bool hg_load(const struct hg_loading *loading, const char *path);

#endif
