/* The symbol table that an object file was stripped of: in a file that was separated from it, which is known by its
 * build id, or packed into the object itself (.gnu_debugdata, as Fedora's programs have it). The guarded process finds
 * the former by itself; of the latter `run` unpacks the program's for it. */
#ifndef HG_PROGRAM_ELF_ELF_SEPARATE_H
#define HG_PROGRAM_ELF_ELF_SEPARATE_H

#include <libelf.h>
#include <stdbool.h>
#include <stddef.h>

#define HG_DEBUG_DIR_VARIABLE "HANDLEGUARD_DEBUG_DIR" /* a folder of such files besides /usr/lib/debug */

struct hg_elf_separate {
	int fd;
	Elf *elf;    /* null: there is none */
	void *bytes; /* what was unpacked; null: it is a file */
	size_t size;
};

/* False: there is none with a symbol table. */
bool hg_elf_separate_open(struct hg_elf_separate *separate, Elf *object);
void hg_elf_separate_close(struct hg_elf_separate *separate);

/* FOLDER/.build-id/ab/cdef.debug, malloc'ed; null: the object has no build id. */
char *hg_elf_separate_path(Elf *object, const char *folder);

#endif
