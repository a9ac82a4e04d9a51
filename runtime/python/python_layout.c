/* Up to 3.12 the numbers are fixed: these versions change no more. From 3.13 on _PyRuntime begins with
 * _Py_DebugOffsets, which has them; but where in it, differs by version too, so that only those that are known here are
 * read. */
#include "python/python_layout.h"

#include <stddef.h>
#include <string.h>

static const struct hg_python_layout fixed[] = {
    {.minor = 9,
     .interpreter = {.next = 0, .threads = 8, .collecting = 816},
     .state = {.next = 8, .interpreter = 16, .thread = 176, .frame = 24, .in_cframe = HG_PYTHON_NONE},
     .frame = {.back = 24, .code = 32, .instruction = 104, .locals = 360},
     .code = {.file = 104, .name = 112, .table = 120, .first_line = 40, .arguments = 16},
     .text = {.length = 16, .state = 32, .ascii = 48, .compact = 72}},
    {.minor = 10,
     .interpreter = {.next = 0, .threads = 8, .collecting = 816},
     .state = {.next = 8, .interpreter = 16, .thread = 176, .frame = 24, .in_cframe = HG_PYTHON_NONE},
     .frame = {.back = 24, .code = 32, .instruction = 96, .locals = 352},
     .code = {.file = 104, .name = 112, .table = 120, .first_line = 40, .arguments = 16},
     .text = {.length = 16, .state = 32, .ascii = 48, .compact = 72}},
    {.minor = 11,
     .interpreter = {.next = 0, .threads = 16, .collecting = 848},
     .state =
         {.next = 8, .interpreter = 16, .thread = 152, .native = 160, .frame = 56, .in_cframe = 8, .outer_cframe = 16},
     .frame = {.back = 48, .code = 32, .instruction = 56, .locals = 72, .owner = 69},
     .code = {.file = 112, .name = 128, .table = 136, .first_line = 72, .bytecode = 184, .arguments = 56},
     .text = {.length = 16, .state = 32, .ascii = 48, .compact = 72}},
    {.minor = 12,
     .interpreter = {.next = 0, .threads = 72, .collecting = 312},
     .state =
         {.next = 8, .interpreter = 16, .thread = 136, .native = 144, .frame = 56, .in_cframe = 0, .outer_cframe = 8},
     .frame = {.back = 8, .code = 0, .instruction = 56, .locals = 72, .owner = 70},
     .code = {.file = 112, .name = 128, .table = 136, .first_line = 68, .bytecode = 192, .arguments = 52},
     .text = {.length = 16, .state = 32, .ascii = 40, .compact = 56}},
};

enum { OLD_TYPE = 8, OLD_SIZE = 16, OLD_BYTES = 32 }; /* no limit: places, the same in all of these */

/* --- _Py_DebugOffsets --- */

/* Its sections, one behind the other; the first word of each is the size of what it describes. */
enum section {
	RUNTIME,
	INTERPRETER,
	STATE,
	STATE_MORE,
	FRAME,
	CODE,
	OBJECT,
	TYPE,
	TYPE_MORE,
	TUPLE,
	LIST,
	SET,
	DICT,
	FLOAT,
	INT,
	BYTES,
	TEXT,
	GC,
	SECTIONS
};

struct description {
	uint16_t minor;
	uint8_t words[SECTIONS];
	uint8_t thread; /* which word of STATE; the native one comes next */
	uint8_t gc;     /* of INTERPRETER; 0: not known */
	uint8_t copy;   /* of FRAME; 0: none */
};

static const struct description described[] = {
    {13, {3, 13, 9, 0, 6, 10, 2, 4, 0, 3, 3, 0, 3, 2, 3, 3, 4, 2}, 5, 4, 0},
    {14, {3, 16, 9, 0, 8, 11, 2, 4, 0, 3, 3, 4, 3, 2, 3, 3, 4, 2}, 5, 5, 7},
    {15, {3, 16, 16, 1, 8, 11, 2, 6, 2, 3, 3, 4, 3, 2, 3, 3, 5, 2}, 8, 5, 7},
};

enum { VERSION = 1, FREE_THREADED, FIRST_SECTION }; /* words of its head */

static const uint64_t *section_of(const uint64_t *offsets, const struct description *description, enum section wanted)
{
	const uint64_t *at = offsets + FIRST_SECTION;
	for (unsigned i = 0; i < wanted; i++)
		at += description->words[i];
	return at;
}

