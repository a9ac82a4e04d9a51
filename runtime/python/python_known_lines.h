/* Lines that were found in tables of lines: of a deep stack most are found again at each capture. */
#ifndef HG_PYTHON_KNOWN_LINES_H
#define HG_PYTHON_KNOWN_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a line depends on, as one number: not where the table lies, which may be another one's place tomorrow, but what
 * is in it. */
uint64_t hg_python_line_key(const uint8_t *table, size_t size, uint64_t first_line, uint64_t at);

void hg_python_line_keep(uint64_t key, int line);

/* False: it is not known, or has been forgotten for another one. */
bool hg_python_line_find(uint64_t key, int *line);

#endif
