/* Calls that a library makes of its own functions: they are its own business.
 *
 * A return address does not tell them: a callback that ends in a jump, a free that is itself handed over as a callback,
 * an op that jumps to its callback show the library's. What tells them is the word through which a call goes. A jump
 * slot of the library only calls, so it is rebound past the guards, or, where the books need to know, to an entry that
 * means "inside". What arrives at the exported stub has come by a pointer, which anybody can have, and is the
 * program's; unless the instruction before its return address is a call through one of the library's own GOT slots (of
 * libraries built with -fno-plt, or that also take the function's address).
 *
 * An object can be the library and its binding in one, which call through the same slots. These are left as they are; a
 * call through one is the library's own if the code that makes it is (linked_in.h). Where that is not known: if its
 * thread is in another guarded call. */
#ifndef HG_INSIDE_H
#define HG_INSIDE_H

#include "dynlink/got_slots.h"
#include "dynlink/scope.h"

struct hg_slot;

/* While the objects are held. */

/* Rebinds the GOT slots by which an object that defines guarded functions calls these itself, or others of its
 * manifest's. */
void hg_inside_rebind(const struct hg_objects *objects, unsigned number);

/* Notes other words by which an object calls guarded functions, beside those that it has: whose call it is is asked
 * each time. */
struct hg_own_word;
void hg_inside_note_words(const struct hg_object *object, const struct hg_own_word *words, unsigned count);

#endif
