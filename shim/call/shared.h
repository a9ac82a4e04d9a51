/* Shared handles: calls that add a claim, drop one, or end the handle for everybody. */
#ifndef HG_SHARED_H
#define HG_SHARED_H

#include "entry/call.h"
#include "format/image.h"
#include "thread/event.h"

struct hg_guard;

/* A create has returned this value. True: it is live, and has one more claim; or another call will see to it. */
bool hg_join_handle(struct hg_call *call, struct hg_guard *guard, const struct hg_event *event);

/* A create is over: what its library has taken and dropped meanwhile was looked at. */
void hg_settle_taken(struct hg_call *call);

/* A call that acquires a handle. True: it is an op on it too. */
bool hg_acquire(struct hg_call *call, const struct hg_image_use *use);

enum hg_sharing {
	HG_SHARING_ENDS,     /* the handle is to be freed */
	HG_SHARING_GOES_ON,  /* claims are left, and the library is to hear of the one that is not */
	HG_SHARING_WITHHELD, /* others would have been cut off: the real function is not to be called */
	HG_SHARING_OVER      /* it had ended before */
};

/* What a free or release of a shared handle comes to, in this generation. `overtaken`: the life that it was for has
 * ended, and the value was handed out again before the library could hear of it. */
enum hg_sharing hg_drop_claims(struct hg_call *call, const struct hg_image_use *use, struct hg_guard *guard,
                               bool overtaken, uint32_t *generation);

/* A late op on a shared handle: says so if it comes from a holder that was cut off. */
void hg_note_late_holder(struct hg_call *call, struct hg_guard *guard);

#endif
