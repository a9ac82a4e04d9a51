/* From a place in Python's byte code to the line that it was made from. */
#ifndef HG_PYTHON_LINES_H
#define HG_PYTHON_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "python/python_layout.h"

/* A code object's table of lines, which may be long and is read piece by piece. */
struct hg_python_table {
	size_t size;
	const uint8_t *piece; /* what of it is at hand: `count` bytes from number `from` on, none behind its end */
	size_t from, count;
	bool lost;                                               /* it could not be read to where the place is */
	bool (*bring)(struct hg_python_table *table, size_t at); /* so that number `at` is at hand; false: it cannot */
};

/* `at` is in bytes; before the first instruction it is negative. 0: that place has no line. */
int hg_python_line(enum hg_python_lines format, struct hg_python_table *table, int first_line, long at);

#endif
