/* Where else than at their own paths the objects of a recording, and what describes them, may lie. */
#ifndef HG_REPORT_MODEL_SOURCES_H
#define HG_REPORT_MODEL_SOURCES_H

#include <stdbool.h>
#include <stddef.h>

/* All paths are absolute. */
struct hg_sources {
	const char *sysroot;     /* null: none */
	const char **debug_dirs; /* with separate debugging information, and objects by their build ids */
	size_t debug_dir_count;
	bool debuginfod; /* ask the servers that DEBUGINFOD_URLS names */
};

#endif
