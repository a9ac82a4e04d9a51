/* (symbol, caller) -> the real function. */
#include <dlfcn.h>
#include <link.h>
#include <string.h>

#include "call.h"
#include "elf_lookup.h"
#include "exclusive.h"

void *hg_real_dlsym, *hg_real_dlvsym;

typedef void *dlsym_function(void *, const char *);
typedef void *thunk(void *handle, const char *name, const char *version, void *function);

/* --- the real dlsym: ours stands before it, so that it cannot be asked for itself --- */

static bool is_libc(const struct hg_definition *object, const void *unused)
{
	(void)unused;
	const char *slash = strrchr(object->library, '/'), *base = slash ? slash + 1 : object->library;
	return strncmp(base, "libc.so", 7) == 0 || strncmp(base, "libdl.so", 8) == 0 || strncmp(base, "libc-", 5) == 0;
}

/* Of several versions any will do: they are the same function. */
void *hg_find_in_libc(const char *name)
{
	struct hg_definition found;
	return hg_elf_find(name, is_libc, NULL, &found) ? found.address : NULL;
}

static void *find_nothing(void)
{
	return NULL;
}

void hg_find_real_dlsym(void)
{
	if (hg_real_dlsym)
		return;
	void *dlvsym_found = hg_find_in_libc("dlvsym"), *dlsym_found = hg_find_in_libc("dlsym");
	/* The trampolines jump there, whatever it is. */
	hg_real_dlvsym = dlvsym_found ? dlvsym_found : (void *)find_nothing;
	hg_real_dlsym = dlsym_found ? dlsym_found : (void *)find_nothing;
}

/* --- the real function --- */

/* Preload objects, ours and those of other tables, are told by what only they and the runtime have: an image of ours.
 */
static bool is_library(const struct hg_definition *object, const void *unused)
{
	(void)unused;
	return !hg_image_within(object->low, object->high);
}

/* As if the preload object itself had called dlsym, so that RTLD_NEXT means: after it. */
static void *dlsym_from(const struct hg_image *image, void *handle, const char *name)
{
	return ((thunk *)image->next_call)(handle, name, NULL, hg_real_dlsym);
}

/* What the caller's own object would find: the library and its needs may be loaded for it alone (RTLD_LOCAL). */
static void *find_for_caller(const void *caller, const char *name)
{
	struct hg_definition object;
	if (!hg_elf_object(caller, &object) || !object.library[0])
		return NULL;
	void *handle = dlopen(object.library, RTLD_LAZY | RTLD_NOLOAD);
	if (!handle)
		return NULL;
	void *real = ((dlsym_function *)hg_real_dlsym)(handle, name);
	dlclose(handle);
	return real && hg_elf_object(real, &object) && !hg_image_within(object.low, object.high) ? real : NULL;
}

/* Several definitions: the dynamic linker has to say which one this caller means. */
static void *ask_linker(const struct hg_image *image, const void *caller, const char *name)
{
	hg_find_real_dlsym();
	if (!hg_real_dlsym)
		return NULL;
	void *real = dlsym_from(image, RTLD_NEXT, name);
	return real ? real : find_for_caller(caller, name);
}

static void *find_real(const struct hg_image *image, const void *caller, const char *name)
{
	struct hg_definition found;
	unsigned definitions = hg_elf_find(name, is_library, NULL, &found);
	return definitions == 1 ? found.address : definitions ? ask_linker(image, caller, name) : NULL;
}

static void say_missing(struct hg_slot *slot, const char *name)
{
	hg_count(HG_COUNTER_UNRESOLVED);
	/* Once: a program may call it in a loop. */
	if (!slot->class_runtime || __atomic_exchange_n(&slot->missing, 1, __ATOMIC_RELAXED))
		return;
	hg_symbol_bind(slot->symbol, NULL, NULL);
	hg_say(name, " is defined by no loaded library; its callers get its reject value", NULL, NULL);
}

void hg_resolve(struct hg_slot *slot, const void *caller)
{
	struct hg_image *image = hg_image_of(slot);
	hg_register_image(image);
	if (hg_process_start())
		hg_adopt_images();
	const char *name = HG_IMAGE_TEXT(image, slot->name);
	void *real = find_real(image, caller, name);
	if (real)
		hg_bind(slot, real);
	else
		say_missing(slot, name);
}

/* --- binding --- */

static bool fast(const struct hg_slot *slot, const struct hg_image_use *use)
{
	const struct hg_class *class = (const struct hg_class *)slot->class_runtime;
	return class && !hg_is_exclusive(class) && slot->roles == HG_ROLE_OP && slot->use_count == 1 &&
	       !slot->make_count && use->argument < HG_REGISTER_ARGUMENTS && !use->indirect &&
	       !use->allowed_while_freeing && use->frees == HG_USE_OP && !use->choice.argument;
}

void hg_choose_entry(struct hg_slot *slot)
{
	struct hg_image *image = hg_image_of(slot);
	const struct hg_image_use *use = HG_IMAGE_AT(image, image->uses, struct hg_image_use) + slot->first_use;
	if (!fast(slot, use))
		return;
	bool narrow = slot->mask != UINT64_MAX, stack = slot->stack_bytes != 0, fence;
	/* Again if membarrier was lost meanwhile: hg_fence_all_slots may have been here just before this store. */
	do {
		fence = atomic_load(&hg_fence_kind) != HG_FENCE_MEMBARRIER;
		const char *entry = hg_fast_trampolines + hg_fast_table[narrow][fence][stack][use->argument];
		__atomic_store_n(&slot->entry, (void *)entry, __ATOMIC_SEQ_CST);
	} while (!fence && atomic_load(&hg_fence_kind) != HG_FENCE_MEMBARRIER);
}

bool hg_bind(struct hg_slot *slot, void *real)
{
	void *bound = __atomic_load_n(&slot->real, __ATOMIC_ACQUIRE);
	struct hg_definition object;
	if (bound || !hg_elf_object(real, &object))
		return bound == real;
	slot->library_low = object.low;
	slot->library_size = object.high - object.low;
	if (!__atomic_compare_exchange_n(&slot->real, &bound, real, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return bound == real;
	if (slot->class_runtime)
		hg_symbol_bind(slot->symbol, real, object.library);
	hg_choose_entry(slot);
	return true;
}
