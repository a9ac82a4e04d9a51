#include "dynlink/elf_object.h"

#include <string.h>
#include <sys/auxv.h>

#include "format/image.h"

enum { HIDDEN_VERSION = 0x8000 };

/* --- describing --- */

/* glibc relocates the dynamic section in place; not every loader does, and the vDSO's is never relocated. */
static const void *address(uintptr_t base, uintptr_t value)
{
	return (const void *)(value < base ? base + value : value);
}

static void extend(uintptr_t *low, uintptr_t *high, uintptr_t start, uintptr_t end)
{
	*low = start < *low ? start : *low;
	*high = end > *high ? end : *high;
}

static void note_segment(const ElfW(Phdr) * header, struct hg_object *object)
{
	uintptr_t start = object->base + header->p_vaddr, end = start + header->p_memsz;
	if (header->p_type == PT_DYNAMIC)
		object->dynamic = (const void *)start;
	else if (header->p_type == PT_GNU_EH_FRAME)
		object->unwind_index = (const uint8_t *)start;
	else if (header->p_type == PT_GNU_RELRO) {
		object->relro_low = start;
		object->relro_high = end;
	} else if (header->p_type == PT_LOAD) {
		extend(&object->low, &object->high, start, end);
		if (header->p_flags & PF_X)
			extend(&object->code_low, &object->code_high, start, end);
		if (header->p_flags & PF_W)
			extend(&object->data_low, &object->data_high, start, end);
	}
}

static void note_table(const ElfW(Dyn) * entry, struct hg_object *object)
{
	const void *at = address(object->base, entry->d_un.d_ptr);
	switch (entry->d_tag) {
	case DT_SYMTAB:
		object->symbols = at;
		break;
	case DT_STRTAB:
		object->names = at;
		break;
	case DT_GNU_HASH:
		object->hash = at;
		break;
	case DT_VERSYM:
		object->versions = at;
		break;
	case DT_VERDEF:
		object->defined_versions = at;
		break;
	case DT_VERNEED:
		object->needed_versions = at;
		break;
	case DT_RELA:
		object->relocations[0].entries = at;
		break;
	case DT_JMPREL:
		object->relocations[1].entries = at;
	}
}

static void note_value(const ElfW(Dyn) * entry, struct hg_object *object)
{
	if (entry->d_tag == DT_SONAME)
		object->soname = object->names + entry->d_un.d_val;
	else if (entry->d_tag == DT_RELASZ)
		object->relocations[0].bytes = entry->d_un.d_val;
	else if (entry->d_tag == DT_PLTRELSZ)
		object->relocations[1].bytes = entry->d_un.d_val;
	else if (entry->d_tag == DT_RPATH)
		object->has_rpath = true;
	else if (entry->d_tag == DT_RUNPATH)
		object->has_runpath = true;
}

static void each_entry(struct hg_object *object, void (*note)(const ElfW(Dyn) *, struct hg_object *))
{
	for (const ElfW(Dyn) *entry = object->dynamic; entry && entry->d_tag != DT_NULL; entry++)
		note(entry, object);
}

static const char *path_of(const struct dl_phdr_info *info)
{
	static const char none[] = "";
	return info->dlpi_name ? info->dlpi_name : none;
}

bool hg_object_is(const struct hg_object *object, const struct dl_phdr_info *info)
{
	return object->base == info->dlpi_addr && object->path == path_of(info);
}

void hg_object_describe(const struct dl_phdr_info *info, struct hg_object *object)
{
	*object = (struct hg_object){.base = info->dlpi_addr,
	                             .low = UINTPTR_MAX,
	                             .code_low = UINTPTR_MAX,
	                             .data_low = UINTPTR_MAX,
	                             .segments = info->dlpi_phdr,
	                             .segment_count = info->dlpi_phnum,
	                             .path = path_of(info)};
	const char *slash = strrchr(object->path, '/');
	object->file = slash ? slash + 1 : object->path;
	for (int i = 0; i < info->dlpi_phnum; i++)
		note_segment(&info->dlpi_phdr[i], object);
	each_entry(object, note_table);
	each_entry(object, note_value);
}

const ElfW(Phdr) * hg_object_segment(const struct hg_object *object, uint64_t at)
{
	const ElfW(Phdr) *segment = object->segments, *end = segment + object->segment_count;
	while (segment < end &&
	       (segment->p_type != PT_LOAD || at - object->base - segment->p_vaddr >= segment->p_memsz))
		segment++;
	return segment < end ? segment : NULL;
}

/* --- versions --- */

static const void *after(const void *record, uint32_t bytes)
{
	return bytes ? (const char *)record + bytes : NULL;
}

static const char *needed_version(const struct hg_object *object, unsigned index)
{
	for (const ElfW(Verneed) *need = object->needed_versions; need; need = after(need, need->vn_next))
		for (const ElfW(Vernaux) *aux = after(need, need->vn_aux); aux; aux = after(aux, aux->vna_next))
			if ((aux->vna_other & ~HIDDEN_VERSION) == (int)index)
				return object->names + aux->vna_name;
	return NULL;
}

/* Null also for the version that stands for the whole object. */
static const char *defined_version(const struct hg_object *object, unsigned index)
{
	for (const ElfW(Verdef) *definition = object->defined_versions; definition;
	     definition = after(definition, definition->vd_next))
		if (definition->vd_ndx == index && !(definition->vd_flags & VER_FLG_BASE)) {
			const ElfW(Verdaux) *aux = after(definition, definition->vd_aux);
			return aux ? object->names + aux->vda_name : NULL;
		}
	return NULL;
}

