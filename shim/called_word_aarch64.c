/* aarch64: a call through a word is `ldr x, [base, #offset]; blr x`, with other instructions in between; those by a
 * stub in the procedure linkage table end in `br x17` after the same. What the base was is found in the registers, as
 * far as they are still what they were, or made anew as the instructions before the load made it: `adrp`, `add`, more
 * loads. (effects_aarch64.h) */
#include "called_word.h"
#include "effects_aarch64.h"
#include "sys.h"

#include <stddef.h>

enum { NEAR = 32, DEPTH = 4 }; /* no limit: compilers put what belongs together nearer */
enum { KEPT = 19 };            /* no limit: a register */

static uint32_t instruction(uint64_t at)
{
	return *(const uint32_t *)at;
}

static unsigned register_at(uint64_t at, int shift)
{
	return instruction(at) >> shift & HG_STACK_POINTER;
}

/* --- what stood in a register --- */

/* What is known of the code before a call or jump. */
struct search {
	const struct hg_code *code;
	const struct hg_entry_state *entry;
	uint64_t low; /* nothing before it is looked at */
	uint64_t end; /* the call or jump: from here on the registers are as at the entry */
};

static bool changes(uint32_t code, unsigned reg)
{
	return hg_registers_changed(code) >> reg & 1;
}

/* A word that a library's dynamic linker may have filled lies near its code; what a register points to may lie nowhere.
 */
static uint64_t content(uint64_t word)
{
	return word % sizeof(uint64_t) == 0 && hg_readable((const void *)word) ? *(const uint64_t *)word : 0;
}

/* From its entry state, if nothing after `at` has done more to it than add numbers. */
static bool value_kept(const struct search *search, unsigned reg, uint64_t at, uint64_t *value)
{
	struct hg_effect effect;
	uint64_t added = 0;
	for (; at < search->end; at += 4) {
		if (!changes(instruction(at), reg))
			continue;
		if (!hg_effect_on(instruction(at), at, reg, &effect) || effect.loads || effect.base != reg ||
		    effect.index != HG_NO_REGISTER)
			return false;
		added += effect.offset;
	}
	*value = search->entry->registers[reg] - added;
	return search->entry->known >> reg & 1;
}

/* What was in the register, if the instruction at `at` has given it to another that has kept it. */
static bool value_copied(const struct search *search, unsigned reg, uint64_t at, uint64_t *value)
{
	struct hg_effect effect;
	unsigned other = register_at(at, 0);
	if (other == reg || !hg_effect_on(instruction(at), at, other, &effect) || effect.loads || effect.base != reg ||
	    effect.index != HG_NO_REGISTER || !value_kept(search, other, at + 4, value))
		return false;
	*value -= effect.offset;
	return true;
}

/* From what the registers hold at the entry. */
static bool value_left(const struct search *search, unsigned reg, uint64_t at, uint64_t *value)
{
	if (value_kept(search, reg, at, value))
		return true;
	for (; at < search->end && !changes(instruction(at), reg); at += 4)
		if (value_copied(search, reg, at, value))
			return true;
	return false;
}

static bool value_before(const struct search *search, unsigned reg, uint64_t at, int depth, uint64_t *value);

/* The sum that an instruction makes, or the address that it loads from. */
static bool sum_of(const struct search *search, const struct hg_effect *effect, uint64_t at, int depth, uint64_t *sum)
{
	uint64_t base = 0, index = 0;
	if (effect->base != HG_NO_REGISTER && !value_before(search, effect->base, at, depth, &base))
		return false;
	if (effect->index != HG_NO_REGISTER && !value_before(search, effect->index, at, depth, &index))
		return false;
	*sum = base + effect->offset + (effect->index != HG_NO_REGISTER ? hg_extended(effect, index) : 0);
	return true;
}

/* In the register before the instruction at `at`. */
static bool value_before(const struct search *search, unsigned reg, uint64_t at, int depth, uint64_t *value)
{
	struct hg_effect effect;
	if (value_left(search, reg, at, value))
		return true;
	for (uint64_t before = at - 4; depth && before >= search->low && at - before <= 4 * NEAR; before -= 4) {
		uint32_t code = instruction(before);
		if (value_copied(search, reg, before, value))
			return true;
		if (hg_goes_elsewhere(code))
			return false;
		if (!changes(code, reg))
			continue;
		if (!hg_effect_on(code, before, reg, &effect) || !sum_of(search, &effect, before, depth - 1, value))
			return false;
		*value = effect.loads ? content(*value) : *value;
		return *value || !effect.loads;
	}
	return false;
}

/* --- which word --- */

static uint64_t function_in(const struct hg_code *code, uint64_t at)
{
	return hg_code_end_of(code, at) ? at : 0;
}

/* Whether the register still holds what the word does, as far as it is known. */
static bool is_same(const struct search *search, unsigned reg, uint64_t word)
{
	uint64_t value = content(word);
	return value && (!(search->entry->known >> reg & 1) || value == search->entry->registers[reg]);
}

