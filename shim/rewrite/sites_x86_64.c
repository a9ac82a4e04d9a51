/* Only operands of 32 bits are looked at: of what the compiler makes of calls of other files' functions there are no
 * others. */
#include "code/effects.h"
#include "code/parts_x86_64.h"
#include "rewrite/code_copy.h"
#include "rewrite/sites.h"

enum { OPERAND = 4, AFTER = 4 }; /* no limit: bytes of an operand; most that follow it in its instruction */

static uint32_t word_at(uint64_t at)
{
	uint32_t word;
	__builtin_memcpy(&word, (const void *)at, sizeof word);
	return word;
}

static uint64_t extended(uint32_t operand)
{
	return (uint64_t)(int64_t)(int32_t)operand;
}

static bool leads_to_any(const struct hg_targets *targets, uint64_t address)
{
	unsigned after = 0;
	while (after <= AFTER &&
	       !(hg_target_passes_sieve(targets, address + after) && hg_target_at(targets, address + after)))
		after++;
	return after <= AFTER;
}

/* Whether any of as many operands, which may stand anywhere, leads to where targets lie; by 32 bits of each address, so
 * that compilers can look at several at once. */
enum { BLOCK = 64 }; /* no limit: how many operands are looked at together */

static bool any_is_near(const struct hg_bytes *code, uint64_t at, const struct hg_targets *targets)
{
	const char *bytes = (const char *)(at + code->moved);
	const uint32_t low = (uint32_t)targets->functions.low, size = (uint32_t)targets->functions.size;
	const uint32_t low_word = (uint32_t)targets->words.low, size_words = (uint32_t)targets->words.size;
	uint32_t any = 0, any_number = 0;
	for (uint32_t first = 0; first < OPERAND; first++)
		for (uint32_t i = 0; i < BLOCK / OPERAND; i++) {
			uint32_t word, place = first + i * OPERAND;
			__builtin_memcpy(&word, bytes + place, sizeof word);
			uint32_t address = (uint32_t)at + place + OPERAND + AFTER + word;
			any |= (address - low <= size + AFTER) | (address - low_word <= size_words + AFTER);
			any_number |= word - low <= size;
		}
	return any || (code->fixed && any_number);
}

static bool any_refers(const struct hg_bytes *code, uint64_t low, uint64_t high, const struct hg_targets *targets)
{
	for (uint64_t at = low; at < high; at++) {
		uint32_t word = word_at(at + code->moved);
		uint64_t address = at + OPERAND + extended(word);
		if ((hg_target_near(targets, address, AFTER) && leads_to_any(targets, address)) ||
		    (code->fixed && hg_target_passes_sieve(targets, word) && hg_target_at(targets, word)))
			return true;
	}
	return false;
}

/* Whether any four bytes could be an operand that leads to a target. Most functions have none, and are not read. */
static bool may_refer(const struct hg_bytes *code, uint64_t low, uint64_t high, const struct hg_targets *targets)
{
	uint64_t end = high - low < OPERAND ? low : high - OPERAND + 1;
	for (uint64_t at = low; at < end; at += BLOCK) {
		bool whole = code->high - at >= BLOCK + OPERAND;
		uint64_t until = end - at < BLOCK ? end : at + BLOCK;
		if ((!whole || any_is_near(code, at, targets)) && any_refers(code, at, until, targets))
			return true;
	}
	return false;
}

/* Where in an instruction the operand stands that leads to an address; 0: there is none, or more than one could be. */
static unsigned find_operand(uint64_t at, unsigned length, uint64_t address)
{
	unsigned found = 0, count = 0;
	for (unsigned i = 1; i + OPERAND <= length; i++)
		if (at + length + extended(word_at(at + i)) == address) {
			found = i;
			count++;
		}
	return count == 1 ? found : 0;
}

enum { LEA = 0x8d, LOAD = 0x8b, COMPARE = 0x3b, COMPARE_WITH = 0x39 };       /* no limit: codes */
enum { GROUP = 0xff, CALL = 2, JUMP = 4, PUSH = 6 };                         /* no limit: a code, and which of it */
enum { TWO_BYTES = 1, LOAD_VECTOR = 0x7e, LOAD_HALF = 0x16, REPEAT = 0xf3 }; /* no limit: of the second map */

/* An address that is taken. */
static bool takes_place(const struct hg_parts *parts)
{
	return parts->map == 0 && parts->code == LEA;
}

/* Eight bytes that are called by, pushed, loaded or compared, and no more than these. */
static bool reads_word(const struct hg_parts *parts)
{
	if (parts->is_vector)
		return false;
	if (parts->map == TWO_BYTES)
		return (parts->code == LOAD_VECTOR && parts->repeat == REPEAT) ||
		       (parts->code == LOAD_HALF && !parts->repeat);
	if (parts->map != 0)
		return false;
	if (parts->code == GROUP)
		return parts->reg == CALL || parts->reg == JUMP || parts->reg == PUSH;
	return parts->wide && (parts->code == LOAD || parts->code == COMPARE || parts->code == COMPARE_WITH);
}

struct reading {
	const struct hg_bytes *code;
	const struct hg_targets *targets;
	hg_site_visit *visit;
	void *argument;
};

/* `address`: what the instruction refers to, counting from its end. */
static void look_at_place(const struct reading *reading, uint64_t at, const struct hg_parts *parts, uint64_t address,
                          bool is_branch)
{
	uint64_t moved = reading->code->moved;
	const struct hg_target *target = hg_target_at(reading->targets, address - moved);
	if (!target || !(target->is_word ? !is_branch && reads_word(parts) : is_branch || takes_place(parts)))
		return;
	unsigned operand = find_operand(at, parts->length, address);
	if (operand)
		reading->visit(&(struct hg_site){at + operand - moved, at + parts->length - moved, target},
		               reading->argument);
}

static void look_at_number(const struct reading *reading, uint64_t at, const struct hg_parts *parts)
{
	const struct hg_target *target = hg_target_at(reading->targets, parts->number);
	uint64_t operand = at + parts->length - OPERAND;
	if (reading->code->fixed && target && !target->is_word && word_at(operand) == parts->number)
		reading->visit(&(struct hg_site){operand - reading->code->moved, 0, target}, reading->argument);
}

void hg_sites_each(const struct hg_bytes *code, uint64_t low, uint64_t high, const struct hg_targets *targets,
                   hg_site_visit *visit, void *argument)
{
	const struct reading reading = {code, targets, visit, argument};
	if (low < code->low || high > code->high || !targets->count || !may_refer(code, low, high, targets))
		return;
	for (uint64_t at = low + code->moved, end = high + code->moved; at < end;) {
		struct hg_instruction instruction;
		struct hg_parts parts;
		hg_read_instruction(at, end, &instruction);
		/* Behind what cannot be read nothing is certain. */
		if (!instruction.length || !hg_read_parts(at, end, &parts))
			return;
		if (instruction.target)
			look_at_place(&reading, at, &parts, instruction.target, true);
		else if (parts.by_place)
			look_at_place(&reading, at, &parts, parts.offset, false);
		else
			look_at_number(&reading, at, &parts);
		at += parts.length;
	}
}

bool hg_site_lead(const struct hg_site *site, uint64_t base, const struct hg_text *text, struct hg_near *near, int stub)
{
	uint64_t to = site->target->is_word ? (uint64_t)&near->words[stub] : near->words[stub];
	uint64_t operand = site->from ? to - (base + site->from) : to;
	bool fits = site->from ? extended((uint32_t)operand) == operand : operand <= INT32_MAX;
	return fits && hg_text_write(text, base + site->at, (uint32_t)operand);
}
