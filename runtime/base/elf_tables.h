/* Looking a name up in one loaded object by the object's own tables, which takes no lock. */
#ifndef HG_ELF_TABLES_H
#define HG_ELF_TABLES_H

#include <link.h>
#include <stdint.h>

/* What a look-up by name needs of an object. */
struct hg_elf_tables {
	uintptr_t base;
	const ElfW(Sym) * symbols;
	const char *names;
	const uint32_t
	    *hash; /* bucket count, first hashed symbol, Bloom words, Bloom shift, Bloom filter, buckets, chains */
};

struct hg_elf_tables hg_elf_tables_of(uintptr_t base, const ElfW(Dyn) * dynamic);

/* What the object defines by this name, of any version: the address of a function (STT_FUNC) or of a variable
 * (STT_OBJECT); null: nothing. */
void *hg_elf_symbol(const struct hg_elf_tables *object, const char *name, unsigned type);

#endif
