/* Names of code that was made at run time, by the file that an interpreter writes about it: /tmp/perf-PID.map, a line
 * for each function, as perf(1) reads it. Node writes one (--perf-basic-prof), CPython (-X perf), .NET, LuaJIT and
 * others. */
#ifndef HG_REPORT_SYMBOLS_PERF_MAP_H
#define HG_REPORT_SYMBOLS_PERF_MAP_H

#include "report/model/model.h"

/* The map of the process, which has to be known to run, or how it ended. Null: there is none, or it may be another
 * process's. */
const struct hg_perf_map *hg_perf_map_read(struct hg_model *model, const struct hg_recording *recording);

/* Fills in what the map says of the call that returns to frame->pc. False: nothing. */
bool hg_perf_map_find(struct hg_model *model, const struct hg_perf_map *map, struct hg_resolved_frame *frame);

#endif
