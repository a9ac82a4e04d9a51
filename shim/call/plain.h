/* The short way of plain calls (bind/plain_slots.h) that the program makes: in for a thread that is in no other guarded
 * call, and out where nothing has come in between. Whatever the general way would ask for the sake of other calls,
 * other handles and other claims is answered then. What is done is the same, and a call that has come in here can leave
 * by the general way. */
#ifndef HG_CALL_PLAIN_H
#define HG_CALL_PLAIN_H

#include "entry/call.h"

/* True: the real function is to be called. False: nothing was done. */
bool hg_enter_plainly(struct hg_call *call);

/* False: nothing was done. */
bool hg_leave_plainly(struct hg_call *call);

#endif
