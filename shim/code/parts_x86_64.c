/* Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, chapter 2 and appendix A. */
#include "code/parts_x86_64.h"

#include <stddef.h>

#include "code/effects.h"

enum { MAP_TWO_BYTES = 1, MAP_38 = 2, MAP_3A = 3 }; /* no limit: maps of operation codes */
enum { LONGEST = 15 };                              /* no limit: the processor takes no longer ones */
enum { NO_INDEX = 4, MORE = 4, NO_BASE = 5 };       /* no limit: what stands in the place of a register */

/* --- bytes --- */

struct reader {
	const uint8_t *next, *end;
	bool short_of; /* something was read that is not there; as 0 */
};

static uint8_t read_byte(struct reader *reader)
{
	reader->short_of |= reader->next == reader->end;
	return reader->short_of ? 0 : *reader->next++;
}

static uint8_t peek(const struct reader *reader)
{
	return reader->next < reader->end ? *reader->next : 0;
}

/* A number of so many bytes, with its sign. */
static uint64_t read_number(struct reader *reader, unsigned bytes)
{
	uint64_t number = 0;
	for (unsigned i = 0; i < bytes; i++)
		number |= (uint64_t)read_byte(reader) << 8 * i;
	unsigned spare = 64 - 8 * bytes;
	return bytes ? (uint64_t)((int64_t)(number << spare) >> spare) : 0;
}

/* --- the maps --- */

enum { WORDS_OF_CODES = 8 }; /* no limit: there are 256 codes */

/* A bit a code, of which the first stands lowest. */
static bool is_among(const uint32_t *codes, unsigned code)
{
	return codes[code / 32] >> code % 32 & 1;
}

/* Of the first map: what is none in 64-bit mode, or a prefix by itself; and what has operands. */
static const uint32_t none_of_one_byte[WORDS_OF_CODES] = {0xc0c0c0c0, 0xc0c0c0c0, 0x0000ffff, 0x000000f7,
                                                          0x04000004, 0,          0x00704030, 0x000d0400};
static const uint32_t operands_of_one_byte[WORDS_OF_CODES] = {0x0f0f0f0f, 0x0f0f0f0f, 0,          0x00000a08,
                                                              0x0000ffff, 0,          0xff0f00c3, 0xc0c00000};

/* Of the second. */
static const uint32_t none_of_two_bytes[WORDS_OF_CODES] = {0x00009410, 0xfff000f0, 0, 0x0c000000, 0, 0x000000c0, 0, 0};
static const uint32_t plain_of_two_bytes[WORDS_OF_CODES] = {0x00004be0, 0x00ff0000, 0,          0x00800000,
                                                            0x0000ffff, 0x00000707, 0x0000ff00, 0};

/* --- what stands before the code --- */

struct prefixes {
	bool narrow, is_rex;
	unsigned rex; /* bits: 8, 64 bits; 4, 2, 1: the upper half of the registers, as reg, index, base */
};

enum { WIDE = 8, UPPER_REG = 4, UPPER_INDEX = 2, UPPER_BASE = 1 }; /* no limit: bits */

static void read_prefixes(struct reader *reader, struct hg_parts *parts, struct prefixes *prefixes)
{
	for (;; reader->next++) {
		switch (peek(reader)) {
		case 0x66:
			prefixes->narrow = true;
			break;
		case 0x67:
			parts->short_address = true;
			break;
		case 0xf2:
		case 0xf3:
			parts->repeat = peek(reader);
			break;
		case 0x64:
		case 0x65:
			parts->segment = true;
			break;
		case 0x26:
		case 0x2e:
		case 0x36:
		case 0x3e:
		case 0xf0:
			break;
		default:
			prefixes->is_rex = (peek(reader) & 0xf0) == 0x40;
			prefixes->rex = prefixes->is_rex ? read_byte(reader) & 15 : 0;
			return;
		}
	}
}

