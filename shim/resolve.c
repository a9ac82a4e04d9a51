/* (symbol, caller) -> the real function. */
#include <dlfcn.h>
#include <link.h>
#include <string.h>

#include "call.h"

void *hg_real_dlsym, *hg_real_dlvsym;

typedef void *dlsym_function(void *, const char *);
typedef void *thunk(void *handle, const char *name, const char *version, void *function);

/* --- the real dlsym: ours stands before it, so it is looked up by hand in the C library's own table --- */

struct tables {
	const ElfW(Sym) *symbols;
	const char *names;
	const uint32_t *hash; /* DT_GNU_HASH */
	uintptr_t base;
};

static uintptr_t address(uintptr_t base, uintptr_t value)
{
	return value < base ? base + value : value; /* glibc relocates the dynamic section in place; not every one does */
}

static struct tables tables_of(const struct dl_phdr_info *info)
{
	struct tables tables = {.base = info->dlpi_addr};
	const ElfW(Dyn) *entry = NULL;
	for (int i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_DYNAMIC)
			entry = (const void *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
	for (; entry && entry->d_tag != DT_NULL; entry++) {
		uintptr_t value = address(tables.base, entry->d_un.d_ptr);
		if (entry->d_tag == DT_SYMTAB)
			tables.symbols = (const void *)value;
		else if (entry->d_tag == DT_STRTAB)
			tables.names = (const void *)value;
		else if (entry->d_tag == DT_GNU_HASH)
			tables.hash = (const void *)value;
	}
	return tables;
}

static uint32_t gnu_hash(const char *name)
{
	uint32_t hash = 5381;
	for (; *name; name++)
		hash = hash * 33 + (unsigned char)*name;
	return hash;
}

/* The hash section: bucket count, first hashed symbol, Bloom words, Bloom shift, Bloom filter, buckets, chains. */
static void *look_up(const struct tables *tables, const char *name)
{
	if (!tables->hash || !tables->symbols || !tables->names || !tables->hash[0])
		return NULL;
	const uint32_t *hash = tables->hash, wanted = gnu_hash(name);
	const uint32_t *buckets = hash + 4 + hash[2] * (sizeof(ElfW(Addr)) / 4), *chains = buckets + hash[0];
	uint32_t index = buckets[wanted % hash[0]];
	for (; index >= hash[1]; index++) {
		uint32_t chain = chains[index - hash[1]];
		const ElfW(Sym) *symbol = &tables->symbols[index];
		if ((chain | 1) == (wanted | 1) && symbol->st_value && strcmp(tables->names + symbol->st_name, name) == 0)
			return (void *)(tables->base + symbol->st_value);
		if (chain & 1)
			break;
	}
	return NULL;
}

static int find_in_libc(struct dl_phdr_info *info, size_t size, void *unused)
{
	(void)size;
	(void)unused;
	const char *slash = strrchr(info->dlpi_name, '/'), *base = slash ? slash + 1 : info->dlpi_name;
	if (strncmp(base, "libc.so", 7) != 0 && strncmp(base, "libdl.so", 8) != 0 && strncmp(base, "libc-", 5) != 0)
		return 0;
	struct tables tables = tables_of(info);
	hg_real_dlvsym = look_up(&tables, "dlvsym");
	hg_real_dlsym = look_up(&tables, "dlsym");
	return hg_real_dlsym != NULL;
}

void hg_find_real_dlsym(void)
{
	if (!hg_real_dlsym)
		dl_iterate_phdr(find_in_libc, NULL);
}

/* --- the real function --- */

/* As if the preload object itself had called dlsym, so that RTLD_NEXT means: after it. */
static void *dlsym_from(const struct hg_image *image, void *handle, const char *name)
{
	return ((thunk *)image->next_call)(handle, name, NULL, hg_real_dlsym);
}

static bool same_object(const void *one, const void *other)
{
	Dl_info a, b;
	return dladdr(one, &a) && dladdr(other, &b) && a.dli_fbase == b.dli_fbase;
}

/* What the caller's own object would find: the library and its needs may be loaded for it alone (RTLD_LOCAL). */
static void *find_for_caller(const struct hg_image *image, const void *caller, const char *name)
{
	Dl_info info;
	struct link_map *map = NULL;
	if (!dladdr1(caller, &info, (void **)&map, RTLD_DL_LINKMAP) || !map || !map->l_name[0])
		return NULL;
	void *handle = dlopen(map->l_name, RTLD_LAZY | RTLD_NOLOAD);
	if (!handle)
		return NULL;
	void *real = ((dlsym_function *)hg_real_dlsym)(handle, name);
	dlclose(handle);
	return real && !same_object(real, image) ? real : NULL;
}

void hg_resolve(struct hg_slot *slot, const void *caller)
{
	struct hg_image *image = hg_image_of(slot);
	hg_register_image(image);
	if (!hg_process_start())
		return;
	hg_adopt_images();
	hg_find_real_dlsym();
	if (!hg_real_dlsym)
		return;
	const char *name = HG_IMAGE_TEXT(image, slot->name);
	void *real = dlsym_from(image, RTLD_NEXT, name);
	if (!real)
		real = find_for_caller(image, caller, name);
	if (real) {
		hg_bind(slot, real);
		return;
	}
	hg_count(HG_COUNTER_UNRESOLVED);
	if (slot->class_runtime)
		hg_symbol_bind(slot->symbol, NULL, NULL);
	hg_say(name, " is defined by no loaded library; its callers get its reject value", NULL, NULL);
}

/* --- binding --- */

struct range {
	uintptr_t inside, low, high;
};

static int find_range(struct dl_phdr_info *info, size_t size, void *argument)
{
	(void)size;
	struct range *range = argument;
	uintptr_t low = UINTPTR_MAX, high = 0;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[i];
		uintptr_t start = info->dlpi_addr + header->p_vaddr;
		if (header->p_type != PT_LOAD)
			continue;
		low = start < low ? start : low;
		high = start + header->p_memsz > high ? start + header->p_memsz : high;
	}
	if (range->inside < low || range->inside >= high)
		return 0;
	range->low = low;
	range->high = high;
	return 1;
}

