/* Writing to code that other threads may be running: a constructor can have started them. What is written goes to a
 * copy of the object's code, mapped aside from its file, of which the changed pages are then moved to where the others
 * lie. A thread that comes there meanwhile waits for the system to be done, and its instruction begins anew: it sees an
 * operand as it was or as it is, also one that lies across pages. No page becomes writable and executable. */
#ifndef HG_CODE_COPY_H
#define HG_CODE_COPY_H

#include "dynlink/elf_object.h"

struct hg_text {
	int memory;         /* this process's, as a file; negative: it cannot be opened */
	uint64_t low, high; /* the pages of the code; none, if there is no copy */
	uint64_t moved;     /* how far from there the copy lies */
	uint16_t *written;  /* how often each page was written to */
};

void hg_text_open(struct hg_text *text, const struct hg_object *object);

/* Replaces four bytes, from hg_text_close on. False: the system does not let us. */
bool hg_text_write(const struct hg_text *text, uint64_t at, uint32_t value);

/* Writes to other code of a file's, which nobody runs before the text is closed. */
bool hg_text_write_aside(const struct hg_text *text, uint64_t at, const void *bytes, size_t size);

/* Returns how many of the writes did not come to be after all. */
unsigned hg_text_close(const struct hg_text *text);

#endif
