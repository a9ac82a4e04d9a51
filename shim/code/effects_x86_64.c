/* Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2: chapter 2 (the parts of an instruction),
 * appendix A (the maps of operation codes), chapters 3 to 6 (each instruction). */
#include "code/effects.h"

#include <stddef.h>

#include "code/parts_x86_64.h"

enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15 };

#define BIT(number) (UINT32_C(1) << (number))

static const uint32_t given_up_by_calls =
    BIT(RAX) | BIT(RCX) | BIT(RDX) | BIT(RSI) | BIT(RDI) | BIT(R8) | BIT(R9) | BIT(R10) | BIT(R11);
const uint32_t hg_kept_registers = BIT(RBX) | BIT(RSP) | BIT(RBP) | BIT(R12) | BIT(R13) | BIT(R14) | BIT(R15);

static bool within(unsigned code, unsigned low, unsigned high)
{
	return code >= low && code <= high;
}

/* --- what changes --- */

/* Four registers are named by their second byte where no prefix extends the numbers. */
static unsigned of_byte(const struct hg_parts *parts, unsigned number)
{
	return !parts->extended && within(number, RSP, RDI) ? number - RSP : number;
}

/* Which operands an instruction changes, and what else. */
enum { REG = 1, RM = 2, IN_CODE = 4, BYTE = 8 }; /* no limit: bits */

static const struct kind {
	char letter;
	uint8_t operands;
	uint32_t others;
} kinds[] = {
    {'.', 0, 0},
    {'r', REG, 0},
    {'m', RM, 0},
    {'b', REG | BYTE, 0},
    {'n', RM | BYTE, 0},
    {'s', 0, BIT(RSP)},
    {'P', IN_CODE, BIT(RSP)},
    {'q', RM, BIT(RSP)},
    {'a', 0, BIT(RAX)},
    {'c', 0, BIT(RCX)},
    {'d', 0, BIT(RDX)},
    {'D', 0, BIT(RAX) | BIT(RDX)},
    {'o', IN_CODE, 0},
    {'p', IN_CODE | BYTE, 0},
    {'X', IN_CODE, BIT(RAX)},
    {'x', REG | RM, 0},
    {'y', REG | RM | BYTE, 0},
    {'k', RM | BYTE, BIT(RAX)},
    {'K', RM, BIT(RAX)},
    {'E', RM, BIT(RAX) | BIT(RDX)},
    {'A', RM, BIT(RAX) | BIT(RBX) | BIT(RCX) | BIT(RDX)},
    {'e', 0, BIT(RSP) | BIT(RBP)},
    {'t', 0, BIT(RSI) | BIT(RDI) | BIT(RCX)},
    {'T', 0, BIT(RSI) | BIT(RDI) | BIT(RCX) | BIT(RAX)},
    {'C', 0, given_up_by_calls},
};

enum { LETTERS = 17 }; /* no limit: of 16 codes, and the end */

static const char of_one_byte[][LETTERS] = {
    "nmbraa..nmbraa..", "nmbraa..nmbraa..", "nmbraa..nmbraa..", "nmbraa..........",
    "................", "ssssssssPPPPPPPP", "...r....srsrtttt", "................",
    "nmnm..yxnmbrmr.q", "XXXXXXXXad..ss.a", "aa..tttt..ttTTtt", "ppppppppoooooooo",
    "nm....nmee...C..", "nmnm...a........", "ccc.aa..C...aa..", "..............n.",
};

/* Those with vectors change general registers only where they move or convert to them, compare texts, or test bits. */
static const char of_two_bytes[][LETTERS] = {
    "mArr.C..........", "................", "mm..........rr..", ".DDD............",
    "rrrrrrrrrrrrrrrr", "r...............", "................", "........m.....m.",
    "................", "nnnnnnnnnnnnnnnn", "ssA.mm..ss.mmm.r", "kKrmrrrrr.mmrrrr",
    "yx...r.Eoooooooo", ".......r........", "................", "................",
};