static bool fast(const struct hg_slot *slot, const struct hg_image_use *use)
{
	return slot->class_runtime && slot->roles == HG_ROLE_OP && slot->use_count == 1 && !slot->make_count &&
	       use->argument < HG_REGISTER_ARGUMENTS && !use->indirect && !use->allowed_while_freeing;
}

void hg_choose_entry(struct hg_slot *slot)
{
	struct hg_image *image = hg_image_of(slot);
	const struct hg_image_use *use = HG_IMAGE_AT(image, image->uses, struct hg_image_use) + slot->first_use;
	if (!fast(slot, use))
		return;
	bool fence = atomic_load(&hg_fence_kind) != HG_FENCE_MEMBARRIER, stack = slot->stack_bytes != 0;
	__atomic_store_n(&slot->entry, (void *)(hg_fast_trampolines + hg_fast_table[fence][stack][use->argument]),
			 __ATOMIC_RELEASE);
}

/* Kept loaded for good: a slot's pointer into an unloaded library would be called. */
static const char *pin(const void *real)
{
	Dl_info info;
	if (!dladdr(real, &info) || !info.dli_fname)
		return NULL;
	dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
	return info.dli_fname;
}

bool hg_bind(struct hg_slot *slot, void *real)
{
	struct range range = {.inside = (uintptr_t)real};
	dl_iterate_phdr(find_range, &range);
	void *bound = __atomic_load_n(&slot->real, __ATOMIC_ACQUIRE);
	if (bound)
		return bound == real;
	slot->library_low = range.low;
	slot->library_size = range.high - range.low;
	const char *library = pin(real);
	if (!__atomic_compare_exchange_n(&slot->real, &bound, real, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return bound == real;
	if (slot->class_runtime)
		hg_symbol_bind(slot->symbol, real, library);
	hg_choose_entry(slot);
	return true;
}
