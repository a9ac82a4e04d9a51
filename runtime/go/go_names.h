#ifndef HG_GO_NAMES_H
#define HG_GO_NAMES_H

#include "go/go_image.h"

/* A function that a pc of Go's stands for, as its table names it. */
struct hg_go_line {
	const char *function, *file; /* not terminated */
	size_t function_length, file_length;
	int32_t line;
	bool inlined; /* into the next one */
	bool wrapper; /* the compiler made it, to call another one */
};

/* The functions at a pc, which is that of an instruction: innermost first, those that are inlined before the one that
 * they are in. Stores up to `room` of them. */
size_t hg_go_lines(const struct hg_go_image *image, uint64_t pc, struct hg_go_line *lines, size_t room);

#endif
