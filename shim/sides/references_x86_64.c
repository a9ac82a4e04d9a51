#include "code/effects.h"
#include "code/parts_x86_64.h"
#include "sides/references.h"

static void visit_parts(const struct hg_bytes *code, const struct hg_parts *parts, hg_reference_visit *visit,
                        void *argument)
{
	if (parts->by_place)
		visit(parts->offset - code->moved, argument);
	if (code->fixed && parts->number >= code->low && parts->number < code->high)
		visit(parts->number, argument);
}

enum { OPERAND = 4, AFTER = 4 }; /* no limit: bytes of an operand; most that follow it in its instruction */

/* Whether an operand that counts from the end of its instruction can follow: of what names a place by its distance
 * (modrm), of a branch (after 0F), of a call or a jump. */
static bool may_precede(const unsigned char *last, const unsigned char *first)
{
	enum { NO, YES, BRANCH, TWO_BYTES = 0x0f };
	/* no limit: a byte has as many values */
	static const unsigned char kinds[256] = {
	    [0x05] = YES,    [0x0d] = YES,    [0x15] = YES,    [0x1d] = YES,    [0x25] = YES,    [0x2d] = YES,
	    [0x35] = YES,    [0x3d] = YES,    [0x80] = BRANCH, [0x81] = BRANCH, [0x82] = BRANCH, [0x83] = BRANCH,
	    [0x84] = BRANCH, [0x85] = BRANCH, [0x86] = BRANCH, [0x87] = BRANCH, [0x88] = BRANCH, [0x89] = BRANCH,
	    [0x8a] = BRANCH, [0x8b] = BRANCH, [0x8c] = BRANCH, [0x8d] = BRANCH, [0x8e] = BRANCH, [0x8f] = BRANCH,
	    [0xe8] = YES,    [0xe9] = YES};
	return kinds[*last] && (kinds[*last] != BRANCH || (last > first && last[-1] == TWO_BYTES));
}

static bool leads_on(const struct hg_bytes *code, uint64_t at, const struct hg_unreached *unreached)
{
	uint32_t word;
	__builtin_memcpy(&word, (const void *)(at + code->moved), sizeof word);
	uint64_t address = at + OPERAND + (uint64_t)(int64_t)(int32_t)word;
	return hg_is_unreached(unreached, address) || hg_is_unreached(unreached, address + AFTER) ||
	       (code->fixed && hg_is_unreached(unreached, word));
}

/* Most functions refer to nothing new, and are not read. */
static bool may_lead_on(const struct hg_bytes *code, uint64_t low, uint64_t high, const struct hg_unreached *unreached)
{
	const unsigned char *first = (const unsigned char *)(low + code->moved), *last = first;
	for (uint64_t at = low + 1; at + OPERAND <= high; at++, last++)
		if ((may_precede(last, first) || code->fixed) && leads_on(code, at, unreached))
			return true;
	return false;
}

void hg_references_each(const struct hg_bytes *code, uint64_t low, uint64_t high, const struct hg_unreached *unreached,
                        hg_reference_visit *visit, void *argument)
{
	if (low < code->low || high > code->high || !may_lead_on(code, low, high, unreached))
		return;
	uint64_t end = high + code->moved;
	for (uint64_t at = low + code->moved; at < end;) {
		struct hg_instruction instruction;
		struct hg_parts parts;
		hg_read_instruction(at, end, &instruction);
		if (instruction.target)
			visit(instruction.target - code->moved, argument);
		else if (instruction.length && hg_read_parts(at, end, &parts))
			visit_parts(code, &parts, visit, argument);
		at += instruction.length ? instruction.length : 1;
	}
}
