/* Arm Architecture Reference Manual for A-profile, C4.1: the encodings. */
#include "code/places_aarch64.h"

enum { PAGE = 4096 }; /* no limit: what adrp counts in */

static uint64_t bits(uint32_t code, unsigned low, unsigned count)
{
	return code >> low & ((UINT32_C(1) << count) - 1);
}

/* The number of adr and adrp, with its sign. */
static uint64_t distance(uint32_t code)
{
	enum { SPARE = 64 - 21 };
	uint64_t number = bits(code, 5, 19) << 2 | bits(code, 29, 2);
	return (uint64_t)((int64_t)(number << SPARE) >> SPARE);
}

static void note(struct hg_pages *pages, unsigned to, uint64_t page)
{
	pages->list[to] = page;
	pages->known |= UINT32_C(1) << to;
}

enum hg_place_use hg_place_in(uint32_t code, uint64_t at, struct hg_pages *pages, uint64_t *address)
{
	enum { ADR = 0x10000000, ADRP = 0x90000000, OF_ADR = 0x9f000000 };
	enum { ADD = 0x91000000, LOAD = 0xf9400000, OF_ADD = 0xffc00000 };
	unsigned to = code & 31, from = (unsigned)bits(code, 5, 5);
	if ((code & OF_ADR) == ADR) {
		/* Linkers make it of adrp, where it reaches. */
		*address = at + distance(code);
		note(pages, to, *address);
		return HG_PLACE_TAKEN;
	}
	if ((code & OF_ADR) == ADRP) {
		note(pages, to, at / PAGE * PAGE + distance(code) * PAGE);
		return HG_PLACE_NONE;
	}
	bool adds = (code & OF_ADD) == ADD;
	if ((!adds && (code & OF_ADD) != LOAD) || !(pages->known >> from & 1))
		return HG_PLACE_NONE;
	*address = pages->list[from] + bits(code, 10, 12) * (adds ? 1 : sizeof(uint64_t));
	pages->known &= ~(UINT32_C(1) << to);
	return adds ? HG_PLACE_TAKEN : HG_PLACE_READ;
}
