/* Not by dlsym, before which ours may stand, nor by dl_iterate_phdr, before which a sanitizer's may stand that is not
 * ready yet: along the dynamic linker's list of objects. The C library's have been in it from the start, and stay. */
#include "base/libc.h"

#include <link.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* What a look-up by name needs of an object. */
struct tables {
	uintptr_t base;
	const ElfW(Sym) * symbols;
	const char *names;
	const uint32_t
	    *hash; /* bucket count, first hashed symbol, Bloom words, Bloom shift, Bloom filter, buckets, chains */
};

static struct tables tables_of(const struct link_map *map)
{
	struct tables tables = {.base = map->l_addr};
	for (const ElfW(Dyn) *entry = map->l_ld; entry->d_tag != DT_NULL; entry++) {
		const void *at = (const void *)entry->d_un.d_ptr;
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

static void *find_in(const struct tables *object, const char *name)
{
	const uint32_t *hash = object->hash, wanted = hash_of(name);
	if (!hash || !hash[0])
		return NULL;
	const uint32_t *buckets = hash + 4 + hash[2] * (sizeof(ElfW(Addr)) / 4), *chains = buckets + hash[0] - hash[1];
	for (uint32_t i = buckets[wanted % hash[0]]; i >= hash[1]; i++) {
		const ElfW(Sym) *symbol = &object->symbols[i];
		if ((chains[i] | 1) == (wanted | 1) && ELF64_ST_TYPE(symbol->st_info) == STT_FUNC &&
		    strcmp(object->names + symbol->st_name, name) == 0)
			return (void *)(object->base + symbol->st_value);
		if (chains[i] & 1)
			break;
	}
	return NULL;
}

/* The dynamic linker belongs to it; and before 2.34 dlopen and the like were in a library of their own. */
static bool is_libc(const char *path)
{
	static const char *const names[] = {"libc.so", "libc-", "libdl.so", "ld-linux"};
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strncmp(base, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

void *hg_libc_function(const char *name)
{
	void *found = NULL;
	for (const struct link_map *map = _r_debug.r_map; map && !found; map = map->l_next)
		if (is_libc(map->l_name)) {
			struct tables tables = tables_of(map);
			found = find_in(&tables, name);
		}
	return found;
}
