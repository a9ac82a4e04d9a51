/* How code that is not the library's reaches the functions of a library that is linked into an object file: by
 * references that can be led to the guards, or in ways that nobody sees. */
#ifndef HG_PROGRAM_ELF_ELF_REACHED_H
#define HG_PROGRAM_ELF_ELF_REACHED_H

#include "program/elf/elf_sides.h"
#include "program/elf/reached.h"

/* One for each of the functions. */
void hg_elf_count_reached(const struct hg_elf_file *file, struct hg_elf_sides *read, const char *const *functions,
                          size_t count, struct hg_elf_reached *reached);

/* The last of these counts. */
void hg_elf_count_inlined(const struct hg_elf_file *file, const struct hg_elf_sides *read, const char *const *functions,
                          size_t count, struct hg_elf_reached *reached);

#endif
