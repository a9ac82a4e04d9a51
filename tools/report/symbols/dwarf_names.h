/* Names as DWARF has them: of languages, functions and files. */
#ifndef HG_REPORT_SYMBOLS_DWARF_NAMES_H
#define HG_REPORT_SYMBOLS_DWARF_NAMES_H

#include <elfutils/libdw.h>

#include "report/model/model.h"

/* "c", "c++", "rust", ...; null: DWARF does not say, or another one. */
const char *hg_dwarf_language(Dwarf_Die *unit);

/* With the scopes around it where the language nests its names; null: none. */
const char *hg_dwarf_function(struct hg_model *model, Dwarf_Die *function, const char *language);

/* `folder` is where the unit was compiled; null: not known. Null: there is no file. */
const char *hg_dwarf_path(struct hg_model *model, const char *folder, const char *file);

#endif
