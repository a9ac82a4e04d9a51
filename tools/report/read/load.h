/* Recordings from files. */
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

enum hg_loaded {
	HG_LOADED,
	HG_LOADED_NOTHING, /* its process ended before it had begun to record */
	HG_LOADED_NOT      /* it cannot be read, or is no recording */
};

/* Reads the recording that lies at its path: bytes and findings. If that fails, says why in one sentence. */
enum hg_loaded hg_load(const struct hg_loading *loading, struct hg_recording *recording);

/* Says in one sentence what is wrong with a path. False. */
bool hg_complain(const struct hg_loading *loading, const char *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
