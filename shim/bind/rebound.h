/* The libraries whose GOT slots are rebound past the guards or to an entry that means "inside" (inside.h), and through
 * which of them each calls its own functions. Never given up: guarded libraries stay loaded. */
#ifndef HG_REBOUND_H
#define HG_REBOUND_H

#include <stdbool.h>
#include <stdint.h>

#include "bind/side_ranges.h"
#include "code/called_word.h"
#include "code/code_run.h"
#include "dynlink/elf_object.h"

struct hg_own_word {
	uint64_t at;
	uint32_t name; /* hash of the function's */
};

struct hg_rebound {
	struct hg_rebound *next;
	uint64_t low, size;
	struct hg_code code;
	struct hg_runs runs;                 /* of the code */
	const struct hg_side_ranges *linked; /* it is the library and its binding in one; null: the library alone */
	unsigned count;
	struct hg_own_word words[]; /* through which it calls its own, sorted by address */
};

/* Notes a library with those slots, if there is memory. */
void hg_note_rebound(const struct hg_object *object, struct hg_code code, const struct hg_side_ranges *linked,
                     const struct hg_own_word *own, unsigned count);

/* The library that an address lies in; null: it is none of these. */
const struct hg_rebound *hg_rebound_at(uint64_t address);

/* The word at this address, if the library calls its own by it; else null. */
const struct hg_own_word *hg_own_word_at(const struct hg_rebound *rebound, uint64_t word);

/* Notes a word of a library's table that has been led to the guards: what the library calls by it itself is its own, as
 * by those. */
void hg_note_led(const uint64_t *word, const char *name);

/* The hash of the name of the function to which such a word leads; 0: it is none. */
uint32_t hg_led_name(uint64_t word);

/* Whether both lie in one of these; whether the one in which the first lies takes the address of the function itself.
 */
bool hg_inside_same(uint64_t address, uint64_t other);
bool hg_inside_takes(uint64_t address, const void *function);

#endif
