/* Arm Architecture Reference Manual for A-profile, C4.1: the groups of the A64 instruction set; C6.2: each instruction.
 */
#include "code/effects_aarch64.h"

#include <stddef.h>

enum { ZERO = 31, LINK = 30, LAST_SCRATCH = 18 }; /* no limit: registers */

const uint32_t hg_kept_registers = UINT32_C(0xbff80000); /* x19 to x29, the stack pointer */

static bool is(uint32_t code, uint32_t mask, uint32_t value)
{
	return (code & mask) == value;
}

static unsigned field(uint32_t code, int shift)
{
	return code >> shift & 31;
}

static uint64_t signed_field(uint32_t code, int shift, int width)
{
	return (uint64_t)((int64_t)((uint64_t)code << (64 - shift - width)) >> (64 - width));
}

/* --- branches --- */

bool hg_branches_by_register(uint32_t code, bool links, unsigned *reg)
{
	/* BR, BRAAZ and BRABZ, BRAA and BRAB; one bit makes them BLR. */
	uint32_t jump = links ? code ^ 0x200000 : code;
	*reg = field(code, 5);
	return is(jump, 0xfffffc1f, 0xd61f0000) || is(jump, 0xfffff81f, 0xd61f081f) || is(jump, 0xfffff800, 0xd71f0800);
}

bool hg_branches(uint32_t code, bool links, uint64_t at, uint64_t *target)
{
	*target = at + 4 * signed_field(code, 0, 26);
	return is(code, 0xfc000000, links ? 0x94000000 : 0x14000000);
}

static bool returns(uint32_t code)
{
	return is(code, 0xfffff000, 0xd65f0000); /* RET, and with a signature */
}

/* B.cond, CBZ, CBNZ; TBZ, TBNZ. */
static bool branches_if(uint32_t code, uint64_t at, uint64_t *target)
{
	bool tests_bit = is(code, 0x7e000000, 0x36000000);
	*target = at + 4 * (tests_bit ? signed_field(code, 5, 14) : signed_field(code, 5, 19));
	return tests_bit || is(code, 0xff000000, 0x54000000) || is(code, 0x7e000000, 0x34000000);
}

uint64_t hg_branch_target(uint32_t code, uint64_t at)
{
	uint64_t to;
	return hg_branches(code, true, at, &to) || hg_branches(code, false, at, &to) || branches_if(code, at, &to) ? to
	                                                                                                           : 0;
}

/* --- what changes --- */

static uint32_t bit(unsigned reg)
{
	return reg == ZERO ? 0 : UINT32_C(1) << reg;
}

/* The register 31 of an instruction that can name the stack pointer. */
static uint32_t bit_or_stack(unsigned reg)
{
	return UINT32_C(1) << reg;
}

static uint32_t changed_by_single(uint32_t code)
{
	bool vector = code >> 26 & 1, scaled = code >> 24 & 1, by_register = code >> 21 & 1;
	unsigned size = code >> 30, operation = code >> 22 & 3, way = code >> 10 & 3;
	bool loads = operation != 0 && !(size == 3 && operation == 2); /* the latter fetches only */
	uint32_t loaded = loads && !vector ? bit(field(code, 0)) : 0;
	if (scaled)
		return loaded;
	if (!by_register)
		return loaded | (way & 1 ? bit_or_stack(field(code, 5)) : 0);
	if (way == 2)
		return loaded;
	/* Atomic ones; LDRAA and LDRAB. */
	return bit(field(code, 0)) | (way & 1 ? bit_or_stack(field(code, 5)) : 0);
}

static uint32_t changed_by_memory(uint32_t code)
{
	bool vector = code >> 26 & 1;
	uint32_t first = bit(field(code, 0)), base = bit_or_stack(field(code, 5)), second = bit(field(code, 10));
	if (is(code, 0x3a000000, 0x38000000))
		return changed_by_single(code);
	if (is(code, 0x3a000000, 0x28000000)) { /* pairs */
		uint32_t loaded = code >> 22 & 1 && !vector ? first | second : 0;
		return loaded | (code >> 23 & 1 ? base : 0);
	}
	if (is(code, 0x3b000000, 0x18000000)) /* literals */
		return vector ? 0 : first;
	if (vector)
		return base;
	if (is(code, 0x3fa00000, 0x08800000)) /* LDAR, STLR and their kin */
		return code >> 22 & 1 ? first : 0;
	/* Exclusive ones, CAS, tags, copies of memory. */
	uint32_t third = bit(field(code, 16));
	return first | first << 1 | base | second | third | third << 1;
}

