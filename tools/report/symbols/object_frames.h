/* What an object file says of an address: functions, files and lines. */
#ifndef HG_REPORT_SYMBOLS_OBJECT_FRAMES_H
#define HG_REPORT_SYMBOLS_OBJECT_FRAMES_H

#include "report/symbols/object.h"

enum { HG_MOST_INLINED = 24 };

/* The frames at the return address `common->offset` of the object, which must have a module, innermost first; at least
 * one. `common` is what all of them have in common. What is looked up is the call, that is the byte before the return
 * address: the next line, or even the next function, may begin there. */
size_t hg_object_frames(struct hg_model *model, const struct hg_object *object, const struct hg_resolved_frame *common,
                        struct hg_resolved_frame found[HG_MOST_INLINED]);

#endif
