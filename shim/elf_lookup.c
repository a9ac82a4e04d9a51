#include "elf_lookup.h"

#include <link.h>
#include <string.h>

#include "runtime.h"

struct tables {
	const ElfW(Sym) * symbols;
	const ElfW(Half) * versions; /* DT_VERSYM; null: none */
	const char *names;
	const uint32_t *hash; /* DT_GNU_HASH */
};

enum { HIDDEN_VERSION = 0x8000 };

/* glibc relocates the dynamic section in place; not every loader does, and the vDSO's is never relocated. */
static uintptr_t address(uintptr_t base, uintptr_t value)
{
	return value < base ? base + value : value;
}

static struct tables tables_of(const struct dl_phdr_info *info)
{
	struct tables tables = {0};
	const ElfW(Dyn) *entry = NULL;
	for (int i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_DYNAMIC)
			entry = (const void *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
	for (; entry && entry->d_tag != DT_NULL; entry++) {
		const void *value = (const void *)address(info->dlpi_addr, entry->d_un.d_ptr);
		if (entry->d_tag == DT_SYMTAB)
			tables.symbols = value;
		else if (entry->d_tag == DT_STRTAB)
			tables.names = value;
		else if (entry->d_tag == DT_GNU_HASH)
			tables.hash = value;
		else if (entry->d_tag == DT_VERSYM)
			tables.versions = value;
	}
	return tables;
}

static void range_of(const struct dl_phdr_info *info, struct hg_definition *object)
{
	object->low = UINTPTR_MAX;
	object->high = 0;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[i];
		uintptr_t start = info->dlpi_addr + header->p_vaddr, end = start + header->p_memsz;
		if (header->p_type != PT_LOAD)
			continue;
		object->low = start < object->low ? start : object->low;
		object->high = end > object->high ? end : object->high;
	}
	object->library = info->dlpi_name ? info->dlpi_name : "";
}

static uint32_t gnu_hash(const char *name)
{
	uint32_t hash = 5381;
	for (; *name; name++)
		hash = hash * 33 + (unsigned char)*name;
	return hash;
}

struct search {
	const char *name;
	uint32_t hash;
	hg_accept *accept;
	const void *argument;
	struct hg_definition *first;
	unsigned count;
};

static bool defines(const struct tables *tables, uint32_t index, const struct search *search)
{
	const ElfW(Sym) *symbol = &tables->symbols[index];
	return symbol->st_shndx != SHN_UNDEF && strcmp(tables->names + symbol->st_name, search->name) == 0;
}

static void note(struct search *search, const struct tables *tables, uint32_t index, struct hg_definition *object,
                 uintptr_t base)
{
	const ElfW(Sym) *symbol = &tables->symbols[index];
	bool unclear = ELF64_ST_TYPE(symbol->st_info) == STT_GNU_IFUNC ||
	               (tables->versions && tables->versions[index] & HIDDEN_VERSION);
	object->address = (void *)(base + symbol->st_value);
	if (search->count == 0)
		*search->first = *object;
	search->count += unclear ? 2 : 1;
}

/* The hash section: bucket count, first hashed symbol, Bloom words, Bloom shift, Bloom filter, buckets, chains.
 * (System V ABI extension by GNU; the lowest bit of a chain's word ends the chain.) */
static void search_object(struct search *search, const struct tables *tables, struct hg_definition *object,
                          uintptr_t base)
{
	const uint32_t *hash = tables->hash;
	if (!hash || !tables->symbols || !tables->names || !hash[0])
		return;
	const uint32_t *buckets = hash + 4 + hash[2] * (sizeof(ElfW(Addr)) / 4), *chains = buckets + hash[0];
	uint32_t index = buckets[search->hash % hash[0]];
	for (; index >= hash[1]; index++) {
		uint32_t chain = chains[index - hash[1]];
		if ((chain | 1) == (search->hash | 1) && defines(tables, index, search))
			note(search, tables, index, object, base);
		if (chain & 1)
			break;
	}
}

static int visit(struct dl_phdr_info *info, size_t size, void *argument)
{
	(void)size;
	struct search *search = argument;
	struct hg_definition object = {0};
	range_of(info, &object);
	if (!search->accept(&object, search->argument))
		return 0;
	struct tables tables = tables_of(info);
	search_object(search, &tables, &object, info->dlpi_addr);
	return 0;
}

unsigned hg_elf_find(const char *name, hg_accept *accept, const void *argument, struct hg_definition *first)
{
	struct search search = {
	    .name = name, .hash = gnu_hash(name), .accept = accept, .argument = argument, .first = first};
	hg_linker_visit(visit, &search);
	return search.count;
}

static int visit_range(struct dl_phdr_info *info, size_t size, void *argument)
{
	(void)size;
	struct hg_definition *wanted = argument, object = {.address = wanted->address};
	range_of(info, &object);
	if ((uintptr_t)wanted->address < object.low || (uintptr_t)wanted->address >= object.high)
		return 0;
	*wanted = object;
	return 1;
}

bool hg_elf_object(const void *address, struct hg_definition *object)
{
	object->address = (void *)address;
	return hg_linker_visit(visit_range, object) == 1;
}