static uint32_t changed_by_branch(uint32_t code)
{
	unsigned reg;
	uint64_t target;
	if (hg_branches(code, true, 0, &target) || hg_branches_by_register(code, true, &reg))
		return (bit_or_stack(LAST_SCRATCH + 1) - 1) | bit(LINK);
	return is(code, 0xfff00000, 0xd5300000) || is(code, 0xfff80000, 0xd5280000) ? bit(field(code, 0)) : 0;
}

/* Vector registers are none of ours, but some instructions move their contents to general ones. */
static uint32_t changed_by_vector(uint32_t code)
{
	bool moves =
	    is(code, 0x5f20fc00, 0x1e200000) || is(code, 0x5f200000, 0x1e000000) || is(code, 0x9fe08400, 0x0e000400);
	return moves ? bit(field(code, 0)) : 0;
}

static uint32_t changed_by(uint32_t code)
{
	enum { IMMEDIATE = 4, BRANCH = 5 }; /* no limit: kinds of instructions */
	unsigned group = code >> 26 & 7, target = field(code, 0);
	if ((code >> 25 & 5) == 4)
		return changed_by_memory(code);
	if (group == BRANCH)
		return changed_by_branch(code);
	if ((code >> 25 & 7) == 7)
		return changed_by_vector(code);
	if (is(code, 0x1fe00000, 0x1a400000)) /* conditional comparisons */
		return 0;
	/* Additions, subtractions and logic, where they set no flags. */
	bool to_stack = (is(code, 0x1f800000, 0x11000000) && !(code >> 29 & 1)) ||
	                (is(code, 0x1f800000, 0x12000000) && code >> 29 != 3 && code >> 29 != 7) ||
	                (is(code, 0x1fe00000, 0x0b200000) && !(code >> 29 & 1));
	return to_stack ? bit_or_stack(target) : bit(target);
}

/* --- how it is made --- */

/* A load of 64 bits by one register. Those that change their base: before the load (pre-index) or after it. */
static bool effect_of_single(uint32_t code, unsigned reg, struct hg_effect *effect)
{
	unsigned base = field(code, 5), way = code >> 10 & 3;
	uint64_t near = signed_field(code, 12, 9);
	bool loads = field(code, 0) == reg && reg != ZERO;
	if (is(code, 0xfffffc00, 0xc8dffc00) || is(code, 0xfffffc00, 0xf8bfc000)) { /* LDAR, LDAPR */
		*effect = hg_load(base, 0);
		return loads;
	}
	if (is(code, 0xffc00000, 0xf9400000)) {
		*effect = hg_load(base, (uint64_t)(code >> 10 & 0xfff) * 8);
		return loads;
	}
	if (is(code, 0xffe00000, 0xf8400000)) {
		*effect = loads ? hg_load(base, way == 1 ? 0 : near) : hg_sum(base, near);
		return loads || (way & 1 && base == reg);
	}
	if (!is(code, 0xffe00c00, 0xf8600800))
		return false;
	*effect = hg_load(base, 0);
	effect->index = field(code, 16);
	effect->extend = code >> 13 & 7;
	effect->shift = code >> 12 & 1 ? 3 : 0;
	return loads && effect->index != ZERO;
}

/* LDP of 64-bit registers. */
static bool effect_of_pair(uint32_t code, unsigned reg, struct hg_effect *effect)
{
	enum { AFTER = 1, WRITES_BASE = 1 };
	unsigned base = field(code, 5), way = code >> 23 & 3;
	uint64_t offset = 8 * signed_field(code, 15, 7), at = way == AFTER ? 0 : offset;
	bool first = field(code, 0) == reg, second = field(code, 10) == reg;
	if (!is(code, 0xfe400000, 0xa8400000))
		return false;
	if (reg != ZERO && (first || second)) {
		*effect = hg_load(base, first ? at : at + 8);
		return true;
	}
	*effect = hg_sum(base, offset);
	return way & WRITES_BASE && base == reg;
}

