/* An object file on disk: what it defines and uses, as the dynamic linker would see it. */
#ifndef HG_PROGRAM_ELF_ELF_FILE_H
#define HG_PROGRAM_ELF_ELF_FILE_H

#include <libelf.h>
#include <stdbool.h>

#include "program/elf/elf_separate.h"

struct hg_elf_file {
	int fd;
	Elf *elf;
	struct hg_elf_separate separate; /* if there is no symbol table in the file itself */
	bool preload;                    /* one of our preload objects: it exports what it guards */
	const char *soname;              /* null: none; goes with the file */
	bool go;                         /* the program is Go's */
	bool stripped;                   /* there is no symbol table but that of the dynamic linker, also none apart */
	bool symbolic; /* linked with -Bsymbolic: its calls reach its own functions before any others */
};

/* False if it is no ELF file of this machine's word size that can be read. */
bool hg_elf_file_open(struct hg_elf_file *file, const char *path);
void hg_elf_file_close(struct hg_elf_file *file);

enum hg_place {
	HG_PLACE_EXPORTED, /* defined, and offered to other objects */
	HG_PLACE_INSIDE,   /* defined, but for the object itself only, as are the functions of a library linked in
	                      statically */
	HG_PLACE_WANTED    /* used, and defined elsewhere */
};

typedef void hg_elf_visit(void *context, const char *name, enum hg_place place);

/* Visits the symbols of the object; one that is exported is also visited as inside if it stands in both tables. */
void hg_elf_file_symbols(const struct hg_elf_file *file, hg_elf_visit *visit, void *context);

/* Only what other objects see of it, and what it uses of them: quicker. */
void hg_elf_file_dynamic_symbols(const struct hg_elf_file *file, hg_elf_visit *visit, void *context);

/* Whether the object is one of those that a manifest is meant for: `patterns` of sonames are separated by spaces. An
 * object without a soname is known by its file's name. Where there are no patterns, every object is. */
bool hg_elf_file_is_meant(const struct hg_elf_file *file, const char *path, const char *patterns);

#endif
