/* What a file has in it of an archive of `handleguard manifest link` (format/links.h). */
#ifndef HG_PROGRAM_ELF_LINKS_H
#define HG_PROGRAM_ELF_LINKS_H

#include "program/elf/elf_file.h"

/* A function that has a wrapper. */
struct hg_linked {
	const char *function;
	bool is_called; /* code refers to the wrapper */
	bool programs;  /* all calls by it are the program's */
};

/* False: there is no table. */
typedef void hg_links_visit(void *context, const struct hg_linked *linked);
bool hg_links_each(const struct hg_elf_file *file, hg_links_visit *visit, void *context);

/* The version of the images that the runtime understands which is a part of the file itself; 0: it is not. */
uint32_t hg_links_inside(Elf *elf);

#endif
