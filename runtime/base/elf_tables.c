#include "elf_tables.h"

#include <string.h>

/* glibc relocates the dynamic section in place; the vDSO's is never relocated. */
static const void *address(uintptr_t base, uintptr_t value)
{
	return (const void *)(value < base ? base + value : value);
}

struct hg_elf_tables hg_elf_tables_of(uintptr_t base, const ElfW(Dyn) * dynamic)
{
	struct hg_elf_tables tables = {.base = base};
	for (const ElfW(Dyn) *entry = dynamic; entry->d_tag != DT_NULL; entry++) {
		const void *at = address(base, entry->d_un.d_ptr);
		if (entry->d_tag == DT_SYMTAB)
			tables.symbols = at;
		else if (entry->d_tag == DT_STRTAB)
			tables.names = at;
		else if (entry->d_tag == DT_GNU_HASH)
			tables.hash = at;
	}
	return tables;
}

static uint32_t hash_of(const char *name)
{
	uint32_t hash = 5381;
	while (*name)
		hash = hash * 33 + (unsigned char)*name++;
	return hash;
}

void *hg_elf_symbol(const struct hg_elf_tables *object, const char *name, unsigned type)
{
	const uint32_t *hash = object->hash, wanted = hash_of(name);
	if (!hash || !hash[0])
		return NULL;
	const uint32_t *buckets = hash + 4 + hash[2] * (sizeof(ElfW(Addr)) / 4), *chains = buckets + hash[0] - hash[1];
	for (uint32_t i = buckets[wanted % hash[0]]; i >= hash[1]; i++) {
		const ElfW(Sym) *symbol = &object->symbols[i];
		if ((chains[i] | 1) == (wanted | 1) && ELF64_ST_TYPE(symbol->st_info) == type &&
		    symbol->st_shndx != SHN_UNDEF && strcmp(object->names + symbol->st_name, name) == 0)
			return (void *)(object->base + symbol->st_value);
		if (chains[i] & 1)
			break;
	}
	return NULL;
}
