/* Calls that a library makes of its own functions: they are its own business.
 *
 * A return address does not tell them: a callback that ends in a jump, a free that is itself handed over as a callback,
 * an op that jumps to its callback show the library's. What tells them is the word through which a call goes. A jump
 * slot of the library only calls, so it is led past the guards, or, where the books need to know, to an entry that means
 * "inside". What arrives at the exported stub has come by a pointer, which anybody can have, and is the program's; unless
 * the instruction before its return address is a call through one of the library's own words (of libraries built with
 * -fno-plt, or that also take the function's address). */
#ifndef HG_INSIDE_H
#define HG_INSIDE_H

#include "scope.h"
#include "words.h"

struct hg_slot;

/* --- while the objects are held --- */

/* Leads the words by which an object that defines guarded functions calls these itself, or others of its manifest's. */
void hg_inside_lead(const struct hg_objects *objects, unsigned number);

/* The slot that a stub for inside calls belongs to; null: it is no such stub. */
struct hg_slot *hg_inside_slot(const void *stub);

/* --- a call --- */

/* Whether a call that has arrived at an exported stub, and returns to this address, is the library's own. */
bool hg_inside_call(const struct hg_slot *slot, uint64_t site);

/* --- called_word_*.c: which word an instruction goes through --- */

/* The word through which the call went that returns to `site`, in code from `low` to `high`; 0: it is none that goes
 * through a word, or that cannot be seen. */
uint64_t hg_called_word(uint64_t site, uint64_t low, uint64_t high);

/* Of words that are filled for code: which of them that code does anything with but call through them. */
struct hg_called_words {
	uint64_t low, high; /* where the words lie */
	uint64_t *at;       /* the address of each; sorted. Set to 0: it is taken */
	unsigned count;
};
void hg_find_taken_words(uint64_t code_low, uint64_t code_high, struct hg_called_words *words);

/* The word at this address among them; null: none. */
uint64_t *hg_called_word_at(const struct hg_called_words *words, uint64_t at);

/* --- own_threads.c --- */

/* Whether a call returns to where a library's own thread began: its start routine is, or has jumped to, the function. */
bool hg_inside_thread_base(uint64_t site);

/* Leads the word by which a library starts threads to what keeps track of them; any other name: does nothing. */
void hg_own_threads_lead(const struct hg_objects *objects, const struct hg_word *word);

/* Whether both lie in one library whose words are led; whether the library in which the first lies takes the address of
 * the function itself (inside.c). */
bool hg_inside_same(uint64_t address, uint64_t other);
bool hg_inside_takes(uint64_t address, const void *function);

#endif
