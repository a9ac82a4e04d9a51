/* Runs whose races are made to happen: the files of what is learned and what is to be done again. */
#ifndef HG_RUN_PROVOKE_H
#define HG_RUN_PROVOKE_H

#include <stdbool.h>

#include "run/command_line.h"

/* Whether the files that the options name can be used; says which cannot. */
bool hg_provoke_ready(const struct hg_run_options *options);

/* How many near misses the file of --learn knows; 0 too if there is none. */
size_t hg_provoke_known(const struct hg_run_options *options);

/* Notes in that file how many this run has added to those that were known `before`, and says so: or for how many runs
 * there has been none. Nothing without --learn. */
void hg_provoke_tell(const struct hg_run_options *options, size_t before);

/* Names them in the environment so that they are found from wherever the program goes. */
void hg_provoke_export(const struct hg_run_options *options);

/* Has programs in Go that are started with this environment collect their garbage often, where calls may be held back;
 * unless GOGC says when they do. */
void hg_provoke_collections(const struct hg_run_options *options);

/* Likewise Node: what NODE_OPTIONS is to be, which was NODE_OPTIONS so far (or null); to be freed. Null: it stays. */
char *hg_provoke_node_options(const struct hg_run_options *options, const char *node_options);

#endif
