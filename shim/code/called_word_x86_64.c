/* x86-64: what else code does with words. */
#include "code/called_word.h"

#include <stddef.h>

#include "base/sys.h"

struct unaligned {
	int32_t value;
} __attribute__((packed));

/* `at` is where the displacement stands, the last part of the instruction. */
static uint64_t target(const uint8_t *at)
{
	return (uint64_t)at + sizeof(int32_t) + (uint64_t)(int64_t)((const struct unaligned *)at)->value;
}

/* Whatever else has the word's address as its operand: a move, a comparison, a push. */
void hg_find_taken_words(uint64_t code_low, uint64_t code_high, struct hg_called_words *words)
{
	enum { INDIRECT = 0xff, CALL_WORD = 0x15, JUMP_WORD = 0x25 };
	unsigned left = words->count;
	for (uint64_t at = code_low + 2; left && at + 4 <= code_high; at++) {
		const uint8_t *code = (const uint8_t *)at;
		uint64_t to = target(code);
		if (to < words->low || to >= words->high)
			continue;
		bool goes = code[-2] == INDIRECT && (code[-1] == CALL_WORD || code[-1] == JUMP_WORD);
		uint64_t *word = goes ? NULL : hg_called_word_at(words, to);
		if (word) {
			*word = 0;
			left--;
		}
	}
}
