/* (symbol, caller) -> the real function. */
#include <string.h>

#include "call.h"
#include "elf_lookup.h"
#include "exclusive.h"
#include "loads.h"
#include "survey.h"

void *hg_real_dlsym, *hg_real_dlvsym;

/* --- what comes after us --- */

/* While the process starts, some have not registered their images yet: they go by their name. */
static bool is_preload_object(const struct hg_definition *object)
{
	static const char named[] = "handleguard-";
	return hg_image_within(object->low, object->high) ||
	       (object->soname && strncmp(object->soname, named, sizeof named - 1) == 0);
}

static bool is_beyond(const struct hg_definition *object, const void *argument)
{
	bool *passed = *(bool *const *)argument, ours = is_preload_object(object);
	*passed = *passed || ours;
	return *passed && !ours;
}

void *hg_find_beyond(const char *name)
{
	bool passed = false, *argument = &passed;
	struct hg_definition found;
	return hg_elf_find(name, is_beyond, &argument, &found) ? found.address : hg_libc_function(name);
}

/* --- the real dlsym: ours stands before it, so that it cannot be asked for itself --- */

static void *find_nothing(void)
{
	return NULL;
}

void hg_find_real_dlsym(void)
{
	if (hg_real_dlsym)
		return;
	void *dlvsym_found = hg_libc_function("dlvsym"), *dlsym_found = hg_libc_function("dlsym");
	/* The trampolines jump there, whatever it is. */
	hg_real_dlvsym = dlvsym_found ? dlvsym_found : (void *)find_nothing;
	hg_real_dlsym = dlsym_found ? dlsym_found : (void *)find_nothing;
}

/* --- the real function --- */

static void say_missing(struct hg_slot *slot, const char *name)
{
	hg_count(HG_COUNTER_UNRESOLVED);
	/* Once: a program may call it in a loop. */
	if (!slot->class_runtime || __atomic_exchange_n(&slot->missing, 1, __ATOMIC_RELAXED))
		return;
	hg_symbol_bind(slot->symbol, NULL, NULL);
	hg_say(name, " is defined by no loaded library; its callers get its reject value", NULL, NULL);
}

static struct hg_arena arena;

/* What a caller means holds until something is loaded or unloaded. */
static void remember(struct hg_slot *slot, const struct hg_object *object, struct hg_slot *target, uint32_t changes)
{
	struct hg_caller *known = (struct hg_caller *)slot->callers;
	while (known && (known->low != object->low || known->size != object->high - object->low))
		known = known->next;
	struct hg_caller *fresh = known ? known : hg_arena_take(&arena, sizeof *fresh);
	if (!fresh)
		return;
	__atomic_store_n(&fresh->changes, changes - 1, __ATOMIC_SEQ_CST);
	__atomic_store_n(&fresh->slot, target, __ATOMIC_RELEASE);
	__atomic_store_n(&fresh->changes, changes, __ATOMIC_RELEASE);
	if (known)
		return;
	fresh->low = object->low;
	fresh->size = object->high - object->low;
	fresh->next = (struct hg_caller *)slot->callers;
	__atomic_store_n(&slot->callers, (uint64_t)fresh, __ATOMIC_RELEASE);
}

struct question {
	struct hg_slot *slot;
	const void *caller;
	struct hg_slot *answer;
	bool newly_crowded;
};

static void answer(const struct hg_objects *objects, void *argument)
{
	struct question *question = argument;
	struct hg_slot *slot = question->slot;
	unsigned from = hg_objects_at(objects, question->caller);
	uint32_t changes = atomic_load(&hg_changes), before = slot->binding;
	hg_survey_definitions(objects, slot);
	question->newly_crowded = slot->binding != before;
	question->answer = hg_survey_caller(slot, objects, from);
	if (question->answer && slot->binding == HG_BINDING_CROWDED && from != HG_OBJECTS_MOST &&
	    !atomic_load(&hg_loading))
		remember(slot, &objects->list[from], question->answer, changes);
}

/* With more objects than can be looked at the first definition has to do. */
static bool is_library(const struct hg_definition *object, const void *unused)
{
	(void)unused;
	return !hg_image_within(object->low, object->high);
}

