/* Ops: a call enters the guards of the handles that it uses, or is late. */
#ifndef HG_OPS_H
#define HG_OPS_H

#include "entry/call.h"
#include "format/image.h"

struct hg_guard;

/* A call that ends the handle when it returns, or may. It is no op in flight: where its library has handed the value
 * out again before it returns, it would be taken for one of the next life's. Its mark tells of it. False: the call is
 * to be rejected. */
bool hg_enter_ending(struct hg_call *call, struct hg_guard *guard, enum hg_children children);

/* False: the op is to be rejected. */
bool hg_enter_op(struct hg_call *call, const struct hg_image_use *use);

#endif
