/* Whose each function of an object file is, into which a library may be linked: read as the guarded process does. */
#ifndef HG_PROGRAM_ELF_ELF_SIDES_H
#define HG_PROGRAM_ELF_ELF_SIDES_H

#include "program/elf/elf_file.h"
#include "sides/sides.h"

struct hg_elf_sides {
	struct hg_sides sides;
	bool stripped; /* of exported functions alone */
	struct hg_bytes code;
	const Elf64_Rela *relocations; /* those that only fill a word with an address */
	size_t relocation_count;
	void *room;
};

/* `functions`: the names of those that are guarded, each of which begins as its library's do. False if there is none of
 * the library's in the file, or its tables cannot be read. Goes with the file. */
bool hg_elf_sides_read(struct hg_elf_sides *read, const struct hg_elf_file *file, const char *const *functions,
                       size_t count);
void hg_elf_sides_drop(struct hg_elf_sides *read);

/* Visits the functions that stand in tables of the file's own, by its symbol table. */
void hg_elf_table_functions(const struct hg_elf_file *file, void (*visit)(void *context, const char *function),
                            void *context);

#endif
