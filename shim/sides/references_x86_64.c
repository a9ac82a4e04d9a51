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

void hg_references_each(const struct hg_bytes *code, uint64_t low, uint64_t high, hg_reference_visit *visit,
                        void *argument)
{
	if (low < code->low || high > code->high)
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
