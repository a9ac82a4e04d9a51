/* What a file has in it of an archive of `handleguard manifest link` (format/links.h). */
#ifndef HG_PROGRAM_ELF_LINKS_H
#define HG_PROGRAM_ELF_LINKS_H

#include "program/elf/elf_file.h"

/* Visits the functions that have wrappers, and tells whether any code refers to the wrapper; false: there is no table.
 */
typedef void hg_links_visit(void *context, const char *function, bool is_called);
bool hg_links_each(const struct hg_elf_file *file, hg_links_visit *visit, void *context);

#endif
