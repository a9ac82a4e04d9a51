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
	enum { BRANCHES = 0x8, TWO_BYTES = 0x0f };
	static const uint64_t bytes[] = {0x2020202020202020, 0, 0xffff, UINT64_C(3) << 40};
	return bytes[*last / 64] >> *last % 64 & 1 &&
	       (*last >> 4 != BRANCHES || (last > first && last[-1] == TWO_BYTES));
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
