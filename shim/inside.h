/* Calls that a library makes of its own functions: they are its own business.
 *
 * A return address does not tell them: a callback that ends in a jump, a free that is itself handed over as a callback,
 * an op that jumps to its callback show the library's. What tells them is the word through which a call goes. A jump
 * slot of the library only calls, so it is led past the guards, or, where the books need to know, to an entry that
 * means "inside". What arrives at the exported stub has come by a pointer, which anybody can have, and is the
 * program's; unless the instruction before its return address is a call through one of the library's own words (of
 * libraries built with -fno-plt, or that also take the function's address). */
#ifndef HG_INSIDE_H
#define HG_INSIDE_H

#include "scope.h"
#include "words.h"

struct hg_slot;
struct hg_call;

/* --- while the objects are held --- */

/* Leads the words by which an object that defines guarded functions calls these itself, or others of its manifest's. */
void hg_inside_lead(const struct hg_objects *objects, unsigned number);

/* The slot that a stub for inside calls belongs to; null: it is no such stub. */
struct hg_slot *hg_inside_slot(const void *stub);

/* --- a call --- */

/* Whether a call that has arrived at an exported stub is the library's own. `called`: the slot that it has arrived at.
 */
bool hg_inside_call(const struct hg_call *call, const struct hg_slot *called);

/* A function that ends by jumping to another one leaves no return address of its own: the other seems to be called by
 * the trampoline that called the first. The slot of that one; null: it is not so, or it is not known which. */
const struct hg_slot *hg_ended_in_jump(const struct hg_call *call);

/* --- own_threads.c --- */

/* Whether a call returns to where a library's own thread began, and the start routine of this one. */
bool hg_inside_thread_base(uint64_t site);
uint64_t hg_inside_thread_routine(void);

/* Leads the word by which a library starts threads to what keeps track of them; any other name: does nothing. */
void hg_own_threads_lead(const struct hg_objects *objects, const struct hg_word *word);

/* Whether both lie in one library whose words are led; whether the library in which the first lies takes the address of
 * the function itself (inside.c). */
bool hg_inside_same(uint64_t address, uint64_t other);
bool hg_inside_takes(uint64_t address, const void *function);

#endif
