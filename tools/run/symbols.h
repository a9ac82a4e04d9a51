/* Symbol tables that programs were stripped of. */
#ifndef HG_RUN_SYMBOLS_H
#define HG_RUN_SYMBOLS_H

#include "run/command_line.h"

/* Sets in the environment where files lie that were separated from objects: the folder's whole path. */
void hg_run_symbols_export(const struct hg_run_options *options);

/* The same, and what the program has packed into itself is unpacked into the user's cache, once: the runtime, which is
 * a guest, only maps files. */
void hg_run_symbols(const struct hg_run_options *options, const char *program);

#endif
