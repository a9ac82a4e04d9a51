/* x86-64: what the trampolines leave of a call, and what else code does with words. */
#include "called_word.h"

#include <stddef.h>

#include "steps.h"

enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15 };

static void know(struct hg_entry_state *entry, unsigned number, uint64_t value)
{
	entry->registers[number] = value;
	entry->known |= 1u << number;
}

void hg_entry_state_of(const struct hg_call *call, struct hg_entry_state *entry)
{
	static const uint8_t arguments[] = {RDI, RSI, RDX, RCX, R8, R9};
	const uint64_t *frame = (const uint64_t *)call->fp;
	entry->site = hg_call_site(call);
	entry->known = 0;
	for (unsigned i = 0; i < sizeof arguments; i++)
		know(entry, arguments[i], call->registers[i]);
	know(entry, RAX, call->others[0]);
	know(entry, R10, call->others[1]);
	/* cppcheck-suppress arrayIndexOutOfBounds; on other processors there are fewer */
	know(entry, R15, call->others[2]);
	know(entry, RSP, call->fp + 16);
	know(entry, RBP, frame[0]);
	know(entry, RBX, frame[-1]);
	know(entry, R12, frame[-2]);
	know(entry, R13, frame[-3]);
	know(entry, R14, frame[-4]);
}

/* --- all of the code --- */

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
