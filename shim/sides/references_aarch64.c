/* Arm Architecture Reference Manual for A-profile, C4.1: the encodings. */
#include "code/effects.h"
#include "sides/references.h"

enum { REGISTERS = 32, PAGE = 4096 }; /* no limit: as many as there are, and what adrp counts in */

/* The pages that stand in registers, to which the next instructions add. An object's own first one is 0. */
struct pages {
	uint64_t list[REGISTERS];
	uint32_t known; /* a bit a register */
};

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

/* What it takes the address of, or loads from; 0: nothing, as far as can be seen. `at`: as the tables have it. */
static uint64_t address_in(uint32_t code, uint64_t at, struct pages *pages)
{
	enum { ADR = 0x10000000, ADRP = 0x90000000, OF_ADR = 0x9f000000 };
	enum { ADD = 0x91000000, LOAD = 0xf9400000, OF_ADD = 0xffc00000 };
	unsigned to = code & 31, from = (unsigned)bits(code, 5, 5);
	uint64_t page = pages->list[from], number = bits(code, 10, 12);
	bool known = pages->known >> from & 1;
	if ((code & OF_ADR) == ADR)
		return at + distance(code);
	if ((code & OF_ADR) == ADRP) {
		pages->list[to] = at / PAGE * PAGE + distance(code) * PAGE;
		pages->known |= UINT32_C(1) << to;
		return 0;
	}
	if ((code & OF_ADD) == ADD)
		return known ? page + number : 0;
	return known && (code & OF_ADD) == LOAD ? page + number * sizeof(uint64_t) : 0;
}

void hg_references_each(const struct hg_bytes *code, uint64_t low, uint64_t high, hg_reference_visit *visit,
                        void *argument)
{
	struct pages pages = {.known = 0};
	if (low < code->low || high > code->high)
		return;
	for (uint64_t at = low; at + sizeof(uint32_t) <= high; at += sizeof(uint32_t)) {
		struct hg_instruction instruction;
		uint64_t address = address_in(*(const uint32_t *)(at + code->moved), at, &pages);
		hg_read_instruction(at + code->moved, high + code->moved, &instruction);
		if (address || instruction.target)
			visit(address ? address : instruction.target - code->moved, argument);
	}
}
