/* What the report of a run tells of the manifest that the program was run with. */
#ifndef HG_MANIFEST_LEARN_OBSERVED_H
#define HG_MANIFEST_LEARN_OBSERVED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Of a class of handles. */
struct hg_observed_class {
	char *name;
	uint64_t adopted; /* handles that came from no create that is named */
	uint64_t reborn;  /* handles that were handed out anew although nothing had freed them */
	uint64_t kept;    /* handles that nothing had freed when the program ended */
	uint64_t older;   /* calls that may have been meant for an older handle of the same address */
};

/* A function of the library that the program uses, and that the manifest does not name. */
struct hg_observed_function {
	char *name;
	char *used_by;
};

struct hg_observed {
	char *library;  /* path of the one that the manifest is for; null: the program had none */
	bool is_called; /* a function of the manifest was called at all */
	struct hg_observed_class *classes;
	size_t class_count;
	struct hg_observed_function *functions;
	size_t function_count;
};

/* Reads a JSON report. False after saying on `errors` why it cannot. */
bool hg_observed_read(struct hg_observed *observed, const char *report, FILE *errors);
void hg_observed_drop(struct hg_observed *observed);

/* Null: it was not seen. */
const struct hg_observed_class *hg_observed_class(const struct hg_observed *observed, const char *name);

#endif
