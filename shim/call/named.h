/* The handles that calls name. */
#ifndef HG_NAMED_H
#define HG_NAMED_H

#include <stdint.h>

#include "call/call.h"

struct hg_class;
struct hg_guard;

/* The guard of a value, made if it has none yet. Null: no memory. */
struct hg_guard *hg_guard_obtain(const struct hg_call *call, const struct hg_class *class, uint64_t value);

/* The guard of a handle that a call names; a value that nobody saw created begins its life here. Null: no memory. */
struct hg_guard *hg_guard_of(struct hg_call *call, const struct hg_class *class, uint64_t value);

#endif
