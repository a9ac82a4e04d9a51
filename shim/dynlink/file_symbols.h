/* What the file of a loaded object has beyond what is loaded: its symbol table. If it has none, what was separated from
 * it (separate.h) is looked for. */
#ifndef HG_FILE_SYMBOLS_H
#define HG_FILE_SYMBOLS_H

#include "dynlink/elf_object.h"
#include "sides/object_parts.h"
#include "sides/references.h"

struct hg_file_symbols {
	struct hg_symbols symbols;
	bool exported_only; /* the file is stripped: these are what others see */
	const char *bytes;
	size_t size;
	uint64_t identity; /* of the file and its contents; 0: these may still be changing */
};

/* Maps the file. False: it cannot be read, is not (any more) what was loaded, or its tables make no sense. */
bool hg_file_symbols_open(const struct hg_object *object, struct hg_file_symbols *file);
void hg_file_symbols_close(const struct hg_file_symbols *file);

/* How many of the object's first relocations only add where it lies: linkers put these first, sorted. */
size_t hg_plain_relocations(const struct hg_object *object);

/* Its code. */
struct hg_bytes hg_code_of_object(const struct hg_object *object);

#endif
