/* Handles that are known before their create returns. */
#ifndef HG_EXPECTED_H
#define HG_EXPECTED_H

#include "entry/call.h"
#include "format/image.h"
#include "format/record.h"
#include "thread/event.h"

struct hg_guard;

/* Whether a call that names a value whose last life is over (or that never had one) may mean a handle that a create in
 * flight is just making, and has let others know of before it returns: then that life has begun, and is to be entered.
 * `kind`: what it would be otherwise. */
bool hg_expect(struct hg_call *call, struct hg_guard *guard, enum hg_kind kind);

/* The flags of a first meeting: whether it may be of such a handle, and what that is made from (else left alone). */
uint32_t hg_expected_flags(struct hg_call *call, struct hg_guard *guard, struct hg_guard **parent);

/* A create has returned this value. True: its life has begun before, by such a call or by the library's own; and may
 * have ended too. */
bool hg_meet_expected(struct hg_call *call, struct hg_guard *guard, const struct hg_image_make *make,
                      const struct hg_event *event);

/* A create is over: what was taken for its handles, and was none, is told. */
void hg_settle_expected(struct hg_call *call);

#endif