static void take_threads(const uint64_t *offsets, const struct description *description,
                         struct hg_python_layout *layout)
{
	const uint64_t *interpreter = section_of(offsets, description, INTERPRETER),
	               *state = section_of(offsets, description, STATE), *gc = section_of(offsets, description, GC);
	layout->interpreter.next = (uint32_t)interpreter[2];
	layout->interpreter.threads = (uint32_t)interpreter[3];
	layout->interpreter.collecting = description->gc ? (uint32_t)(interpreter[description->gc] + gc[1]) : 0;
	layout->state.next = (uint16_t)state[2];
	layout->state.interpreter = (uint16_t)state[3];
	layout->state.frame = (uint16_t)state[4];
	layout->state.in_cframe = HG_PYTHON_NONE;
	layout->state.thread = (uint16_t)state[description->thread];
	layout->state.native = (uint16_t)state[description->thread + 1];
}

static void take_frames(const uint64_t *offsets, const struct description *description, struct hg_python_layout *layout)
{
	const uint64_t *frame = section_of(offsets, description, FRAME), *code = section_of(offsets, description, CODE);
	layout->frame.back = (uint16_t)frame[1];
	layout->frame.code = (uint16_t)frame[2];
	layout->frame.instruction = (uint16_t)frame[3];
	layout->frame.locals = (uint16_t)frame[4];
	layout->frame.owner = (uint16_t)frame[5];
	layout->code.file = (uint16_t)code[1];
	layout->code.name = (uint16_t)code[3];
	layout->code.table = (uint16_t)code[4];
	layout->code.first_line = (uint16_t)code[5];
	layout->code.arguments = (uint16_t)code[6];
	layout->code.bytecode = (uint16_t)code[9];
	if (layout->free_threaded && description->copy) {
		layout->frame.copy = (uint16_t)frame[description->copy];
		layout->code.copies = (uint16_t)code[10];
	}
}

static void take_objects(const uint64_t *offsets, const struct description *description,
                         struct hg_python_layout *layout)
{
	const uint64_t *object = section_of(offsets, description, OBJECT),
	               *bytes = section_of(offsets, description, BYTES), *text = section_of(offsets, description, TEXT);
	layout->type = (uint16_t)object[1];
	layout->bytes.size = (uint16_t)bytes[1];
	layout->bytes.bytes = (uint16_t)bytes[2];
	layout->text.state = (uint16_t)text[1];
	layout->text.length = (uint16_t)text[2];
	layout->text.ascii = (uint16_t)text[3];
	layout->text.compact = (uint16_t)(text[3] + 2 * sizeof(void *));
}

static bool is_release(uint64_t version)
{
	return (version & 0xf0) == 0xf0;
}

static bool read_offsets(const uint64_t *offsets, uint32_t version, struct hg_python_layout *layout)
{
	if (memcmp(offsets, "xdebugpy", sizeof *offsets) != 0 || offsets[VERSION] != version || !is_release(version))
		return false;
	for (size_t i = 0; i < sizeof described / sizeof *described; i++) {
		const struct description *description = &described[i];
		if (description->minor != (version >> 16 & 0xff))
			continue;
		layout->minor = description->minor;
		layout->free_threaded = offsets[FREE_THREADED];
		take_threads(offsets, description, layout);
		take_frames(offsets, description, layout);
		take_objects(offsets, description, layout);
		return true;
	}
	return false;
}

bool hg_python_layout_of(uint32_t version, const void *runtime, struct hg_python_layout *layout)
{
	uint32_t minor = version >> 16 & 0xff;
	memset(layout, 0, sizeof *layout);
	if (version >> 24 != 3)
		return false;
	if (minor >= 13)
		return read_offsets(runtime, version, layout);
	for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
		if (fixed[i].minor == minor) {
			*layout = fixed[i];
			layout->type = OLD_TYPE;
			layout->bytes.size = OLD_SIZE;
			layout->bytes.bytes = OLD_BYTES;
			return true;
		}
	return false;
}

/* In all versions it is the last number before the pointer `_finalizing`, to which there may be a gap. */
const int *hg_python_started_at(uint32_t version, const void *runtime)
{
	enum { BEFORE_3_11 = 12, BEFORE_3_13 = 16, GAP = 8 }; /* no limit: places */
	const uint64_t *offsets = runtime;
	uint32_t minor = version >> 16 & 0xff;
	if (minor < 13)
		return (const int *)((const char *)runtime + (version ? BEFORE_3_13 : BEFORE_3_11));
	if (memcmp(offsets, "xdebugpy", sizeof *offsets) != 0)
		return NULL;
	return (const int *)((const char *)runtime + section_of(offsets, described, RUNTIME)[1] - GAP);
}
