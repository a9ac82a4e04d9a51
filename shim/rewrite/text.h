/* Writing to code that is mapped from a file. No page becomes writable, where the system lets us: it writes to a
 * private copy of the page for us, as it does for debuggers. Else a page is writable for the moment of a write. */
#ifndef HG_TEXT_H
#define HG_TEXT_H

#include <stdbool.h>
#include <stdint.h>

struct hg_text {
	int memory; /* this process's, as a file; negative: it cannot be opened */
};

void hg_text_open(struct hg_text *text);
void hg_text_close(const struct hg_text *text);

/* Replaces four bytes. False: the system does not let us. */
bool hg_text_write(const struct hg_text *text, uint64_t at, uint32_t value);

#endif
