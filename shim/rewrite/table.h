/* Tables of functions that a function of a library hands out, as the manifest describes them: the words of those that
 * it names are replaced in place, so that who has the table already is guarded as well, and whoever compares addresses
 * of tables finds them the same. */
#ifndef HG_TABLE_H
#define HG_TABLE_H

#include <stdbool.h>

#include "format/image.h"

/* Replaces them in the table that lies at an address, if it is one that can be read. `before`: the function has not
 * been called yet, and only what is kept in an object, so that it was given to it, is a table. May call libc; again
 * does no harm. */
void hg_table_lead(const struct hg_image *image, const struct hg_image_table *table, uint64_t address, bool before);

#endif
