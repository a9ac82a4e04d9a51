/* x86-64: calls through words of memory are rip-relative, `call *word(%rip)`; those by a stub in the procedure linkage
 * table end in `jmp *word(%rip)`. (Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2: CALL E8 and
 * FF /2, JMP FF /4; ENDBR64 is F3 0F 1E FA.) */
#include "inside.h"

#include <stddef.h>

enum { CALL_DIRECT = 0xe8, INDIRECT = 0xff, CALL_WORD = 0x15, JUMP_WORD = 0x25 };

struct unaligned {
	int32_t value;
} __attribute__((packed));

static int32_t word_at(const uint8_t *at)
{
	return ((const struct unaligned *)at)->value;
}

/* `at` is where the displacement stands, the last part of the instruction. */
static uint64_t target(const uint8_t *at)
{
	return (uint64_t)at + sizeof(int32_t) + (uint64_t)(int64_t)word_at(at);
}

/* The word of a stub in the procedure linkage table; 0: it is none. */
static uint64_t word_of_stub(const uint8_t *stub, const uint8_t *high)
{
	static const uint32_t landing_pad = 0xfa1e0ff3;
	enum { MOST = 12, BND = 0xf2 };
	if (stub + MOST > high)
		return 0;
	if ((uint32_t)word_at(stub) == landing_pad)
		stub += sizeof landing_pad;
	stub += *stub == BND;
	return stub[0] == INDIRECT && stub[1] == JUMP_WORD ? target(stub + 2) : 0;
}

uint64_t hg_called_word(uint64_t site, uint64_t low, uint64_t high)
{
	enum { LENGTH = 6 };
	const uint8_t *after = (const uint8_t *)site;
	if (site < low + LENGTH || site > high)
		return 0;
	if (after[-6] == INDIRECT && after[-5] == CALL_WORD)
		return target(after - 4);
	if (after[-5] != CALL_DIRECT)
		return 0;
	uint64_t stub = target(after - 4);
	return stub >= low && stub < high ? word_of_stub((const uint8_t *)stub, (const uint8_t *)high) : 0;
}

/* Whatever else has the word's address as its operand: a move, a comparison, a push. */
void hg_find_taken_words(uint64_t code_low, uint64_t code_high, struct hg_called_words *words)
{
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
