/* The three tables that CPython has had since 3.6. Each is a run of steps: so many bytes of code, so many lines
 * further. They are described in its Objects/lnotab_notes.txt, in PEP 626 and in PEP 657. */
#include "python/python_lines.h"

static uint8_t byte_of_another_piece(struct hg_python_table *table, size_t at)
{
	if (at >= table->size)
		return 0;
	if (!table->bring(table, at)) {
		table->lost = true;
		table->size = at;
		return 0;
	}
	return table->piece[at - table->from];
}

/* 0 behind its end, and where it cannot be read. */
static inline uint8_t byte_at(struct hg_python_table *table, size_t at)
{
	size_t place = at - table->from;
	return place < table->count ? table->piece[place] : byte_of_another_piece(table, at);
}

static int line_of_lnotab(struct hg_python_table *table, int line, long at)
{
	long address = 0;
	for (size_t i = 0; i + 1 < table->size; i += 2) {
		address += byte_at(table, i);
		if (address > at)
			break;
		line += (int8_t)byte_at(table, i + 1);
	}
	return line;
}

static int line_of_ranges(struct hg_python_table *table, int line, long at)
{
	enum { NO_LINE = INT8_MIN };
	long end = 0;
	if (at < 0)
		return line;
	for (size_t i = 0; i + 1 < table->size; i += 2) {
		int delta = (int8_t)byte_at(table, i + 1);
		line += delta == NO_LINE ? 0 : delta;
		end += byte_at(table, i);
		if (at < end)
			return delta == NO_LINE ? 0 : line;
	}
	return 0;
}

/* Six bits a byte, the lowest first; the lowest of all is the sign. */
static int signed_number(struct hg_python_table *table, size_t at)
{
	enum { BITS = 0x6, MORE = 0x40, WIDTH = 0x20 };
	unsigned value = 0;
	for (unsigned shift = 0; shift < WIDTH; shift += BITS) {
		uint8_t byte = byte_at(table, at++);
		value |= (unsigned)(byte & (MORE - 1)) << shift;
		if (!(byte & MORE))
			break;
	}
	return value & 1 ? -(int)(value >> 1) : (int)(value >> 1);
}

static int line_of_places(struct hg_python_table *table, int line, long at)
{
	/* What the first byte of an entry says: which kind it is, and how many units of two bytes it is about. */
	enum { FIRST = 0x80, SHORT_0 = 0xa, SHORT_2 = 0xc, NO_COLUMNS = 0xd, LONG = 0xe, NO_LINE = 0xf };
	long end = 0;
	for (size_t i = 0; i < table->size;) {
		uint8_t head = byte_at(table, i);
		int kind = head >> 3 & 0xf;
		end += ((head & 0x7) + 1) * 2;
		if (kind == NO_COLUMNS || kind == LONG)
			line += signed_number(table, i + 1);
		else if (kind >= SHORT_0 && kind <= SHORT_2)
			line += kind - SHORT_0;
		if (at < end)
			return kind == NO_LINE ? 0 : line;
		do
			i++;
		while (i < table->size && !(byte_at(table, i) & FIRST));
	}
	return 0;
}

int hg_python_line(enum hg_python_lines format, struct hg_python_table *table, int first_line, long at)
{
	int line = format == HG_LINES_LNOTAB   ? line_of_lnotab(table, first_line, at)
	           : format == HG_LINES_RANGES ? line_of_ranges(table, first_line, at)
	                                       : line_of_places(table, first_line, at < 0 ? 0 : at);
	return table->lost ? 0 : line;
}
