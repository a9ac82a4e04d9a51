#include "code/effects_aarch64.h"
#include "code/places_aarch64.h"
#include "sides/references.h"

void hg_references_each(const struct hg_bytes *code, uint64_t low, uint64_t high, const struct hg_unreached *unreached,
                        hg_reference_visit *visit, void *argument)
{
	struct hg_pages pages = {.known = 0};
	if (low < code->low || high > code->high)
		return;
	for (uint64_t at = low; at + sizeof(uint32_t) <= high; at += sizeof(uint32_t)) {
		uint32_t word = *(const uint32_t *)(at + code->moved);
		uint64_t address = hg_branch_target(word, at);
		if (!address && hg_place_in(word, at, &pages, &address) == HG_PLACE_NONE)
			continue;
		if (hg_is_unreached(unreached, address))
			visit(address, argument);
	}
}
