#include "bind/definitions.h"

#include "bind/images.h"
#include "bind/instances.h"
#include "bind/slots.h"
#include "dynlink/elf_object.h"
#include "dynlink/preloads.h"
#include "dynlink/scope.h"
#include "process/process.h"

/* What is known of the objects; changed while they are held. */
static uint64_t lost;        /* how many that defined something had been unloaded when they were looked at */
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

static void note_definitions(const struct hg_objects *objects, unsigned number, struct hg_slot *slot, uint32_t hash)
{
	struct hg_wanted name = {.name = HG_IMAGE_TEXT(hg_image_of(slot), slot->name), .hash = hash};
	const struct hg_object *object = &objects->list[number];
	for (const ElfW(Sym) *symbol = NULL; (symbol = hg_object_next(object, &name, symbol));) {
		objects->known[number].defines = true;
		note_definition(objects, slot, &name, (uint64_t)hg_object_address(object, symbol));
	}
}

static void forget(struct hg_slot *slot, void *unused)
{
	(void)unused;
	slot->only = 0;
}

/* What was seen of an object holds as long as it is loaded. What defined a function and is gone can have been the only
 * one that did, or what others meant by it. */
static void begin_anew_if_needed(const struct hg_objects *objects)
{
	unsigned slots = hg_slot_count();
	if (lost == objects->lost && slots_known == slots)
		return;
	hg_each_slot(forget, NULL);
	for (unsigned i = 0; i < objects->count; i++) {
		struct hg_known *known = &objects->known[i];
		known->noted = known->examined = false;
		known->shown &= slots_known == slots;
		known->asked &= slots_known == slots;
	}
	lost = objects->lost;
	slots_known = slots;
}

void hg_definitions_note(const struct hg_objects *objects, struct hg_slot *slot)
{
	uint32_t hash = hg_slot_hash(slot);
	begin_anew_if_needed(objects);
	for (unsigned i = 0; i < objects->count; i++)
		if (!objects->known[i].noted && hg_scope_is_library(objects, i))
			note_definitions(objects, i, slot, hash);
}

/* --- binding --- */

struct hg_slot *hg_definitions_bind(struct hg_slot *slot, const struct hg_objects *objects, unsigned library,
                                    void *real)
{
	if (!slot->real)
		hg_bind_slot(slot, real, &objects->list[library]);
	if (library < objects->count)
		objects->known[library].defines = true;
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

/* Of thousands of functions an object defines few: their hashes tell that by themselves. */
static void note_image(const struct hg_objects *objects, unsigned number, struct hg_image *image)
{
	struct hg_slot *slots = HG_IMAGE_AT(image, image->slots, struct hg_slot);
	const uint32_t *hashes = HG_IMAGE_AT(image, image->hashes, const uint32_t);
	for (uint32_t i = 0; i < image->slot_count; i++)
		if (hg_object_may_define(&objects->list[number], hashes[i]))
			note_definitions(objects, number, &slots[i], hashes[i]);
}

void hg_definitions_of_all(const struct hg_objects *objects)
{
	begin_anew_if_needed(objects);
	for (unsigned i = 0; i < objects->count; i++) {
		if (objects->known[i].noted)
			continue;
		struct hg_image *image = hg_scope_is_library(objects, i) ? hg_preload_first() : NULL;
		for (; image; image = hg_preload_next(image))
			note_image(objects, i, image);
		objects->known[i].noted = true;
	}
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
