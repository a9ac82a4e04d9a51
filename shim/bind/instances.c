#include "bind/instances.h"

#include "base/memory.h"
#include "bind/images.h"
#include "bind/slots.h"
#include "dynlink/elf_object.h"

struct copy {
	struct copy *next;
	struct hg_image *image;
	struct hg_image *original; /* the preload object's */
	struct hg_image *family;   /* whose classes it has: the original's, or those of the first of another library */
};

static struct hg_arena arena;
static struct copy *_Atomic copies;

static struct copy *add(struct hg_image *original, struct hg_image *family)
{
	struct copy *copy = hg_arena_take(&arena, sizeof *copy);
	struct hg_image *image = copy ? hg_image_copy(family ? family : original, family != NULL) : NULL;
	if (!image)
		return NULL;
	*copy = (struct copy){atomic_load(&copies), image, original, family ? family : image};
	atomic_store(&copies, copy);
	return copy;
}

/* --- which library belongs to which family --- */

/* Whether a slot of the image is bound to a function of this library; or, for a name, of one that defines it. */
static bool image_knows(const struct hg_image *image, const struct hg_objects *objects, unsigned library,
                        const struct hg_wanted *name)
{
	const struct hg_slot *slots = HG_IMAGE_AT(image, image->slots, const struct hg_slot);
	uint64_t last = 0;
	for (uint32_t i = 0; i < image->slot_count; i++) {
		uint64_t low = slots[i].real ? slots[i].library_low : 0;
		if (!low || low == last)
			continue;
		last = low;
		unsigned other = hg_objects_at(objects, (const void *)low);
		if (name ? other < objects->count && hg_object_next(&objects->list[other], name, NULL) != NULL
		         : low == objects->list[library].low)
			return true;
	}
	return false;
}

static bool family_knows(const struct hg_image *family, const struct hg_objects *objects, unsigned library,
                         const struct hg_wanted *name)
{
	bool known = image_knows(family, objects, library, name);
	for (struct copy *copy = atomic_load(&copies); copy && !known; copy = copy->next)
		known = copy->family == family && image_knows(copy->image, objects, library, name);
	return known;
}

static bool both_define(const struct hg_image *family, const struct hg_objects *objects, unsigned library,
                        const struct hg_slot *slot)
{
	struct hg_wanted name = hg_wanted_name(HG_IMAGE_TEXT(hg_image_of(slot), slot->name));
	return hg_object_next(&objects->list[library], &name, NULL) && family_knows(family, objects, library, &name);
}

/* Handles of a library are not those of the family if both have their own function to create them. One that defines
 * other functions only wraps the family's. */
static bool is_rival(const struct hg_image *family, const struct hg_objects *objects, unsigned library,
                     const struct hg_slot *slot)
{
	const struct hg_image *image = hg_image_of(slot);
	const struct hg_slot *slots = HG_IMAGE_AT(image, image->slots, const struct hg_slot);
	bool any_create = false;
	for (uint32_t i = 0; i < image->slot_count; i++) {
		any_create |= slots[i].make_count != 0;
		if (slots[i].make_count && both_define(family, objects, library, &slots[i]))
			return true;
	}
	return !any_create && both_define(family, objects, library, slot);
}

/* A library belongs to the family that knows it, else to one to which it is no rival: a manifest may be for several
 * libraries. Null: a new one. */
static struct hg_image *family_for(const struct hg_slot *slot, const struct hg_objects *objects, unsigned library)
{
	struct hg_image *original = hg_image_of(slot), *open = NULL;
	if (family_knows(original, objects, library, NULL))
		return original;
	if (!is_rival(original, objects, library, slot))
		open = original;
	for (struct copy *copy = atomic_load(&copies); copy; copy = copy->next) {
		if (copy->original != original || copy->family != copy->image)
			continue;
		if (family_knows(copy->family, objects, library, NULL))
			return copy->family;
		if (!open && !is_rival(copy->family, objects, library, slot))
			open = copy->family;
	}
	return open;
}

/* --- slots --- */

static struct hg_slot *free_slot(const struct hg_slot *slot, const struct hg_image *original,
                                 const struct hg_image *family, const void *real)
{
	struct hg_slot *unbound = NULL;
	for (struct copy *copy = atomic_load(&copies); copy; copy = copy->next) {
		struct hg_slot *own = HG_IMAGE_AT(copy->image, slot->image, struct hg_slot);
		if (copy->original != original || copy->family != family)
			continue;
		if (own->real == real)
			return own;
		unbound = own->real ? unbound : own;
	}
	return unbound;
}

struct hg_slot *hg_instance_slot(struct hg_slot *slot, const struct hg_objects *objects, unsigned library, void *real)
{
	struct hg_image *original = hg_image_of(slot), *family = family_for(slot, objects, library);
	struct hg_slot *own = family ? free_slot(slot, original, family, real) : NULL;
	if (!own) {
		struct copy *more = add(original, family);
		own = more ? HG_IMAGE_AT(more->image, slot->image, struct hg_slot) : NULL;
	}
	if (own && !own->real)
		hg_bind_slot(own, real, &objects->list[library]);
	return own;
}

/* --- stubs --- */

extern const char hg_stub_pool[HG_POOL_STUBS][HG_POOL_STUB_SIZE];
extern struct hg_slot *hg_pool_slots[HG_POOL_STUBS];

const void *hg_instance_stub(struct hg_slot *slot)
{
	static uint32_t used;
	if (!slot->stub && used < HG_POOL_STUBS) {
		hg_pool_slots[used] = slot;
		slot->stub = (uint64_t)hg_stub_pool[used++];
	}
	return (const void *)slot->stub;
}

bool hg_instance_is_stub(const void *function)
{
	return (uintptr_t)function - (uintptr_t)hg_stub_pool < sizeof hg_stub_pool;
}
