/* What is legal in a manifest but unwise. Each rule looks at one class or at one function. */
#ifndef HG_LINT_H
#define HG_LINT_H

#include "manifest.h"

struct hg_lint;

/* Where a warning is about: a class or a function, and a key in it. */
struct hg_lint_place {
	struct hg_mark mark;
	const char *name, *key;
};

/* Notes "FILE:LINE:COLUMN: warning: NAME: key 'KEY': found FOUND, wiser WISER". */
void hg_warn(struct hg_lint *lint, struct hg_lint_place place, const char *found, const char *wiser, ...)
    __attribute__((format(printf, 4, 5)));

const struct hg_manifest *hg_linted(const struct hg_lint *lint);

void hg_lint_class(struct hg_lint *lint, uint32_t index);
void hg_lint_function(struct hg_lint *lint, const struct hg_manifest_function *function);

/* `handleguard manifest lint`; argv[0] is the command's name. */
int hg_command_lint(int argc, char **argv);

#endif
