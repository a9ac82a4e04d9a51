/* Names that stand in the recording itself, for the program counters that its findings name. */
#ifndef HG_REPORT_SYMBOLS_KEPT_NAMES_H
#define HG_REPORT_SYMBOLS_KEPT_NAMES_H

#include "report/symbols/object_frames.h"

/* Finds out which program counters the recording keeps names for. Null: none. */
const struct hg_kept_names *hg_kept_names_read(struct hg_model *model, const struct hg_reader *reader);

/* The index of a module in its recording; UINT32_MAX: null. */
uint32_t hg_module_index(const struct hg_reader *reader, const struct hg_record_module *module);

/* The frames that are kept for `common->pc` in this module, innermost first; none are 0. */
size_t hg_kept_frames(struct hg_model *model, const struct hg_recording *recording, uint32_t module,
                      const struct hg_resolved_frame *common, struct hg_resolved_frame found[HG_MOST_INLINED]);

#endif