/* ADRP, ADR, LDR of a literal. */
static bool effect_of_place(uint32_t code, uint64_t at, struct hg_effect *effect)
{
	uint64_t distance = signed_field(code, 5, 19) * 4;
	if (is(code, 0xff000000, 0x58000000))
		*effect = hg_load(HG_NO_REGISTER, at + distance);
	else if (is(code, 0x9f000000, 0x10000000))
		*effect = hg_sum(HG_NO_REGISTER, at + (distance | (code >> 29 & 3)));
	else if (is(code, 0x9f000000, 0x90000000))
		*effect = hg_sum(HG_NO_REGISTER, (at & ~UINT64_C(0xfff)) + (distance | (code >> 29 & 3)) * 4096);
	else
		return false;
	return true;
}

/* ADD and SUB of a number; ADD of a register that is shifted or extended; MOV of a register or a number. */
static bool effect_of_sum(uint32_t code, struct hg_effect *effect)
{
	uint64_t number = (uint64_t)(code >> 10 & 0xfff) << (code >> 22 & 1 ? 12 : 0);
	unsigned base = field(code, 5), index = field(code, 16), shift = code >> 10 & 63;
	*effect = hg_sum(base, number);
	if (is(code, 0xff800000, 0x91000000))
		return true;
	effect->offset = -number;
	if (is(code, 0xff800000, 0xd1000000))
		return true;
	*effect = hg_sum(index, 0);
	if (is(code, 0xffe0ffe0, 0xaa0003e0))
		return index != ZERO;
	*effect = hg_sum(HG_NO_REGISTER, (uint64_t)(code >> 5 & 0xffff) << 16 * (code >> 21 & 3));
	if (is(code, 0x7f800000, 0x52800000))
		return true;
	*effect = (struct hg_effect){.base = base, .index = index, .extend = HG_WHOLE, .shift = shift};
	if (is(code, 0xffe00000, 0x8b000000))
		return base != ZERO && index != ZERO;
	effect->extend = code >> 13 & 7;
	effect->shift = shift & 7;
	return is(code, 0xffe00000, 0x8b200000) && index != ZERO;
}

static uint32_t instruction_at(uint64_t at, uint64_t high)
{
	enum { UNDEFINED = 0 };
	return at % sizeof(uint32_t) == 0 && at < high && high - at >= sizeof(uint32_t) ? *(const uint32_t *)at
	                                                                                : UNDEFINED;
}

bool hg_effect_on(uint64_t at, uint64_t high, unsigned reg, struct hg_effect *effect)
{
	uint32_t code = instruction_at(at, high);
	if (effect_of_single(code, reg, effect) || effect_of_pair(code, reg, effect))
		return true;
	return field(code, 0) == reg && (effect_of_place(code, at, effect) || effect_of_sum(code, effect));
}

/* --- all of it --- */

static enum hg_way way_of(uint32_t code, uint64_t at, uint64_t *target)
{
	enum { NOP = 0xd503201f };
	uint64_t to;
	unsigned reg;
	*target = hg_branch_target(code, at);
	if (hg_branches(code, true, at, &to) || hg_branches_by_register(code, true, &reg))
		return HG_WAY_CALL;
	if (hg_branches(code, false, at, &to) || hg_branches_by_register(code, false, &reg))
		return HG_WAY_JUMP;
	if (*target)
		return HG_WAY_BRANCH;
	return returns(code) ? HG_WAY_END : code == NOP ? HG_WAY_PASS : HG_WAY_ON;
}

void hg_read_instruction(uint64_t at, uint64_t high, struct hg_instruction *instruction)
{
	uint32_t code = instruction_at(at, high);
	*instruction = (struct hg_instruction){0};
	if (at % sizeof code != 0 || at >= high || high - at < sizeof code)
		return;
	instruction->length = sizeof code;
	instruction->changes = changed_by(code);
	instruction->way = way_of(code, at, &instruction->target);
}

bool hg_goes_by(uint64_t at, uint64_t high, struct hg_effect *effect)
{
	uint32_t code = instruction_at(at, high);
	unsigned reg = 0;
	bool goes = hg_branches_by_register(code, true, &reg) || hg_branches_by_register(code, false, &reg);
	*effect = hg_sum(reg, 0);
	return goes;
}