/* The word that the instruction loads into the register; 0: it does not, or it is not known from where. */
static uint64_t loaded_word(const struct search *search, unsigned reg, uint64_t at)
{
	struct hg_effect effect;
	uint64_t word;
	bool loads = hg_effect_on(instruction(at), at, reg, &effect) && effect.loads;
	return loads && sum_of(search, &effect, at, DEPTH, &word) ? word : 0;
}

/* Of a move: the register that it moves from; else the same register. */
static unsigned moved_from(unsigned reg, uint64_t at)
{
	struct hg_effect effect;
	bool moves = hg_effect_on(instruction(at), at, reg, &effect) && !effect.loads && effect.offset == 0 &&
	             effect.base != HG_NO_REGISTER && effect.index == HG_NO_REGISTER;
	return moves ? effect.base : reg;
}

/* Where the last load that can have filled the register has read. One that others may go past shows by what it has
 * loaded that it has run; so where that is not known, it is none. *leading_on: a function of the library that may have
 * been loaded instead, if it has put the register to another use before it jumped on; 0: none. */
static uint64_t word_in(const struct search *search, unsigned reg, uint64_t *leading_on)
{
	bool known = search->entry->known >> reg & 1, passed = false;
	unsigned called = reg;
	*leading_on = 0;
	for (uint64_t at = search->end - 4; at >= search->low && search->end - at <= 4 * NEAR; at -= 4) {
		passed |= hg_goes_elsewhere(instruction(at));
		if (passed && !known)
			return 0;
		if (!changes(instruction(at), reg))
			continue;
		uint64_t word = loaded_word(search, reg, at);
		if (word && is_same(search, called, word))
			return word;
		if (word && !passed && !*leading_on && called < KEPT)
			*leading_on = function_in(search->code, content(word));
		unsigned from = moved_from(reg, at);
		if (from == reg && !known)
			return 0;
		reg = from;
	}
	return 0;
}

/* The word of a stub in the procedure linkage table; 0: it is none. */
static uint64_t word_of_stub(const struct hg_code *code, uint64_t stub)
{
	enum { LENGTH = 6, BY = 17 }; /* no limit: no stub is longer; a register */
	static const struct hg_entry_state nothing;
	struct search search = {.code = code, .entry = &nothing, .low = stub};
	uint64_t leading_on;
	unsigned reg;
	if (stub < code->low)
		return 0;
	for (uint64_t at = stub; at < code->high && at < stub + 4 * LENGTH; at += 4) {
		search.end = at;
		if (hg_branches_by_register(instruction(at), false, &reg))
			return reg == BY ? word_in(&search, reg, &leading_on) : 0;
	}
	return 0;
}

/* --- a call --- */

uint64_t hg_called_word(const struct hg_code *code, const struct hg_entry_state *entry, uint64_t *function)
{
	struct search search = {.code = code, .entry = entry, .end = entry->site - 4};
	unsigned reg;
	uint64_t to, word, leading_on;
	*function = 0;
	if (entry->site < code->low + 4 || entry->site > code->high || entry->site & 3)
		return 0;
	if (hg_branches(instruction(search.end), true, search.end, &to)) {
		*function = function_in(code, to);
		return word_of_stub(code, to);
	}
	if (!hg_branches_by_register(instruction(search.end), true, &reg))
		return 0;
	search.low = hg_code_start_of(code, search.end);
	word = word_in(&search, reg, &leading_on);
	*function = word ? function_in(code, content(word)) : 0;
	if (!*function)
		*function = leading_on;
	if (!*function && entry->known >> reg & 1)
		*function = function_in(code, entry->registers[reg]);
	return word;
}

/* --- jumps --- */

enum { HOPS = 2 }; /* no limit: no function ends in more jumps */

static bool jumps_through(const struct hg_code *code, const struct hg_entry_state *entry, uint64_t function,
                          hg_word_test *is_own, const void *argument, int hops)
{
	uint64_t end = hg_code_end_of(code, function), to, leading_on;
	unsigned reg;
	for (uint64_t at = function; at + 4 <= end; at += 4) {
		struct search search = {.code = code, .entry = entry, .low = function, .end = at};
		bool direct = hg_branches(instruction(at), false, at, &to);
		uint64_t word = direct ? word_of_stub(code, to) : 0;
		if (hg_branches_by_register(instruction(at), false, &reg))
			word = word_in(&search, reg, &leading_on);
		if (word && is_own(word, argument))
			return true;
		if (direct && hops && to != function && function_in(code, to) &&
		    jumps_through(code, entry, to, is_own, argument, hops - 1))
			return true;
	}
	return false;
}

bool hg_jumps_through(const struct hg_code *code, const struct hg_entry_state *entry, uint64_t function,
                      hg_word_test *is_own, const void *argument)
{
	return jumps_through(code, entry, function, is_own, argument, HOPS);
}

/* --- all of the code --- */

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
		if ((!adrp && !ldr) || !hg_effect_on(instruction(at), at, reg, &effect))
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
