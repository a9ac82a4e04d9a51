/* 64-bit Arm: what else code does with words. */
#include "code/called_word.h"

#include <stddef.h>

#include "base/sys.h"
#include "code/effects_aarch64.h"

enum { NEAR = 32 }; /* no limit: compilers put what belongs together nearer */
enum { KEPT = 19 }; /* no limit: a register */

static uint32_t instruction(uint64_t at)
{
	return *(const uint32_t *)at;
}

static unsigned register_at(uint64_t at, int shift)
{
	return instruction(at) >> shift & HG_STACK_POINTER;
}

/* Whether what was loaded is called at once, and by then nothing else has been done with it. A register that calls
 * preserve may be used again after it. */
static bool is_only_called(uint64_t load, uint64_t high)
{
	unsigned reg = register_at(load, 0), called;
	if (reg >= KEPT)
		return false;
	for (uint64_t at = load + 4; at < high && at - load <= 4 * NEAR; at += 4) {
		uint32_t code = instruction(at);
		bool goes =
		    hg_branches_by_register(code, true, &called) || hg_branches_by_register(code, false, &called);
		if (goes && called == reg)
			return true;
		if (register_at(at, 0) == reg || register_at(at, 5) == reg || register_at(at, 16) == reg)
			return false;
	}
	return false;
}

/* Code finds the words that are filled for it by the page in which they lie. */
void hg_find_taken_words(uint64_t code_low, uint64_t code_high, struct hg_called_words *words)
{
	uint64_t pages[HG_STACK_POINTER + 1] = {0}; /* as the last ADRP has left them */
	for (uint64_t at = (code_low + 3) & ~UINT64_C(3); at + 4 <= code_high; at += 4) {
		struct hg_effect effect;
		bool adrp = (instruction(at) & 0x9f000000) == 0x90000000, ldr = instruction(at) >> 22 == 0x3e5;
		unsigned reg = register_at(at, 0);
		if ((!adrp && !ldr) || !hg_effect_on(at, code_high, reg, &effect))
			continue;
		if (adrp) {
			pages[reg] = effect.offset;
			continue;
		}
		uint64_t *word = hg_called_word_at(words, pages[effect.base] + effect.offset);
		if (word && !is_only_called(at, code_high))
			*word = 0;
	}
}