const char *hg_object_version_used(const struct hg_object *object, uint32_t symbol)
{
	unsigned index = object->versions ? object->versions[symbol] & ~HIDDEN_VERSION : 0;
	if (index < 2)
		return NULL;
	return object->symbols[symbol].st_shndx == SHN_UNDEF ? needed_version(object, index)
	                                                     : defined_version(object, index);
}

/* --- looking up --- */

struct hg_wanted hg_wanted_name(const char *name)
{
	return (struct hg_wanted){.name = name, .hash = hg_name_hash(name)};
}

/* The hash section: bucket count, first hashed symbol, Bloom words (a power of two), Bloom shift, Bloom filter,
 * buckets, chains. (System V ABI extension by GNU; the lowest bit of a chain's word ends the chain.) */
static bool may_have(const uint32_t *hash, uint32_t wanted)
{
	enum { BITS = 8 * sizeof(ElfW(Addr)) }; /* no limit: those of a word */
	const ElfW(Addr) *bloom = (const void *)(hash + 4);
	ElfW(Addr) word = bloom[wanted / BITS & (hash[2] - 1)];
	return word >> wanted % BITS & word >> (wanted >> hash[3]) % BITS & 1;
}

bool hg_object_may_define(const struct hg_object *object, uint32_t hash)
{
	return object->hash && may_have(object->hash, hash);
}

static bool is_definition(const struct hg_object *object, uint32_t index, const struct hg_wanted *wanted)
{
	const ElfW(Sym) *symbol = &object->symbols[index];
	return symbol->st_shndx != SHN_UNDEF && symbol->st_value &&
	       strcmp(object->names + symbol->st_name, wanted->name) == 0;
}

static uint32_t first_in_chain(const struct hg_object *object, const struct hg_wanted *wanted)
{
	const uint32_t *hash = object->hash;
	if (!hash || !object->symbols || !object->names || !hash[0] || !may_have(hash, wanted->hash))
		return 0;
	return (hash + 4 + hash[2] * (sizeof(ElfW(Addr)) / 4))[wanted->hash % hash[0]];
}

const ElfW(Sym) * hg_object_next(const struct hg_object *object, const struct hg_wanted *wanted, const ElfW(Sym) * last)
{
	const uint32_t *hash = object->hash;
	uint32_t index = last ? (uint32_t)(last - object->symbols) : first_in_chain(object, wanted);
	if (!index || index < hash[1])
		return NULL;
	const uint32_t *chains = hash + 4 + hash[2] * (sizeof(ElfW(Addr)) / 4) + hash[0] - hash[1];
	if (last && chains[index++] & 1)
		return NULL;
	for (;; index++) {
		if ((chains[index] | 1) == (wanted->hash | 1) && is_definition(object, index, wanted))
			return &object->symbols[index];
		if (chains[index] & 1)
			return NULL;
	}
}

enum match { NO_MATCH, MATCH, MATCH_IF_ONLY };

/* The dynamic linker's rules (glibc: check_match in elf/dl-lookup.c). Without a version an object gets the oldest one,
 * dlsym the one that is not hidden. */
static enum match matches(const struct hg_object *object, const ElfW(Sym) * symbol, const struct hg_wanted *wanted)
{
	if (!object->versions)
		return MATCH;
	unsigned version = object->versions[symbol - object->symbols], index = version & ~HIDDEN_VERSION;
	if (!wanted->version) {
		unsigned plain = wanted->newest ? 2 : 3;
		return index < plain ? MATCH : version & HIDDEN_VERSION ? NO_MATCH : MATCH_IF_ONLY;
	}
	const char *name = defined_version(object, index);
	if (name)
		return strcmp(name, wanted->version) == 0 ? MATCH : NO_MATCH;
	return version & HIDDEN_VERSION ? NO_MATCH : MATCH;
}

const ElfW(Sym) * hg_object_find(const struct hg_object *object, const struct hg_wanted *wanted)
{
	const ElfW(Sym) *candidate = NULL, *symbol = NULL;
	unsigned candidates = 0;
	while ((symbol = hg_object_next(object, wanted, symbol))) {
		enum match match = matches(object, symbol, wanted);
		if (match == MATCH)
			return symbol;
		if (match == MATCH_IF_ONLY && candidates++ == 0)
			candidate = symbol;
	}
	return candidates == 1 ? candidate : NULL;
}

/* As the dynamic linker calls it. */
static void *choose(void *chooser)
{
#if defined(__x86_64__)
	return ((void *(*)(void))chooser)();
#else
	enum { HAS_ARGUMENT = 62 };
	struct {
		unsigned long size, capabilities, more;
	} argument = {sizeof argument, getauxval(AT_HWCAP), getauxval(AT_HWCAP2)};
	return ((void *(*)(unsigned long, const void *))chooser)(argument.capabilities | 1ul << HAS_ARGUMENT,
	                                                         &argument);
#endif
}

void *hg_object_function(const struct hg_object *object, const ElfW(Sym) * symbol)
{
	void *at = hg_object_address(object, symbol);
	return ELF64_ST_TYPE(symbol->st_info) == STT_GNU_IFUNC ? choose(at) : at;
}