/* What the number in the place of a register, or a prefix, makes of some. */
static char letter_of_one_byte(const struct hg_parts *parts)
{
	enum { COMPARISON = 7, PUSH = 6, CALL = 2 }; /* no limit: numbers of operations */
	unsigned code = parts->code, operation = parts->reg & 7;
	if (within(code, 0x80, 0x83) && operation == COMPARISON)
		return '.';
	if (code == 0x90 && parts->opcode_register == RAX)
		return '.';
	if (within(code, 0xf6, 0xf7) && operation >= 2)
		return operation < 4 ? "nm"[code & 1] : "aD"[code & 1];
	if (code == 0xff)
		return operation < 2 ? 'm' : operation == PUSH ? 's' : operation == CALL ? 'C' : '.';
	if (code == 0xdf && parts->is_register)
		return 'a'; /* FNSTSW */
	return of_one_byte[code / 16][code % 16];
}

static char letter_of_two_bytes(const struct hg_parts *parts)
{
	enum { TEST_OF_BIT = 4 }; /* no limit: number of an operation */
	unsigned code = parts->code;
	bool is_f3 = parts->repeat == 0xf3;
	if (code == 0x7e && is_f3)
		return '.';
	if ((code == 0x1e || code == 0xae) && is_f3)
		return 'm';
	if (code == 0xba && (parts->reg & 7) == TEST_OF_BIT)
		return '.';
	return of_two_bytes[code / 16][code % 16];
}

/* VEX and EVEX. */
static char letter_of_vector(const struct hg_parts *parts)
{
	unsigned code = parts->code;
	bool to_reg = code == 0x2c || code == 0x2d || code == 0x50 || within(code, 0x78, 0x79) || code == 0x93 ||
	              code == 0xc5 || code == 0xd7;
	if (parts->map == 1)
		return code == 0x7e && parts->repeat != 0xf3 ? 'm' : to_reg ? 'r' : '.';
	if (parts->map == 3)
		return within(code, 0x14, 0x17) ? 'm' : within(code, 0x60, 0x63) ? 'c' : code == 0xf0 ? 'r' : '.';
	return parts->map == 2 && code < 0xe0 ? '.' : 'x';
}

static char letter_of(const struct hg_parts *parts)
{
	unsigned code = parts->code;
	if (parts->is_vector)
		return letter_of_vector(parts);
	if (parts->map == 0)
		return letter_of_one_byte(parts);
	if (parts->map == 1)
		return letter_of_two_bytes(parts);
	if (parts->map == 2)
		return code >= 0xf0 ? 'x' : '.';
	return within(code, 0x14, 0x17) ? 'm' : within(code, 0x60, 0x63) ? 'c' : '.';
}

static uint32_t changed(const struct hg_parts *parts, uint8_t operands, unsigned number)
{
	return BIT(operands & BYTE ? of_byte(parts, number) : number);
}

static uint32_t changed_by(const struct hg_parts *parts)
{
	const struct kind *kind = kinds;
	char letter = letter_of(parts);
	while (kind->letter != letter)
		kind++;
	uint32_t all = kind->others;
	if (kind->operands & REG)
		all |= changed(parts, kind->operands, parts->reg);
	if (kind->operands & RM && parts->is_register)
		all |= changed(parts, kind->operands, parts->base);
	if (kind->operands & IN_CODE)
		all |= changed(parts, kind->operands, parts->opcode_register);
	/* Of vectors the third may be one: no harm is done if it is none. */
	return letter == 'x' && parts->is_vector ? all | BIT(parts->second) : all;
}

/* --- where it goes --- */

static enum hg_way way_of_two_bytes(unsigned code)
{
	enum { NOP = 0x1f, UD2 = 0x0b, UD1 = 0xb9, UD0 = 0xff, SYSRET = 0x07 };
	if (within(code, 0x80, 0x8f))
		return HG_WAY_BRANCH;
	if (code == NOP)
		return HG_WAY_PASS;
	return code == UD2 || code == UD1 || code == UD0 || code == SYSRET ? HG_WAY_END : HG_WAY_ON;
}

