/* A preload object while it is put together. Addresses and file offsets are the same numbers: every section lies in the
 * file where it lies in memory. */
#ifndef HG_MANIFEST_OBJECT_OBJECT_H
#define HG_MANIFEST_OBJECT_OBJECT_H

#include <libelf.h>

#include "common/allocate.h"
#include "format/image.h"
#include "manifest/object/elf_machine.h"
#include "manifest/object/forwards.h"

/* In the order of the file. */
enum hg_section_index {
	HG_SECTION_NULL,
	HG_SECTION_PROPERTY,
	HG_SECTION_BUILD_ID,
	HG_SECTION_HASH,
	HG_SECTION_GNU_HASH,
	HG_SECTION_DYNSYM,
	HG_SECTION_DYNSTR,
	HG_SECTION_RELA,
	HG_SECTION_EH_FRAME_HDR,
	HG_SECTION_EH_FRAME,
	HG_SECTION_TEXT,
	HG_SECTION_INIT_ARRAY,
	HG_SECTION_DYNAMIC,
	HG_SECTION_GOT,
	HG_SECTION_DATA,
	HG_SECTION_SYMTAB,
	HG_SECTION_STRTAB,
	HG_SECTION_SHSTRTAB,
	HG_SECTION_COUNT
};

struct hg_section {
	void *data;
	uint64_t size;
	uint64_t address; /* in the file; in memory too, if it is loaded */
	uint32_t name;
	uint32_t info;
};

/* The runtime's symbols, in the order of the object's dynamic symbols after the null one. The got has a word for each
 * but the trampoline, to which the slots are relocated. */
enum hg_import { HG_IMPORT_TRAMPOLINE, HG_IMPORT_REGISTER, HG_IMPORT_FORWARDS };
#define HG_GOT_WORD(import) (8u * ((import)-HG_IMPORT_REGISTER))

struct hg_export {
	const char *name;
	uint64_t offset; /* in .text */
	uint32_t size;
	uint32_t hash; /* as .gnu.hash wants it */
};

struct hg_preload_object {
	const struct hg_image *image;
	const struct hg_machine *machine;
	struct hg_section sections[HG_SECTION_COUNT];
	struct hg_export *exports; /* in the order of the dynamic symbols */
	uint32_t export_count;
	const struct hg_forward *forwards[HG_FORWARD_COUNT]; /* those that are exported */
	unsigned forward_count;
	unsigned import_count;                                /* of enum hg_import, the forwards' included */
	uint64_t forwards_offset, start_offset, thunk_offset; /* in .text */
	uint32_t needed, soname, runpath;                     /* text in .dynstr */
};

/* Where in .text the code of a forward stands. */
uint64_t hg_forward_offset(const struct hg_preload_object *object, unsigned forward);

void *hg_section_allocate(struct hg_preload_object *object, enum hg_section_index index, size_t size);

/* Symbol tables and their hashes, with values relative to .text until hg_symbols_place. */
void hg_symbols_build(struct hg_preload_object *object, struct hg_texts *dynstr, struct hg_texts *strtab);
void hg_symbols_place(struct hg_preload_object *object);

/* Call-frame information: the sizes first, the contents when the addresses are known. */
void hg_unwind_allocate(struct hg_preload_object *object);
void hg_unwind_fill(struct hg_preload_object *object);

/* What depends on addresses: code, relocations, the dynamic section. */
size_t hg_relocations_count(const struct hg_preload_object *object);
size_t hg_dynamic_count(const struct hg_preload_object *object);
void hg_code_fill(struct hg_preload_object *object);
void hg_relocations_fill(struct hg_preload_object *object);
void hg_dynamic_fill(struct hg_preload_object *object);

void hg_sections_name(struct hg_preload_object *object, struct hg_texts *shstrtab);
/* Gives each section its address. */
void hg_sections_place(struct hg_preload_object *object);
/* Writes the finished object through libelf; NULL, or what went wrong. */
const char *hg_sections_emit(const struct hg_preload_object *object, int fd);

/* Fills in an object of which image and machine are set. */
void hg_object_compose(struct hg_preload_object *object, const char *runtime_directory);
void hg_object_release(struct hg_preload_object *object);

#endif
