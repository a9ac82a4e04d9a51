#include "survey.h"

#include <string.h>

#include "copies.h"
#include "lead.h"

_Atomic uint32_t hg_changes;

/* What is known of the objects; changed while they are held. */
static unsigned examined;         /* how many of them were looked at */
static uint64_t unloaded;         /* how many had been unloaded then */
static unsigned slots_known;      /* how many slots there were then */
static bool any_crowded, any_new; /* there is a name with several definitions; one since the words were led last */

/* --- definitions --- */

static void crowd(struct hg_slot *slot)
{
	if (slot->binding != HG_BINDING_ONE)
		return;
	__atomic_store_n(&slot->binding, HG_BINDING_CROWDED, __ATOMIC_SEQ_CST);
	hg_choose_entry(slot);
	any_crowded = any_new = true;
}

/* What was the only definition until now is what all words that lead to the stub have meant. */
static void bind_first(const struct hg_objects *objects, struct hg_slot *slot, const struct hg_wanted *name)
{
	unsigned library = hg_objects_at(objects, (const void *)slot->only);
	if (slot->real || library == HG_OBJECTS_MOST)
		return;
	const struct hg_object *object = &objects->list[library];
	const ElfW(Sym) *symbol = NULL;
	do
		symbol = hg_object_next(object, name, symbol);
	while (symbol && (uint64_t)hg_object_address(object, symbol) != slot->only);
	if (symbol)
		hg_bind_slot(slot, hg_object_function(object, symbol), object);
}

static void note_definition(const struct hg_objects *objects, struct hg_slot *slot, const struct hg_wanted *name,
                            uint64_t address)
{
	if (slot->only && slot->only != address) {
		bind_first(objects, slot, name);
		crowd(slot);
	}
	slot->only = address;
}

static void note_definitions(const struct hg_objects *objects, unsigned first, struct hg_slot *slot)
{
	struct hg_wanted name = hg_wanted_name(HG_IMAGE_TEXT(hg_image_of(slot), slot->name));
	for (unsigned i = first; i < objects->count; i++) {
		const ElfW(Sym) *symbol = hg_object_next(&objects->list[i], &name, NULL);
		bool counts = symbol && hg_scope_is_library(objects, i);
		for (; counts && symbol; symbol = hg_object_next(&objects->list[i], &name, symbol))
			note_definition(objects, slot, &name, (uint64_t)hg_object_address(&objects->list[i], symbol));
	}
}

struct noting {
	const struct hg_objects *objects;
	unsigned slots;
};

static void forget(struct hg_slot *slot, void *argument)
{
	(void)argument;
	slot->only = 0;
}

static void count(struct hg_slot *slot, void *argument)
{
	(void)slot;
	((struct noting *)argument)->slots++;
}

static void note_slot(struct hg_slot *slot, void *argument)
{
	note_definitions(((struct noting *)argument)->objects, examined, slot);
}

/* Objects keep their numbers as long as none is unloaded. */
static void begin_anew_if_needed(const struct hg_objects *objects)
{
	struct noting noting = {objects, 0};
	hg_scope_forget(objects);
	hg_each_slot(count, &noting);
	if (unloaded == objects->unloaded && slots_known == noting.slots)
		return;
	hg_each_slot(forget, NULL);
	examined = 0;
	unloaded = objects->unloaded;
	slots_known = noting.slots;
}

void hg_survey_definitions(const struct hg_objects *objects, struct hg_slot *slot)
{
	struct noting noting = {objects, 0};
	begin_anew_if_needed(objects);
	if (examined < objects->count)
		note_slot(slot, &noting);
}

/* --- binding --- */

struct hg_slot *hg_survey_bind(struct hg_slot *slot, const struct hg_objects *objects, unsigned library, void *real)
{
	if (!slot->real)
		hg_bind_slot(slot, real, &objects->list[library]);
	if (slot->binding == HG_BINDING_ONE && slot->real != real)
		crowd(slot);
	if (slot->binding == HG_BINDING_ONE)
		return slot;
	/* What has just been unloaded, or lies beyond the objects that are kept, is nobody's. */
	if (library >= objects->count || !hg_process_epoch())
		return NULL;
	return hg_copy_slot(slot, objects, library, real);
}

const void *hg_survey_stub(const struct hg_objects *objects, struct hg_slot *slot)
{
	unsigned own = slot->stub ? HG_OBJECTS_MOST : hg_objects_at(objects, slot);
	if (own != HG_OBJECTS_MOST) {
		struct hg_wanted name = hg_wanted_name(HG_IMAGE_TEXT(hg_image_of(slot), slot->name));
		const struct hg_object *object = &objects->list[own];
		const ElfW(Sym) *symbol = hg_object_find(object, &name);
		slot->stub = symbol ? (uint64_t)hg_object_address(object, symbol) : 0;
	}
	return (const void *)slot->stub;
}

const void *hg_survey_export(const struct hg_objects *objects, const char *name)
{
	struct hg_wanted wanted = hg_wanted_name(name);
	for (unsigned i = 0; i < objects->count; i++)
		if (hg_image_within(objects->list[i].low, objects->list[i].high)) {
			const ElfW(Sym) *symbol = hg_object_find(&objects->list[i], &wanted);
			return symbol ? hg_object_address(&objects->list[i], symbol) : NULL;
		}
	return NULL;
}

