/* What a code object says of a place in it. */
#include "python/python_known_lines.h"
#include "python/python_lines.h"
#include "python/python_read.h"

/* no limit: longer ones are cut, as those of any language are (told.h) */
enum { FUNCTION_MOST = 512, FILE_MOST = 1024 };

static void take_name(const struct hg_python *python, struct hg_peek *peek, uintptr_t name, struct hg_python_memo *memo)
{
	char text[FUNCTION_MOST];
	size_t length = hg_python_text(python, peek, name, text, sizeof text);
	memo->name = name;
	memo->function_text = hg_told_text(text, length);
	memo->is_finalizer = hg_python_is_finalizer(text, length);
}

static void take_file(const struct hg_python *python, struct hg_peek *peek, uintptr_t file, struct hg_python_memo *memo)
{
	char text[FILE_MOST];
	size_t length = hg_python_text(python, peek, file, text, sizeof text);
	memo->file = file;
	memo->file_text = hg_told_text(text, length);
}

/* --- the place in the byte code --- */

/* In free-threaded builds from 3.14 on each thread runs a copy of its own: their number, then where each lies. */
static uintptr_t bytecode_of(const struct hg_python_layout *layout, struct hg_peek *peek,
                             const struct hg_python_frame *frame)
{
	uint32_t number = 0;
	if (!layout->frame.copy || !hg_peek(peek, frame->at + layout->frame.copy, &number, sizeof number))
		return frame->code + layout->code.bytecode;
	uintptr_t copies = hg_peek_held_word(peek, frame->code + layout->code.copies);
	if (number >= hg_peek_held_word(peek, copies))
		return frame->code + layout->code.bytecode;
	return hg_peek_held_word(peek, copies + (number + 1) * sizeof(void *));
}

static long place_in(const struct hg_python_layout *layout, struct hg_peek *peek, const struct hg_python_frame *frame)
{
	if (layout->code.bytecode)
		return (long)(frame->instruction - bytecode_of(layout, peek, frame));
	int at = (int)frame->instruction;
	return layout->minor == 10 && at > 0 ? at * 2L : at; /* counted in instructions there */
}

/* --- the table of lines --- */

struct table {
	struct hg_python_table head;
	struct hg_peek *peek;
	uintptr_t at;
	uint8_t piece[256]; /* no limit: as long as the table is */
};

static bool bring(struct hg_python_table *head, size_t from)
{
	struct table *table = (struct table *)head;
	size_t left = head->size - from, count = left < sizeof table->piece ? left : sizeof table->piece;
	head->from = from;
	head->piece = table->piece;
	head->count = hg_peek_held(table->peek, table->at + from, table->piece, count) ? count : 0;
	return head->count;
}

/* Of a table that stays: read where it lies, and known again. */
static int line_of_held(const struct hg_python *python, struct hg_python_table *table, const uint8_t *bytes,
                        uint32_t first, long at)
{
	enum { LONGEST = 16 << 10 }; /* no limit: a longer one is read to the place alone */
	const struct hg_python_layout *layout = &python->layout;
	int line;
	uint64_t key = table->size <= LONGEST ? hg_python_line_key(bytes, table->size, first, (uint64_t)at) : 0;
	if (key && hg_python_line_find(key, &line))
		return line;
	table->piece = bytes;
	table->count = table->size;
	line = hg_python_line(hg_python_lines_of(layout), table, (int)first, at);
	if (key)
		hg_python_line_keep(key, line);
	return line;
}

static uint32_t line_of(const struct hg_python *python, struct hg_peek *peek, const struct hg_python_frame *frame)
{
	const struct hg_python_layout *layout = &python->layout;
	uint32_t first = 0;
	uintptr_t bytes = hg_peek_held_word(peek, frame->code + layout->code.table);
	if (!hg_python_is(python, peek, bytes, python->bytes_type) ||
	    !hg_peek_held(peek, frame->code + layout->code.first_line, &first, sizeof first))
		return 0;
	struct table table; /* its piece stays as it is */
	table.head =
	    (struct hg_python_table){.size = hg_peek_held_word(peek, bytes + layout->bytes.size), .bring = bring};
	table.peek = peek;
	table.at = bytes + layout->bytes.bytes;
	long at = place_in(layout, peek, frame);
	int line = peek->held ? line_of_held(python, &table.head, (const uint8_t *)table.at, first, at)
	                      : hg_python_line(hg_python_lines_of(layout), &table.head, (int)first, at);
	return line > 0 ? (uint32_t)line : 0;
}

/* What many frames have in common, recursions all of it, is looked up once. */
bool hg_python_tell(const struct hg_python *python, struct hg_peek *peek, const struct hg_python_frame *frame,
                    struct hg_python_memo *memo, struct hg_told_frame *told)
{
	const struct hg_python_layout *layout = &python->layout;
	uintptr_t name = hg_peek_held_word(peek, frame->code + layout->code.name),
	          file = hg_peek_held_word(peek, frame->code + layout->code.file);
	if (name != memo->name)
		take_name(python, peek, name, memo);
	if (file != memo->file)
		take_file(python, peek, file, memo);
	told->function = memo->function_text;
	told->file = memo->file_text;
	told->line = line_of(python, peek, frame);
	told->inlined = false;
	return told->function && told->file;
}
