/* From types in debugging information to ours. */
#ifndef HG_MANIFEST_PROTOTYPE_DWARF_TYPE_H
#define HG_MANIFEST_PROTOTYPE_DWARF_TYPE_H

#include <elfutils/libdw.h>

#include "manifest/prototype/c_type.h"

/* The type of what has that entry: of a parameter, or of a function's result. */
struct hg_c_type *hg_dwarf_type(Dwarf_Die *entry);

#endif
