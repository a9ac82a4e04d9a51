/* One loaded object as its own tables describe it. They are read in place: dlsym and its kin would take the dynamic
 * linker's lock, which another thread may hold while it waits for this one (a constructor that starts a thread and
 * joins it). */
#ifndef HG_ELF_OBJECT_H
#define HG_ELF_OBJECT_H

#include <link.h>
#include <stdbool.h>
#include <stdint.h>

struct hg_object {
	uintptr_t base;
	uintptr_t low, high;             /* where it lies in memory */
	uintptr_t code_low, code_high;   /* what of it is executable */
	uintptr_t data_low, data_high;   /* what of it was writable once */
	uintptr_t relro_low, relro_high; /* what of that the dynamic linker has made read-only */
	const uint8_t *unwind_index;     /* PT_GNU_EH_FRAME; null: none */
	const ElfW(Phdr) * segments;
	unsigned segment_count;
	const char *path; /* as the dynamic linker has it, and where; empty: the program itself */
	const char *file; /* what follows its last slash */
	const ElfW(Dyn) * dynamic;
	const ElfW(Sym) * symbols;
	const ElfW(Half) * versions; /* DT_VERSYM; null: none */
	const ElfW(Verdef) * defined_versions;
	const ElfW(Verneed) * needed_versions;
	const char *names;
	const char *soname;
	const uint32_t *hash; /* DT_GNU_HASH */
	struct {
		const ElfW(Rela) * entries;
		size_t bytes;
	} relocations[2];
	bool has_rpath, has_runpath;
};

/* As the dynamic linker tells of it; whether it told of this one, if both are loaded. */
void hg_object_describe(const struct dl_phdr_info *info, struct hg_object *object);
bool hg_object_is(const struct hg_object *object, const struct dl_phdr_info *info);

/* The loaded segment that an address lies in; null: none. */
const ElfW(Phdr) * hg_object_segment(const struct hg_object *object, uint64_t at);

/* A definition that is looked for. */
struct hg_wanted {
	const char *name;
	uint32_t hash;
	const char *version; /* null: what an object gets that was linked without one */
	bool newest;         /* without a version: what dlsym finds */
};

struct hg_wanted hg_wanted_name(const char *name);

/* Whether the object may define a name with this hash: of those that it does not define it has few. */
bool hg_object_may_define(const struct hg_object *object, uint32_t hash);

/* The definition that the dynamic linker finds in this object; null: none. */
const ElfW(Sym) * hg_object_find(const struct hg_object *object, const struct hg_wanted *wanted);

/* The definitions of a name in all versions, one after the other: `after` is the one before, null at first. */
const ElfW(Sym) *
    hg_object_next(const struct hg_object *object, const struct hg_wanted *wanted, const ElfW(Sym) * after);

/* The version with which the object uses the symbol; null: none. */
const char *hg_object_version_used(const struct hg_object *object, uint32_t symbol);

static inline void *hg_object_address(const struct hg_object *object, const ElfW(Sym) * symbol)
{
	return (void *)(object->base + symbol->st_value);
}

/* The function itself: an indirect one is defined by a function that chooses it. */
void *hg_object_function(const struct hg_object *object, const ElfW(Sym) * symbol);

#endif
