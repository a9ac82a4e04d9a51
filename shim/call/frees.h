/* Frees: a call ends a handle, now or when it returns. */
#ifndef HG_FREES_H
#define HG_FREES_H

#include "entry/call.h"
#include "format/image.h"

/* Runs the free's protocol. False: the real function is not to be called. */
bool hg_enter_free(struct hg_call *call, const struct hg_image_use *use);

/* After the real free (call->freeing), before what it handed out is looked at. */
void hg_settle_free(struct hg_call *call);

/* After everything else, for a handle that ends when the call returns (HG_USE_ENDS_LATER). */
void hg_end_handle(struct hg_call *call);

#endif
