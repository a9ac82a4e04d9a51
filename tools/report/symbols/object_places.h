/* The files in which an object, or what describes it, may lie. Only regular files are opened: a recording may name a
 * pipe or a device, from which nothing ever comes, or data without an end. */
#ifndef HG_REPORT_SYMBOLS_OBJECT_PLACES_H
#define HG_REPORT_SYMBOLS_OBJECT_PLACES_H

#include "report/model/model.h"

/* Each is -1 if there is no such file. The path must be absolute. */
int hg_open_object(const char *path);

/* The file that a process with this root has under that path: symbolic links lead to places below it, too. */
int hg_open_in_sysroot(const char *sysroot, const char *path);

/* The file that folders for debugging information keep under the build id: the object itself, or what was separated
 * from it (`suffix` ".debug"). */
int hg_open_by_build_id(const char *folder, const struct hg_record_module *module, const char *suffix);

/* Debugging information from the servers that DEBUGINFOD_URLS names, through elfutils' client, if it is installed. */
int hg_fetch_debuginfo(const struct hg_record_module *module);

#endif
