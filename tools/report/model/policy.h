/* Which findings are accepted, and what levels kinds have, as files of the user's say. */
#ifndef HG_REPORT_MODEL_POLICY_H
#define HG_REPORT_MODEL_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/record.h"

/* A finding that fits all that is given is accepted. Texts are patterns of fnmatch; null: not given. */
struct hg_suppression {
	const char *file; /* where it stands */
	uint32_t line;
	char *kind, *class, *function, *object, *test, *fingerprint;
	char *reason;
	char *expires; /* the last day on which it accepts, YYYY-MM-DD; null: for ever */
	bool expired;
	uint64_t met; /* findings that fit it */
};

struct hg_policy {
	struct hg_suppression *suppressions;
	size_t suppression_count;
	enum hg_level levels[HG_KIND_COUNT]; /* 0: as it is */
	const char *baseline;                /* its file; null: none */
	uint64_t *known;                     /* fingerprints of the baseline, ascending */
	size_t known_count;
	size_t known_met; /* of them, that were found again */
};

#endif
