/* Prototypes from a library's debugging information. */
#ifndef HG_MANIFEST_PROTOTYPE_DWARF_H
#define HG_MANIFEST_PROTOTYPE_DWARF_H

#include "manifest/prototype/prototype.h"

/* Reads the functions that the library at `path` defines for others, from its own file or where the system keeps such
 * files. False if there is no debugging information. What a pointer points to is taken for opaque: which structs a
 * header shows, only the header says. */
bool hg_dwarf_read(struct hg_prototypes *prototypes, const char *path);

#endif
