/* The words of an object through which it calls and passes functions of others by name: what its relocations fill. */
#ifndef HG_WORDS_H
#define HG_WORDS_H

#include "dynlink/elf_object.h"

struct hg_word {
	const struct hg_object *object;
	uint64_t *at;
	const char *name;
	uint32_t symbol; /* number in the object's symbol table */
	uint64_t addend;
	bool only_calls; /* a jump slot: nobody takes the function's address from it */
	bool in_code;    /* filled for code, which calls through it or takes the address from it */
};

/* False ends the walk. */
typedef bool hg_word_visit(const struct hg_word *word, void *argument);

void hg_words_each(const struct hg_object *object, hg_word_visit *visit, void *argument);

/* The function that the word leads to; of a jump slot that was not used yet it lies in the object itself. */
static inline uint64_t hg_word_function(const struct hg_word *word)
{
	return __atomic_load_n(word->at, __ATOMIC_ACQUIRE) - word->addend;
}

/* Whether the word is a jump slot that the dynamic linker has not filled yet. */
bool hg_word_is_lazy(const struct hg_word *word);

/* Leads the word to another function. Only in an object that the dynamic linker is done with. False: the system does
 * not let us. */
bool hg_word_lead(const struct hg_word *word, const void *function);

#endif