static enum hg_way way_of(const struct hg_parts *parts)
{
	unsigned code = parts->code, operation = parts->reg & 7;
	if (parts->is_vector || parts->map > 1)
		return HG_WAY_ON;
	if (parts->map == 1)
		return way_of_two_bytes(code);
	if (within(code, 0x70, 0x7f) || within(code, 0xe0, 0xe3))
		return HG_WAY_BRANCH;
	switch (code) {
	case 0x90:
		return parts->opcode_register == RAX ? HG_WAY_PASS : HG_WAY_ON;
	case 0xe9:
	case 0xeb:
		return HG_WAY_JUMP;
	case 0xe8:
		return HG_WAY_CALL;
	case 0xc2:
	case 0xc3:
	case 0xca:
	case 0xcb:
	case 0xcc:
	case 0xcf:
	case 0xf1:
	case 0xf4:
		return HG_WAY_END;
	case 0xc7:
		return operation == 0 ? HG_WAY_ON : HG_WAY_BRANCH; /* XBEGIN */
	case 0xff:
		return operation == 2 ? HG_WAY_CALL : operation == 4 ? HG_WAY_JUMP : HG_WAY_ON;
	default:
		return HG_WAY_ON;
	}
}

void hg_read_instruction(uint64_t at, uint64_t high, struct hg_instruction *instruction)
{
	struct hg_parts parts;
	*instruction = (struct hg_instruction){0};
	if (!hg_read_parts(at, high, &parts))
		return;
	bool is_group = parts.map == 0 && parts.code == 0xff;
	instruction->length = parts.length;
	instruction->changes = changed_by(&parts);
	instruction->way = way_of(&parts);
	if (instruction->way >= HG_WAY_BRANCH && instruction->way != HG_WAY_END && !is_group)
		instruction->target = at + parts.length + parts.number;
}

/* --- how it is made --- */

static bool made(struct hg_effect *effect, struct hg_effect by)
{
	*effect = by;
	return true;
}

/* An operand in memory. What lies beyond a segment's base, or has an address of 32 bits, is not known. */
static bool memory_of(const struct hg_parts *parts, bool loads, struct hg_effect *effect)
{
	*effect = (struct hg_effect){.loads = loads,
	                             .base = parts->base,
	                             .index = parts->index,
	                             .extend = HG_WHOLE,
	                             .shift = parts->shift,
	                             .offset = parts->offset};
	return !parts->is_register && !parts->short_address && !(loads && parts->segment);
}

static struct hg_effect of_index(unsigned index, enum hg_extend extend, unsigned shift)
{
	return (struct hg_effect){.base = HG_NO_REGISTER, .index = index, .extend = extend, .shift = shift};
}

/* A register that is moved to another: 64 bits, or 32 that are followed by zeros. */
static struct hg_effect moved(const struct hg_parts *parts, unsigned from)
{
	return parts->wide ? hg_sum(from, 0) : of_index(from, HG_UNSIGNED_32, 0);
}

/* Those that write to the operand named last. */
static bool effect_on_reg(const struct hg_parts *parts, struct hg_effect *effect)
{
	unsigned rm = parts->base;
	switch (parts->code) {
	case 0x8b:
		return parts->is_register ? made(effect, moved(parts, rm))
		                          : parts->wide && memory_of(parts, true, effect);
	case 0x8d:
		return parts->wide && memory_of(parts, false, effect);
	case 0x63:
		return parts->wide && parts->is_register && made(effect, of_index(rm, HG_SIGNED_32, 0));
	case 0x03:
		*effect = of_index(rm, HG_WHOLE, 0);
		effect->base = parts->reg;
		return parts->wide && parts->is_register;
	case 0x33:
	case 0x2b:
		return parts->is_register && rm == parts->reg && made(effect, hg_sum(HG_NO_REGISTER, 0));
	default:
		return false;
	}
}

/* Those that write to a register in the place where memory could stand. */
static bool effect_on_rm(const struct hg_parts *parts, struct hg_effect *effect)
{
	enum { ADD = 0, SUBTRACT = 5, SHIFT_LEFT = 4, INCREMENT = 0, DECREMENT = 1 }; /* no limit: operations */
	unsigned operation = parts->reg & 7, rm = parts->base;
	uint64_t number = parts->number;
	switch (parts->code) {
	case 0x89:
		return made(effect, moved(parts, parts->reg));
	case 0x01:
		*effect = of_index(parts->reg, HG_WHOLE, 0);
		effect->base = rm;
		return parts->wide;
	case 0x31:
	case 0x29:
		return rm == parts->reg && made(effect, hg_sum(HG_NO_REGISTER, 0));
	case 0x81:
	case 0x83:
		*effect = hg_sum(rm, operation == ADD ? number : -number);
		return parts->wide && (operation == ADD || operation == SUBTRACT);
	case 0xff:
		*effect = hg_sum(rm, operation == INCREMENT ? 1 : UINT64_MAX);
		return parts->wide && operation <= DECREMENT;
	case 0xc7:
		return operation == 0 && made(effect, hg_sum(HG_NO_REGISTER, parts->wide ? number : (uint32_t)number));
	case 0xc1:
		*effect = of_index(rm, HG_WHOLE, number & 63);
		return parts->wide && operation == SHIFT_LEFT;
	case 0xd1:
		*effect = of_index(rm, HG_WHOLE, 1);
		return parts->wide && operation == SHIFT_LEFT;
	default:
		return false;
	}
}

