/* The few facts about a file that decide whether the loader will preload into it. */
#ifndef HG_PROGRAM_ELF_ELF_FACTS_H
#define HG_PROGRAM_ELF_ELF_FACTS_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

struct hg_elf_facts {
	bool is_elf;
	int elf_class; /* ELFCLASS32, ELFCLASS64 */
	uint16_t machine;
	char interpreter[PATH_MAX]; /* the loader it asks for; empty: none, as of a static program */
	bool is_library;            /* it can only be loaded by a program */
	bool needs_runtime;         /* the runtime is among the libraries it needs, as of a preload object */
	uint32_t guards_inside; /* the version of the runtime's images if it is a part of the program; 0: it is not */
	char runpath[PATH_MAX]; /* where it looks for them first; empty: nowhere */
};

/* False if the file cannot be opened; errno says why. */
bool hg_elf_facts_read(const char *path, struct hg_elf_facts *facts);

#endif