static struct hg_slot *bind_first(struct hg_slot *slot)
{
	struct hg_definition found;
	if (!slot->real && hg_elf_find(HG_IMAGE_TEXT(hg_image_of(slot), slot->name), is_library, NULL, &found))
		hg_bind_slot(slot, found.address,
		             &(struct hg_object){.low = found.low, .high = found.high, .path = found.library});
	return slot->real ? slot : NULL;
}

struct hg_slot *hg_resolve(struct hg_slot *slot, const void *caller, uintptr_t frame)
{
	struct hg_image *image = hg_image_of(slot);
	struct question question = {.slot = slot, .caller = caller};
	hg_image_list(image);
	hg_loads_end_here(frame);
	if (hg_process_start())
		hg_adopt_images();
	if (!hg_objects_hold(answer, &question))
		return bind_first(slot);
	if (question.newly_crowded && !atomic_load(&hg_loading))
		hg_survey(NULL, 0, 0);
	if (!question.answer)
		say_missing(slot, HG_IMAGE_TEXT(image, slot->name));
	return question.answer;
}

/* --- binding --- */

static bool may_be_fast(const struct hg_slot *slot)
{
	const struct hg_class *class = (const struct hg_class *)slot->class_runtime;
	const struct hg_image *image = hg_image_of(slot);
	const struct hg_image_use *use = HG_IMAGE_AT(image, image->uses, struct hg_image_use) + slot->first_use;
	return class && !hg_is_exclusive(class) && !hg_sanitizer_orders() && slot->roles == HG_ROLE_OP &&
	       slot->use_count == 1 && !slot->make_count && use->argument < HG_REGISTER_ARGUMENTS && !use->indirect &&
	       !use->allowed_while_freeing && use->frees == HG_USE_OP && !use->choice.argument;
}

static const char *fast_entry(const struct hg_slot *slot)
{
	const struct hg_image *image = hg_image_of(slot);
	const struct hg_image_use *use = HG_IMAGE_AT(image, image->uses, struct hg_image_use) + slot->first_use;
	bool narrow = slot->mask != UINT64_MAX, stack = slot->stack_bytes != 0;
	bool fence = atomic_load(&hg_fence_kind) != HG_FENCE_MEMBARRIER;
	return hg_fast_trampolines + hg_fast_table[narrow][fence][stack][use->argument];
}

static const char *entry_of(const struct hg_slot *slot)
{
	bool fast = hg_slot_is_certain(slot) && !atomic_load(&hg_process_forks_unseen);
	return fast ? fast_entry(slot) : hg_trampoline;
}

void hg_choose_entry(struct hg_slot *slot)
{
	if (!may_be_fast(slot))
		return;
	slot->stack_bytes = (slot->stack_bytes + 15u) & ~15u; /* before the entry: the fast trampolines rely on it */
	/* Again if membarrier was lost, a load begun or another definition found meanwhile: who did that may have been
	 * here just before this store. */
	const char *entry, *now = NULL;
	do {
		entry = now ? now : entry_of(slot);
		__atomic_store_n(&slot->entry, (void *)entry, __ATOMIC_SEQ_CST);
		now = entry_of(slot);
	} while (now != entry);
}

bool hg_bind_slot(struct hg_slot *slot, void *real, const struct hg_object *library)
{
	void *bound = __atomic_load_n(&slot->real, __ATOMIC_ACQUIRE);
	if (bound)
		return bound == real;
	slot->library_low = library->low;
	slot->library_size = library->high - library->low;
	if (!__atomic_compare_exchange_n(&slot->real, &bound, real, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return bound == real;
	if (slot->class_runtime)
		hg_symbol_bind(slot->symbol, real, library->path);
	hg_choose_entry(slot);
	return true;
}

static void name(const struct hg_objects *objects, void *argument)
{
	struct hg_slot *slot = argument;
	if (slot->named)
		return;
	hg_image_add_symbol(slot);
	unsigned library = hg_objects_at(objects, slot->real);
	if (slot->class_runtime && library != HG_OBJECTS_MOST)
		hg_symbol_bind(slot->symbol, slot->real, objects->list[library].path);
	hg_choose_entry(slot);
	/* Last: who sees it sees the rest, or that there was no more room. */
	__atomic_store_n(&slot->named, 1, __ATOMIC_RELEASE);
}

void hg_name_slot(struct hg_slot *slot)
{
	hg_objects_hold(name, slot);
}
