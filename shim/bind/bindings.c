#include "bind/bindings.h"

#include <string.h>

#include "api/start.h"
#include "bind/definitions.h"
#include "bind/images.h"
#include "bind/rebind.h"
#include "bind/slots.h"
#include "dynlink/elf_object.h"
#include "dynlink/scope.h"
#include "stack/standing.h"

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
		    !hg_rebind_meaning(objects, i, name, hg_definitions_stub(objects, slot), &other))
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
	if (!hg_rebind_meaning(objects, from, name, hg_definitions_stub(objects, slot), found))
		return meaning_of_loaded(slot, objects, from, found);
	/* The dynamic linker may have filled a GOT slot since it was rebound. */
	if (!atomic_load(&hg_loading))
		hg_rebind_object(objects, from, true);
	return true;
}

struct hg_slot *hg_bindings_of_caller(struct hg_slot *slot, const struct hg_objects *objects, unsigned from)
{
	struct hg_found found;
	bool known = slot->binding == HG_BINDING_AMBIGUOUS && meaning_of_caller(slot, objects, from, &found);
	if (!known && slot->real)
		return hg_definitions_bind(slot, objects, hg_objects_at(objects, slot->real), slot->real);
	if (!known && !first_meaning(slot, objects, from, &found))
		return NULL;
	return hg_definitions_bind(slot, objects, found.object,
	                           hg_object_function(&objects->list[found.object], found.symbol));
}

/* --- what is new --- */

struct update {
	const void *loaded;
	int flags;
	uint32_t own; /* loads that are over but still counted */
	bool alone;   /* no other load is under way: the dynamic linker is done with every object */
	bool deep;
	bool wanted; /* there are objects that somebody else wants */
};

static const struct hg_on_new *also; /* null: nobody looks at what is new */

/* The only library in wide use that runs coroutines on one stack. */
static void note_copied_stacks(const struct hg_objects *objects)
{
	for (unsigned i = 0; i < objects->count; i++)
		if (!objects->known[i].examined && strncmp(objects->list[i].file, "_greenlet", 9) == 0)
			atomic_store(&hg_stacks_are_copied, true);
}

static void note_all(const struct hg_objects *objects)
{
	hg_definitions_of_all(objects);
	note_copied_stacks(objects);
}

/* It reads files for that: once. */
static unsigned wanted_of(const struct hg_objects *objects, unsigned number)
{
	struct hg_known *known = &objects->known[number];
	if (!known->asked)
		known->wanted = (uint8_t)also->wants(objects, number);
	known->asked = true;
	return known->wanted;
}

static void ask_also(const struct hg_objects *objects, struct update *update)
{
	for (unsigned i = 0; also && update->alone && i < objects->count; i++)
		update->wanted |= !objects->known[i].shown && wanted_of(objects, i);
}

static void work_also(const struct hg_objects *objects, const struct update *update)
{
	for (unsigned i = 0; update->wanted && i < objects->count; i++) {
		unsigned wanted = objects->known[i].shown ? 0 : wanted_of(objects, i);
		if (wanted)
			also->work(objects, i, wanted);
	}
}

static void look(const struct hg_objects *objects, void *argument)
{
	struct update *update = argument;
	const struct link_map *map = update->loaded;
	note_all(objects);
	/* What others have begun to load is not among the objects before it is counted. */
	update->alone = atomic_load(&hg_loading) == update->own;
	unsigned root = map ? hg_objects_with(objects, map->l_ld) : HG_OBJECTS_MOST;
	if (root != HG_OBJECTS_MOST)
		hg_scope_loaded(objects, root, update->flags);
	if (update->alone)
		hg_scope_guess(objects, update->flags);
	for (unsigned i = 0; i < objects->count; i++)
		update->deep |= !objects->known[i].examined && hg_scope_is_deep(objects, i);
	ask_also(objects, update);
}

static void rebind_new(const struct hg_objects *objects, void *argument)
{
	const struct update *update = argument;
	/* Again: the objects were let go of in between. */
	note_all(objects);
	bool all = hg_definitions_newly_ambiguous();
	for (unsigned i = 0; i < objects->count; i++)
		if ((all || !objects->known[i].examined) && hg_scope_is_placed(objects, i))
			hg_rebind_object(objects, i, hg_definitions_ambiguous());
	work_also(objects, update);
	bool over = update->alone && atomic_load(&hg_loading) == update->own;
	for (unsigned i = 0; over && i < objects->count; i++) {
		objects->known[i].examined = true;
		objects->known[i].shown = also != NULL;
	}
}

static void tell(const struct hg_objects *objects, void *on_new)
{
	(void)objects;
	also = on_new;
}

void hg_bindings_tell(const struct hg_on_new *on_new)
{
	if (also != on_new)
		hg_objects_hold(tell, (void *)on_new);
}

void hg_bindings_update(const void *loaded, int flags, uint32_t own)
{
	struct update update = {.loaded = loaded, .flags = flags, .own = own};
	atomic_fetch_add(&hg_changes, 1);
	if (!hg_objects_hold(look, &update))
		return;
	/* Slots of their own need classes and symbols. */
	if ((hg_definitions_ambiguous() || update.deep || update.wanted) && hg_process_start())
		hg_adopt_images();
	hg_objects_hold(rebind_new, &update);
	if (also)
		also->after();
}