/* VEX of two or three bytes, EVEX of four: after the first of them. Their bits for registers are inverted. */
static bool read_vector_prefix(struct reader *reader, unsigned kind, struct hg_parts *parts, struct prefixes *prefixes)
{
	enum { TWO = 0xc5, EVEX = 0x62 };
	static const uint8_t repeats[] = {0, 0, 0xf3, 0xf2};
	uint8_t first = read_byte(reader), second = kind == TWO ? first : read_byte(reader);
	parts->is_vector = true;
	parts->map = kind == TWO ? MAP_TWO_BYTES : first & (kind == EVEX ? 7 : 31);
	parts->repeat = repeats[second & 3];
	parts->second = ~second >> 3 & 15;
	prefixes->rex = ~first >> 5 & (kind == TWO ? UPPER_REG : UPPER_REG | UPPER_INDEX | UPPER_BASE);
	if (kind == EVEX)
		read_byte(reader);
	return (parts->map >= MAP_TWO_BYTES && parts->map <= MAP_3A) ||
	       (kind == EVEX && (parts->map == 5 || parts->map == 6));
}

static bool read_code(struct reader *reader, struct hg_parts *parts, struct prefixes *prefixes)
{
	enum { ESCAPE = 0x0f, VEX_TWO = 0xc5, VEX = 0xc4, EVEX = 0x62 };
	unsigned code = read_byte(reader);
	if (code == VEX_TWO || code == VEX || code == EVEX) {
		/* None of these goes with a prefix that it stands for. */
		bool lone = !prefixes->narrow && !prefixes->is_rex && !parts->repeat;
		if (!read_vector_prefix(reader, code, parts, prefixes) || !lone)
			return false;
		code = read_byte(reader);
	} else if (code == ESCAPE) {
		parts->map = MAP_TWO_BYTES;
		code = read_byte(reader);
		if (code == 0x38 || code == 0x3a) {
			parts->map = code == 0x38 ? MAP_38 : MAP_3A;
			code = read_byte(reader);
		}
	}
	parts->code = code;
	return true;
}

/* --- operands --- */

static void read_memory(struct reader *reader, unsigned rex, struct hg_parts *parts, unsigned mode)
{
	bool upper_base = rex & UPPER_BASE;
	unsigned size = mode == 1 ? 1 : mode == 2 ? 4 : 0;
	if (parts->base == MORE) {
		uint8_t byte = read_byte(reader);
		unsigned index = (byte >> 3 & 7) | (rex & UPPER_INDEX ? 8 : 0);
		parts->shift = byte >> 6;
		parts->index = index == NO_INDEX ? HG_NO_REGISTER : index;
		parts->base = byte & 7;
		if (mode == 0 && parts->base == NO_BASE) {
			size = 4;
			parts->base = HG_NO_REGISTER;
		}
	} else if (mode == 0 && parts->base == NO_BASE) {
		size = 4;
		parts->base = HG_NO_REGISTER;
		parts->by_place = true;
	}
	if (parts->base != HG_NO_REGISTER && upper_base)
		parts->base += 8;
	parts->offset = read_number(reader, size);
}

static void read_operands(struct reader *reader, unsigned rex, struct hg_parts *parts)
{
	uint8_t byte = read_byte(reader);
	unsigned mode = byte >> 6;
	parts->has_operands = true;
	parts->is_register = mode == 3;
	parts->reg = (byte >> 3 & 7) | (rex & UPPER_REG ? 8 : 0);
	parts->base = byte & 7;
	if (!parts->is_register)
		read_memory(reader, rex, parts, mode);
	else if (rex & UPPER_BASE)
		parts->base += 8;
}

static bool has_operands(const struct hg_parts *parts)
{
	enum { VZEROUPPER = 0x77 };
	if (parts->map == 0)
		return is_among(operands_of_one_byte, parts->code);
	if (parts->map == MAP_TWO_BYTES)
		return parts->is_vector ? parts->code != VZEROUPPER : !is_among(plain_of_two_bytes, parts->code);
	return true;
}

