/* Where CPython keeps what is read of it: numbers, by version. */
#ifndef HG_PYTHON_LAYOUT_H
#define HG_PYTHON_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

enum hg_python_lines {
	HG_LINES_LNOTAB, /* up to 3.9: co_lnotab */
	HG_LINES_RANGES, /* 3.10: PEP 626 */
	HG_LINES_PLACES  /* from 3.11 on: PEP 657 */
};

/* Offsets in bytes, each from the beginning of the object that the part is named after. */
struct hg_python_layout {
	uint16_t minor; /* of 3.minor; 0: not known */
	bool free_threaded;
	struct {
		uint32_t next, threads, collecting; /* collecting: 0: not known */
	} interpreter;
	struct {
		uint16_t next, interpreter, thread, native; /* native: 0: it has none */
		uint16_t frame;
		uint16_t in_cframe;    /* what `frame` leads to has the frame there; HG_PYTHON_NONE: it is the frame */
		uint16_t outer_cframe; /* and there the one further out */
	} state;
	struct {
		uint16_t back, code, instruction, locals;
		uint16_t owner; /* 0: none */
		uint16_t
		    copy; /* which copy of the byte code runs (free-threaded, from 3.14 on); 0: there is one only */
	} frame;
	struct {
		uint16_t file, name, table, first_line; /* name: the qualified one where there is one */
		uint16_t arguments;                     /* how many there are */
		uint16_t bytecode;                      /* 0: instructions are counted, not pointed to */
		uint16_t copies;                        /* of the byte code, of each thread; 0: none */
	} code;
	uint16_t type; /* of any object */
	struct {
		uint16_t size, bytes;
	} bytes;
	struct {
		uint16_t length, state, ascii, compact; /* the last two: where the text begins */
	} text;
};

#define HG_PYTHON_NONE UINT16_MAX

/* That of this version, as in PY_VERSION_HEX. `runtime` is _PyRuntime, which describes itself from 3.13 on. False: the
 * version is not known here, or is no release. */
bool hg_python_layout_of(uint32_t version, const void *runtime, struct hg_python_layout *layout);

/* Where _PyRuntime of this version says, by a number that is not 0, that the interpreter has started. A version of 0 is
 * one before 3.11. Null: not known. */
const int *hg_python_started_at(uint32_t version, const void *runtime);

static inline enum hg_python_lines hg_python_lines_of(const struct hg_python_layout *layout)
{
	return layout->minor < 10 ? HG_LINES_LNOTAB : layout->minor == 10 ? HG_LINES_RANGES : HG_LINES_PLACES;
}

#endif
