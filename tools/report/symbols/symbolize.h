/* From program counters to functions, files and lines, through libdwfl: .symtab, .dynsym, DWARF and separate debug
 * files, also from debuginfod servers if the environment names any (DEBUGINFOD_URLS). Objects are opened when first
 * asked for, once for all recordings; one that is missing or has another build id than recorded leaves object and
 * offset. */
#ifndef HG_REPORT_SYMBOLS_SYMBOLIZE_H
#define HG_REPORT_SYMBOLS_SYMBOLIZE_H

#include "report/model/model.h"

/* Stack of `count` return addresses as they were at that time. Inlined calls become frames of their own. */
struct hg_resolved_stack hg_symbolize(struct hg_model *model, const struct hg_recording *recording, const uint64_t *pcs,
                                      size_t count, uint64_t ticks);

#endif