/* Bytes of the immediate operand: 1, 2, 3, 4; as many as operands have, but not more than 4 (z) or up to 8 (v); as many
 * as addresses have (j). */
static const char numbers_of_one_byte[][17] = {
    "....1z......1z..", "....1z......1z..", "....1z......1z..", "....1z......1z..",
    "................", "................", "........zz11....", "1111111111111111",
    "1z.1............", "................", "jjjj....1z......", "11111111vvvvvvvv",
    "112...1z3.2..1..", "................", "1111111144.1....", "......1z........",
};

static unsigned bytes_of_one_byte(const struct hg_parts *parts)
{
	unsigned code = parts->code, full = parts->narrow ? 2 : 4;
	char letter = numbers_of_one_byte[code / 16][code % 16];
	bool is_test = (parts->reg & 7) < 2;
	if (letter == '.' || ((code == 0xf6 || code == 0xf7) && !is_test))
		return 0;
	if (letter == 'j')
		return parts->short_address ? 4 : 8;
	if (letter == 'z' || letter == 'v')
		return letter == 'v' && parts->wide ? 8 : full;
	return (unsigned)(letter - '0');
}

/* How many bytes an immediate operand has. */
static unsigned bytes_of_number(const struct hg_parts *parts)
{
	unsigned code = parts->code;
	if (parts->map == 0)
		return bytes_of_one_byte(parts);
	if (parts->map == MAP_3A)
		return 1;
	if (parts->map != MAP_TWO_BYTES)
		return 0;
	if (code >= 0x80 && code <= 0x8f && !parts->is_vector)
		return 4;
	bool one = (code >= 0x70 && code <= 0x73) || code == 0xc2 || (code >= 0xc4 && code <= 0xc6);
	return one || (!parts->is_vector && (code == 0xa4 || code == 0xac || code == 0xba)) ? 1 : 0;
}

/* --- all of it --- */

static bool is_none(const struct hg_parts *parts)
{
	unsigned code = parts->code, operation = parts->reg & 7;
	if (parts->map == MAP_TWO_BYTES)
		return parts->is_vector ? code < 0x10 || (code >= 0x80 && code <= 0x8f)
		                        : is_among(none_of_two_bytes, code);
	if (parts->map != 0)
		return false;
	switch (code) {
	case 0x8f:
		return operation != 0; /* others are of another company */
	case 0xc6:
	case 0xc7:
		return operation != 0 && !(operation == 7 && parts->is_register); /* XABORT, XBEGIN */
	case 0xfe:
		return operation > 1;
	case 0xff:
		return operation == 3 || operation == 5 || operation == 7;
	case 0xe8:
	case 0xe9:
		return parts->narrow; /* processors differ */
	default:
		return is_among(none_of_one_byte, code);
	}
}

bool hg_read_parts(uint64_t at, uint64_t high, struct hg_parts *parts)
{
	if (at >= high)
		return false;
	uint64_t most = high - at < LONGEST ? high - at : LONGEST;
	struct reader reader = {.next = (const uint8_t *)at, .end = (const uint8_t *)at + most};
	struct prefixes prefixes = {0};
	*parts = (struct hg_parts){.base = HG_NO_REGISTER, .index = HG_NO_REGISTER};
	read_prefixes(&reader, parts, &prefixes);
	if (!read_code(&reader, parts, &prefixes))
		return false;
	parts->extended = prefixes.is_rex;
	parts->wide = prefixes.rex & WIDE;
	parts->narrow = prefixes.narrow && !parts->wide;
	parts->opcode_register = (parts->code & 7) | (prefixes.rex & UPPER_BASE ? 8 : 0);
	if (has_operands(parts))
		read_operands(&reader, prefixes.rex, parts);
	if (is_none(parts))
		return false;
	parts->number = read_number(&reader, bytes_of_number(parts));
	parts->length = (unsigned)((uint64_t)reader.next - at);
	if (parts->by_place)
		parts->offset += at + parts->length;
	return !reader.short_of;
}
