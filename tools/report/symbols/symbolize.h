/* From program counters to functions, files and lines, through libdwfl: .symtab, .dynsym, DWARF and separate debug
 * files, also in other places and from debuginfod servers as far as the model's sources say so. Objects are opened when
 * first asked for, once for all recordings; where one is missing or has another build id than recorded, the names count
 * that are kept in the recording, and else there are object and offset. */
#ifndef HG_REPORT_SYMBOLS_SYMBOLIZE_H
#define HG_REPORT_SYMBOLS_SYMBOLIZE_H

#include "report/model/model.h"

/* What a program counter means. */
struct hg_names {
	const struct hg_record_module *module;  /* that held it; null: none is known */
	const struct hg_resolved_frame *frames; /* innermost first; at least one */
	size_t count;
};

/* What this return address was at that time. What has been looked up once is remembered. */
struct hg_names hg_look_up(struct hg_model *model, const struct hg_recording *recording, uint64_t pc, uint64_t ticks);
bool hg_is_looked_up(struct hg_model *model, const struct hg_recording *recording, uint64_t pc, uint64_t ticks);

/* Stack of `count` return addresses as they were at that time. Inlined calls become frames of their own. */
struct hg_resolved_stack hg_symbolize(struct hg_model *model, const struct hg_recording *recording, const uint64_t *pcs,
                                      size_t count, uint64_t ticks);

/* Forgets what was looked up: the recordings are put to rest. Objects are kept. */
void hg_forget_names(struct hg_model *model);

#endif