/* --- a call --- */

/* A constructor that ends in a jump leaves the dynamic linker as the caller. If all that is being loaded means the
 * same, so does the constructor. */
static bool meaning_of_loaded(struct hg_slot *slot, const struct hg_objects *objects, unsigned from,
                              struct hg_found *found)
{
	const char *name = HG_IMAGE_TEXT(hg_image_of(slot), slot->name), *soname = objects->list[from].soname;
	struct hg_found other;
	bool any = false;
	if (!atomic_load(&hg_loading) || !soname || strncmp(soname, "ld-", 3) != 0)
		return false;
	for (unsigned i = 0; i < objects->count; i++) {
		if (!hg_scope_is_latest(objects, i) ||
		    !hg_lead_meaning(objects, i, name, hg_survey_stub(objects, slot), &other))
			continue;
		if (any && (other.object != found->object || other.symbol != found->symbol))
			return false;
		*found = other;
		any = true;
	}
	return any;
}

/* Who calls by a pointer alone got it from somewhere: it is what the name meant first. */
static bool first_meaning(const struct hg_slot *slot, const struct hg_objects *objects, unsigned from,
                          struct hg_found *found)
{
	struct hg_wanted name = hg_wanted_name(HG_IMAGE_TEXT(hg_image_of(slot), slot->name));
	name.newest = true;
	if (from != HG_OBJECTS_MOST && hg_scope_find(objects, from, &name, found))
		return true;
	for (unsigned i = 0; i < objects->count; i++) {
		found->object = i;
		found->symbol = hg_scope_is_library(objects, i) ? hg_object_find(&objects->list[i], &name) : NULL;
		if (found->symbol)
			return true;
	}
	return false;
}

static bool meaning_of_caller(struct hg_slot *slot, const struct hg_objects *objects, unsigned from,
                              struct hg_found *found)
{
	const char *name = HG_IMAGE_TEXT(hg_image_of(slot), slot->name);
	if (from == HG_OBJECTS_MOST)
		return false;
	if (!hg_lead_meaning(objects, from, name, hg_survey_stub(objects, slot), found))
		return meaning_of_loaded(slot, objects, from, found);
	/* The dynamic linker may have filled a word since it was led. */
	if (!atomic_load(&hg_loading))
		hg_lead_object(objects, from, true);
	return true;
}

struct hg_slot *hg_survey_caller(struct hg_slot *slot, const struct hg_objects *objects, unsigned from)
{
	struct hg_found found;
	bool known = slot->binding == HG_BINDING_CROWDED && meaning_of_caller(slot, objects, from, &found);
	if (!known && slot->real)
		return hg_survey_bind(slot, objects, hg_objects_at(objects, slot->real), slot->real);
	if (!known && !first_meaning(slot, objects, from, &found))
		return NULL;
	return hg_survey_bind(slot, objects, found.object,
	                      hg_object_function(&objects->list[found.object], found.symbol));
}

/* --- what is new --- */

struct survey {
	const void *loaded;
	int flags;
	uint32_t own; /* loads that are over but still counted */
	bool alone;   /* no other load is under way: the dynamic linker is done with every object */
	bool deep;
};

/* The only library in wide use that runs coroutines on one stack. */
static void note_copied_stacks(const struct hg_objects *objects)
{
	for (unsigned i = examined; i < objects->count; i++)
		if (strncmp(objects->list[i].file, "_greenlet", 9) == 0)
			atomic_store(&hg_stacks_are_copied, true);
}

static void note_all(const struct hg_objects *objects)
{
	struct noting noting = {objects, 0};
	begin_anew_if_needed(objects);
	hg_each_slot(note_slot, &noting);
	note_copied_stacks(objects);
}

static void look(const struct hg_objects *objects, void *argument)
{
	struct survey *survey = argument;
	const struct link_map *map = survey->loaded;
	note_all(objects);
	/* What others have begun to load is not among the objects before it is counted. */
	survey->alone = atomic_load(&hg_loading) == survey->own;
	unsigned root = map ? hg_objects_with(objects, map->l_ld) : HG_OBJECTS_MOST;
	if (root != HG_OBJECTS_MOST)
		hg_scope_loaded(objects, root, survey->flags);
	if (survey->alone)
		hg_scope_guess(objects, survey->flags);
	for (unsigned i = examined; i < objects->count; i++)
		survey->deep |= hg_scope_is_deep(objects, i);
}

static void lead_new(const struct hg_objects *objects, void *argument)
{
	const struct survey *survey = argument;
	/* Again: the objects were let go of in between. */
	note_all(objects);
	unsigned first = any_new ? 0 : examined;
	any_new = false;
	for (unsigned i = first; i < objects->count; i++)
		if (hg_scope_is_placed(objects, i))
			hg_lead_object(objects, i, any_crowded);
	if (survey->alone && atomic_load(&hg_loading) == survey->own)
		examined = objects->count;
}

void hg_survey(const void *loaded, int flags, uint32_t own)
{
	struct survey survey = {.loaded = loaded, .flags = flags, .own = own};
	atomic_fetch_add(&hg_changes, 1);
	if (!hg_objects_hold(look, &survey))
		return;
	/* Slots of their own need classes and symbols. */
	if ((any_crowded || survey.deep) && hg_process_start())
		hg_adopt_images();
	hg_objects_hold(lead_new, &survey);
}
