/* Creates: a call hands out a handle, whose value begins a new life. */
#ifndef HG_CREATES_H
#define HG_CREATES_H

#include "entry/call.h"
#include "format/image.h"

/* A call that makes handles of a class that can be ended as a whole is an op on all of them: what it is making would be
 * ended too. */
void hg_enter_creates(struct hg_call *call);

/* The call has returned: what it hands out begins a life. */
void hg_make_handles(struct hg_call *call, const struct hg_image_make *make);

#endif
