/* The handles that calls name. */
#ifndef HG_NAMED_H
#define HG_NAMED_H

#include <stdbool.h>
#include <stdint.h>

#include "entry/call.h"

struct hg_class;
struct hg_guard;

/* The guard of a value; null: it has none. */
struct hg_guard *hg_guard_known(const struct hg_call *call, const struct hg_class *class, uint64_t value);

/* The guard of a value, made if it has none yet. Null: no memory. */
struct hg_guard *hg_guard_obtain(const struct hg_call *call, const struct hg_class *class, uint64_t value);

/* The guard of a handle that a call names; a value that nobody saw created begins its life here. Null: no memory. */
struct hg_guard *hg_guard_of(struct hg_call *call, const struct hg_class *class, uint64_t value);

/* Whether it is a value that its closed class never gave out, and calls are to be turned away for that. */
bool hg_names_stray(struct hg_call *call, const struct hg_class *class, uint64_t value);

/* Whether a call is to be turned away for what stands in the place of its handle: no handle, where the manifest has
 * that rejected, or a value that a closed class never gave out. It is told here. `number`: in an array. */
bool hg_is_refused(struct hg_call *call, const struct hg_image_use *use, uint32_t number, const struct hg_class *class);

#endif
