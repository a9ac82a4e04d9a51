/* aarch64: a call through a word is `adrp x, page; ldr x, [x, #low]; blr x`, with other instructions in between; those
 * by a stub in the procedure linkage table end in `br x17` after the same. (Arm Architecture Reference Manual for
 * A-profile, C6.2: ADRP, LDR (immediate) with unsigned offset, BL, BLR, BR.) */
#include "called_word.h"

#include <stddef.h>

#include "steps.h"

enum { REGISTER = 31 }; /* no limit: the bits of one */
enum { NEAR = 24 };     /* no limit: compilers put what belongs together nearer */

static uint32_t instruction(uint64_t at)
{
	return *(const uint32_t *)at;
}

static unsigned field(uint32_t code, int shift)
{
	return code >> shift & REGISTER;
}

static bool is_bl(uint32_t code)
{
	return code >> 26 == 0x25;
}

/* BLR or BR of this register. */
static bool goes_to(uint32_t code, unsigned reg)
{
	return (code & 0xffdffc1f) == 0xd61f0000 && field(code, 5) == reg;
}

static bool is_ldr(uint32_t code)
{
	return code >> 22 == 0x3e5;
}

static bool is_adrp_of(uint32_t code, unsigned reg)
{
	return (code & 0x9f000000) == 0x90000000 && field(code, 0) == reg;
}

static uint64_t page_of(uint32_t code, uint64_t at)
{
	int64_t pages = (int64_t)((uint64_t)(code >> 5 & 0x7ffff) << 2 | (code >> 29 & 3));
	pages = (int64_t)((uint64_t)pages << 43) >> 43;
	return (at & ~UINT64_C(0xfff)) + (uint64_t)pages * 4096;
}

/* The word that a load reads, if what it adds to was made close before it; 0: not seen. */
static uint64_t word_of_load(uint64_t at, uint64_t low)
{
	uint32_t load = instruction(at);
	uint64_t offset = (uint64_t)(load >> 10 & 0xfff) * 8;
	for (uint64_t before = at - 4; before >= low && at - before <= 4 * NEAR; before -= 4)
		if (is_adrp_of(instruction(before), field(load, 5)))
			return page_of(instruction(before), before) + offset;
	return 0;
}

/* The word of the last load into a register before `at`. */
static uint64_t word_in(unsigned reg, uint64_t at, uint64_t low)
{
	for (uint64_t before = at - 4; before >= low && at - before <= 4 * NEAR; before -= 4)
		if (is_ldr(instruction(before)) && field(instruction(before), 0) == reg)
			return word_of_load(before, low);
	return 0;
}

static uint64_t word_of_stub(uint64_t stub, uint64_t low, uint64_t high)
{
	enum { STUB = 6 }; /* no limit: no stub is longer */
	for (uint64_t at = stub; at < high && at < stub + 4 * STUB; at += 4)
		if (goes_to(instruction(at), 17))
			return word_in(17, at, low > stub ? low : stub);
	return 0;
}

/* A table's word is loaded into a register whose old contents are gone by then: only the code is looked at. */
void hg_entry_state_of(const struct hg_call *call, struct hg_entry_state *entry)
{
	entry->site = hg_call_site(call);
	entry->known = 0;
}

static uint64_t target_of_branch(uint64_t at)
{
	int64_t words = (int64_t)((uint64_t)(instruction(at) & 0x3ffffff) << 38) >> 38;
	return at + (uint64_t)words * 4;
}

uint64_t hg_called_word(const struct hg_code *code, const struct hg_entry_state *entry, uint64_t *function)
{
	uint64_t at = entry->site - 4;
	*function = 0;
	if (entry->site < code->low + 4 || entry->site > code->high || entry->site & 3)
		return 0;
	if (is_bl(instruction(at))) {
		uint64_t to = target_of_branch(at);
		*function = hg_code_end_of(code, to) ? to : 0;
		return to >= code->low && to < code->high ? word_of_stub(to, code->low, code->high) : 0;
	}
	unsigned reg = field(instruction(at), 5);
	return goes_to(instruction(at), reg) ? word_in(reg, at, code->low) : 0;
}

static bool is_b(uint32_t code)
{
	return code >> 26 == 0x05;
}

bool hg_jumps_through(const struct hg_code *code, const struct hg_entry_state *entry, uint64_t function,
                      hg_word_test *is_own, const void *argument)
{
	uint64_t end = hg_code_end_of(code, function);
	(void)entry;
	for (uint64_t at = function; at + 4 <= end; at += 4) {
		unsigned reg = field(instruction(at), 5);
		uint64_t word = 0, to = is_b(instruction(at)) ? target_of_branch(at) : 0;
		if (to >= code->low && to < code->high)
			word = word_of_stub(to, code->low, code->high);
		else if (goes_to(instruction(at), reg))
			word = word_in(reg, at, function);
		if (word && is_own(word, argument))
			return true;
	}
	return false;
}

/* Whether what was loaded is called at once, and by then nothing else has been done with it. A register that calls
 * preserve may be used again after it. */
static bool is_only_called(uint64_t load, uint64_t high)
{
	enum { FIRST_PRESERVED = 19 }; /* no limit: a register */
	unsigned reg = field(instruction(load), 0);
	if (reg >= FIRST_PRESERVED)
		return false;
	for (uint64_t at = load + 4; at < high && at - load <= 4 * NEAR; at += 4) {
		uint32_t code = instruction(at);
		if (goes_to(code, reg))
			return true;
		if (field(code, 0) == reg || field(code, 5) == reg || field(code, 16) == reg)
			return false;
	}
	return false;
}

void hg_find_taken_words(uint64_t code_low, uint64_t code_high, struct hg_called_words *words)
{
	for (uint64_t at = (code_low + 3) & ~UINT64_C(3); at + 4 <= code_high; at += 4) {
		if (!is_ldr(instruction(at)))
			continue;
		uint64_t *word = hg_called_word_at(words, word_of_load(at, code_low));
		if (word && !is_only_called(at, code_high))
			*word = 0;
	}
}