/* Those that write to a register that the code itself names, or implies. */
static bool effect_on_named(const struct hg_parts *parts, unsigned reg, struct hg_effect *effect)
{
	unsigned code = parts->code;
	uint64_t number = parts->number;
	if (within(code, 0x58, 0x5f) && reg == parts->opcode_register)
		return made(effect, hg_load(RSP, 0));
	if (within(code, 0x50, 0x5f))
		return reg == RSP && made(effect, hg_sum(RSP, code >= 0x58 ? 8 : UINT64_C(-8)));
	if (within(code, 0xb8, 0xbf))
		return reg == parts->opcode_register &&
		       made(effect, hg_sum(HG_NO_REGISTER, parts->wide ? number : (uint32_t)number));
	switch (code) {
	case 0x05:
		*effect = hg_sum(RAX, number);
		return parts->wide && reg == RAX;
	case 0x2d:
		*effect = hg_sum(RAX, -number);
		return parts->wide && reg == RAX;
	case 0x98:
		*effect = of_index(RAX, HG_SIGNED_32, 0);
		return parts->wide && reg == RAX;
	case 0x68:
	case 0x6a:
		*effect = hg_sum(RSP, UINT64_C(-8));
		return reg == RSP;
	case 0xff:
		*effect = hg_sum(RSP, UINT64_C(-8));
		return (parts->reg & 7) == 6 && reg == RSP;
	case 0xc9:
		*effect = reg == RSP ? hg_sum(RBP, 8) : hg_load(RBP, 0);
		return reg == RSP || reg == RBP;
	default:
		return false;
	}
}

/* MOVZX, MOVSX of a register. */
static bool effect_of_extension(const struct hg_parts *parts, unsigned reg, struct hg_effect *effect)
{
	unsigned code = parts->code;
	bool byte = code == 0xb6 || code == 0xbe, with_sign = code >= 0xbe;
	if ((code != 0xb6 && code != 0xb7 && code != 0xbe && code != 0xbf) || reg != parts->reg || !parts->is_register)
		return false;
	if ((byte && of_byte(parts, parts->base) != parts->base) || (with_sign && !parts->wide))
		return false;
	enum hg_extend extend = byte ? HG_UNSIGNED_8 : HG_UNSIGNED_16;
	return made(effect, of_index(parts->base, with_sign ? extend + HG_SIGNED_8 : extend, 0));
}

bool hg_effect_on(uint64_t at, uint64_t high, unsigned reg, struct hg_effect *effect)
{
	struct hg_parts parts;
	if (!hg_read_parts(at, high, &parts) || parts.is_vector || parts.narrow || parts.map > 1)
		return false;
	if (parts.map == 1)
		return effect_of_extension(&parts, reg, effect);
	if (effect_on_named(&parts, reg, effect))
		return true;
	if (!parts.has_operands)
		return false;
	if (parts.reg == reg && effect_on_reg(&parts, effect))
		return true;
	return parts.is_register && parts.base == reg && effect_on_rm(&parts, effect);
}

bool hg_goes_by(uint64_t at, uint64_t high, struct hg_effect *effect)
{
	struct hg_parts parts;
	if (!hg_read_parts(at, high, &parts) || parts.is_vector || parts.map || parts.code != 0xff ||
	    way_of(&parts) == HG_WAY_ON)
		return false;
	return parts.is_register ? made(effect, hg_sum(parts.base, 0)) : memory_of(&parts, true, effect);
}
