/* What machine code tells of how a guarded function was reached: through which word a call or a jump went. One file a
 * processor. All of it reads the code of a library only, and registers as they were when the function was entered. */
#ifndef HG_CALLED_WORD_H
#define HG_CALLED_WORD_H

#include <stdbool.h>
#include <stdint.h>

#include "code/code_of.h"

enum { HG_ENTRY_REGISTERS = 32 }; /* no limit: as many as there are */

/* A function's entry. */
struct hg_entry_state {
	uint64_t site;                          /* where it returns to */
	uint64_t registers[HG_ENTRY_REGISTERS]; /* by the processor's numbers */
	uint32_t known;                         /* bits, by the same numbers: of those that are known */
};

/* The word through which the call went that returns to the entry's site; 0: through none, as far as can be seen.
 * *function: where it went, if that lies in the code; else 0. */
uint64_t hg_called_word(const struct hg_code *code, const struct hg_entry_state *entry, uint64_t *function);

/* Whether a function of the code ends in a jump through a word of which `is_own` is true. */
typedef bool hg_word_test(uint64_t word, const void *argument);
bool hg_jumps_through(const struct hg_code *code, const struct hg_entry_state *entry, uint64_t function,
                      hg_word_test *is_own, const void *argument);

/* Of words that are filled for code: which of them that code does anything with but call through them. */
struct hg_called_words {
	uint64_t low, high; /* where the words lie */
	uint64_t *at;       /* the address of each. Set to 0: it is taken */
	unsigned count;
};
void hg_find_taken_words(uint64_t code_low, uint64_t code_high, struct hg_called_words *words);

/* The word at this address among them; null: none. */
uint64_t *hg_called_word_at(const struct hg_called_words *words, uint64_t at);

#endif
