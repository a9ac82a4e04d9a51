/* What the command line of `go test` says, and what is added to it. */
#ifndef HG_GO_ARGUMENTS_H
#define HG_GO_ARGUMENTS_H

#include <stdbool.h>

/* Whether a flag is given that belongs to `go test`, and not to the tests (behind -args). */
bool hg_go_has_flag(char *const *words, const char *name);

/* The command line `go test` of `words`, which begin behind `test`, with `-exec` and with linker flags that keep the
 * symbols, joined to the user's own, if he has some (also in GOFLAGS). A list that ends with null, to be freed with
 * hg_go_drop. */
char **hg_go_command(char *const *words, const char *exec);
void hg_go_drop(char **command);

/* A word as `go test` takes it within the value of -exec, to be freed; null: it has both kinds of quotes. */
char *hg_go_quoted(const char *word);

#endif
