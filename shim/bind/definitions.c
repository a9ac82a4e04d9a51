#include "bind/definitions.h"

#include "bind/images.h"
#include "bind/instances.h"
#include "bind/slots.h"
#include "dynlink/elf_object.h"
#include "dynlink/preloads.h"
#include "dynlink/scope.h"
#include "process/process.h"

/* What is known of the objects; changed while they are held. */
static unsigned examined;    /* how many of them were looked at */
static uint64_t unloaded;    /* how many had been unloaded then */
static unsigned slots_known; /* how many slots there were then */
static bool any_ambiguous,
    any_new; /* there is a name with several definitions; one since GOT slots were rebound last */

/* --- definitions --- */

static void make_ambiguous(struct hg_slot *slot)
{
	if (slot->binding != HG_BINDING_ONE)
		return;
	__atomic_store_n(&slot->binding, HG_BINDING_AMBIGUOUS, __ATOMIC_SEQ_CST);
	hg_slot_changed(slot);
	any_ambiguous = any_new = true;
}

/* What was the only definition until now is what all GOT slots that lead to the stub have meant. */
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
		make_ambiguous(slot);
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

void hg_definitions_note(const struct hg_objects *objects, struct hg_slot *slot)
{
	struct noting noting = {objects, 0};
	begin_anew_if_needed(objects);
	if (examined < objects->count)
		note_slot(slot, &noting);
}

/* --- binding --- */

struct hg_slot *hg_definitions_bind(struct hg_slot *slot, const struct hg_objects *objects, unsigned library,
                                    void *real)
{
	if (!slot->real)
		hg_bind_slot(slot, real, &objects->list[library]);
	if (slot->binding == HG_BINDING_ONE && slot->real != real)
		make_ambiguous(slot);
	if (slot->binding == HG_BINDING_ONE)
		return slot;
	/* What has just been unloaded, or lies beyond the objects that are kept, is nobody's. */
	if (library >= objects->count || !hg_process_epoch())
		return NULL;
	return hg_instance_slot(slot, objects, library, real);
}

const void *hg_definitions_stub(const struct hg_objects *objects, struct hg_slot *slot)
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

const void *hg_definitions_export(const struct hg_objects *objects, const char *name)
{
	struct hg_wanted wanted = hg_wanted_name(name);
	for (unsigned i = 0; i < objects->count; i++)
		if (hg_image_within(objects->list[i].low, objects->list[i].high)) {
			const ElfW(Sym) *symbol = hg_object_find(&objects->list[i], &wanted);
			return symbol ? hg_object_address(&objects->list[i], symbol) : NULL;
		}
	return NULL;
}

/* --- for who looks at what is new --- */

void hg_definitions_of_all(const struct hg_objects *objects)
{
	struct noting noting = {objects, 0};
	begin_anew_if_needed(objects);
	hg_each_slot(note_slot, &noting);
}

unsigned hg_definitions_examined(void)
{
	return examined;
}

void hg_definitions_are_examined(unsigned count)
{
	examined = count;
}

bool hg_definitions_ambiguous(void)
{
	return any_ambiguous;
}

bool hg_definitions_newly_ambiguous(void)
{
	bool newly = any_new;
	any_new = false;
	return newly;
}
