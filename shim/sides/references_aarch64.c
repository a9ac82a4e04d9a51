#include "code/effects.h"
#include "code/places_aarch64.h"
#include "sides/references.h"

void hg_references_each(const struct hg_bytes *code, uint64_t low, uint64_t high, hg_reference_visit *visit,
                        void *argument)
{
	struct hg_pages pages = {.known = 0};
	if (low < code->low || high > code->high)
		return;
	for (uint64_t at = low; at + sizeof(uint32_t) <= high; at += sizeof(uint32_t)) {
		struct hg_instruction instruction;
		uint64_t address = 0;
		enum hg_place_use use = hg_place_in(*(const uint32_t *)(at + code->moved), at, &pages, &address);
		hg_read_instruction(at + code->moved, high + code->moved, &instruction);
		if (use != HG_PLACE_NONE || instruction.target)
			visit(use != HG_PLACE_NONE ? address : instruction.target - code->moved, argument);
	}
}
