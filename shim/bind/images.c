/* The preload objects of this process: their images, and what the runtime makes of them. */
#include "bind/images.h"

#include <fnmatch.h>
#include <string.h>

#include "api/start.h"
#include "base/counters.h"
#include "base/say.h"
#include "base/sys.h"
#include "bind/plain_slots.h"
#include "bind/slots.h"
#include "dynlink/elf_object.h"
#include "dynlink/preloads.h"
#include "format/record.h"
#include "protocol/class.h"
#include "protocol/tables.h"

/* In an image's HG_PRELOAD_STATE. */
enum { UNKNOWN, LISTED, ADOPTING, ADOPTED };

static bool fits(const struct hg_image *image)
{
	return image->magic == HG_IMAGE_MAGIC && image->version == HG_IMAGE_VERSION;
}

static void list(struct hg_image *image)
{
	uint64_t unknown = UNKNOWN;
	if (!atomic_compare_exchange_strong(hg_preload_word(image, HG_PRELOAD_STATE), &unknown, LISTED))
		return;
	hg_tables_expect(image->slot_count + image->exit_count, image->class_count);
	hg_preload_add(image);
}

void hg_each_slot(void (*visit)(struct hg_slot *slot, void *argument), void *argument)
{
	for (struct hg_image *image = hg_preload_first(); image; image = hg_preload_next(image)) {
		struct hg_slot *slots = HG_IMAGE_AT(image, image->slots, struct hg_slot);
		for (uint32_t i = 0; i < image->slot_count; i++)
			visit(&slots[i], argument);
	}
}

unsigned hg_slot_count(void)
{
	unsigned count = 0;
	for (struct hg_image *image = hg_preload_first(); image; image = hg_preload_next(image))
		count += image->slot_count;
	return count;
}

uint32_t hg_slot_hash(const struct hg_slot *slot)
{
	const struct hg_image *image = hg_image_of(slot);
	uint32_t number = (slot->image - image->slots) / (uint32_t)sizeof *slot;
	return HG_IMAGE_AT(image, image->hashes, const uint32_t)[number];
}

/* How that one's calls are to be led to their functions nobody here knows: they would fail, one by one. */
__attribute__((cold, noreturn)) static void refuse_version(void)
{
	enum { STATUS = 125 }; /* no limit: docs/run.md */
	hg_say("a preload object was built for another version of handleguard, so the program cannot go on; build the "
	       "object again",
	       NULL, NULL, NULL);
	for (;;)
		hg_syscall(SYS_exit_group, STATUS, 0, 0, 0, 0, 0);
}

void hg_image_list(struct hg_image *image)
{
	hg_process_on_start = hg_adopt_images;
	if (!fits(image))
		refuse_version();
	list(image);
}

static bool names(const struct hg_image *image, const struct hg_object *object)
{
	const uint32_t *patterns = HG_IMAGE_AT(image, image->libraries, const uint32_t);
	for (uint32_t i = 0; i < image->library_count; i++) {
		const char *pattern = HG_IMAGE_TEXT(image, patterns[i]);
		if ((object->soname && fnmatch(pattern, object->soname, 0) == 0) ||
		    fnmatch(pattern, object->file, 0) == 0)
			return true;
	}
	return false;
}

bool hg_image_names(const struct hg_slot *slot, const struct hg_object *object)
{
	return names(hg_image_of(slot), object);
}

bool hg_image_names_any(const struct hg_object *object)
{
	struct hg_image *image = hg_preload_first();
	while (image && !names(image, object))
		image = hg_preload_next(image);
	return image;
}

static uint64_t width_mask(uint32_t type)
{
	switch (type) {
	case HG_TYPE_I8:
	case HG_TYPE_U8:
		return UINT8_MAX;
	case HG_TYPE_I16:
	case HG_TYPE_U16:
		return UINT16_MAX;
	case HG_TYPE_I32:
	case HG_TYPE_U32:
		return UINT32_MAX;
	default:
		return UINT64_MAX;
	}
}

static const struct hg_class *class_of_index(struct hg_image *image, uint32_t index)
{
	return (const struct hg_class *)HG_IMAGE_AT(image, image->classes, struct hg_image_class)[index].runtime;
}

static void add_means(struct hg_image *image)
{
	const struct hg_image_means *means = HG_IMAGE_AT(image, image->means, struct hg_image_means);
	for (uint32_t i = 0; i < image->mean_count; i++, means++) {
		const struct hg_class *parent = class_of_index(image, means->parent_class);
		const struct hg_class *child = class_of_index(image, means->child_class);
		if (parent && child)
			hg_class_mean(parent, child, means->map, (enum hg_children)means->children);
	}
}

static void add_classes(struct hg_image *image)
{
	struct hg_image_class *class = HG_IMAGE_AT(image, image->classes, struct hg_image_class);
	const int64_t *nones = HG_IMAGE_AT(image, image->nones, int64_t);
	for (uint32_t i = 0; i < image->class_count; i++, class ++)
		class->runtime = (uint64_t)hg_class_add(&(struct hg_class_description){
		    .name = HG_IMAGE_TEXT(image, class->name),
		    .manifest = HG_IMAGE_TEXT(image, image->name),
		    .flags = class->flags,
		    .drain = class->drain,
		    .deadline_ms = class->deadline_ms,
		    .after_deadline = class->after_deadline,
		    .nones = nones + class->first_none,
		    .none_count = class->none_count,
		    .mask = width_mask(class->type),
		    .limit = class->limit,
		});
	add_means(image);
}

/* The class of a slot's first handle: the first it uses, else the first it makes. What only hands out a table counts
 * with the first class. */
static const struct hg_class *class_of(struct hg_image *image, const struct hg_slot *slot)
{
	uint32_t index = 0;
	if (slot->use_count)
		index = hg_uses_of(slot)->class_index;
	else if (slot->make_count)
		index = HG_IMAGE_AT(image, image->makes, struct hg_image_make)[slot->first_make].class_index;
	return (const struct hg_class *)HG_IMAGE_AT(image, image->classes, struct hg_image_class)[index].runtime;
}

/* As many as there is room for. */
static const char *patterns_of(struct hg_image *image, char *text, size_t room)
{
	const uint32_t *libraries = HG_IMAGE_AT(image, image->libraries, uint32_t);
	char *at = text;
	for (uint32_t i = 0; i < image->library_count; i++) {
		const char *pattern = HG_IMAGE_TEXT(image, libraries[i]);
		size_t length = strlen(pattern);
		if (length + 2 > (size_t)(text + room - at)) {
			hg_count(HG_COUNTER_NAMES_FULL);
			break;
		}
		if (at > text)
			*at++ = ' ';
		memcpy(at, pattern, length);
		at += length;
	}
	*at = '\0';
	return text;
}

void hg_image_add_symbol(struct hg_slot *slot)
{
	char patterns[512]; /* limit: NAMES_FULL */
	struct hg_image *image = hg_image_of(slot);
	const struct hg_class *class = class_of(image, slot);
	if (!class)
		return;
	slot->symbol = hg_symbol_add(&(struct hg_symbol_description){
	    .name = HG_IMAGE_TEXT(image, slot->name),
	    .manifest = HG_IMAGE_TEXT(image, image->name),
	    .patterns = patterns_of(image, patterns, sizeof patterns),
	    .class_index = class->index,
	    .roles = slot->roles,
	    .slot = slot,
	    .state = HG_SYMBOL_NAMED,
	    .flags = slot->flags,
	});
	slot->counter = slot->symbol * sizeof(uint64_t);
	slot->plain = hg_slot_plainness(slot, class);
	/* Last: a slot without it passes its calls on. */
	if (slot->symbol != UINT32_MAX)
		__atomic_store_n(&slot->class_runtime, (uint64_t) class, __ATOMIC_RELEASE);
}

static void add_manifest(struct hg_image *image)
{
	char patterns[512]; /* limit: NAMES_FULL */
	hg_manifest_add(&(struct hg_manifest_description){
	    .name = HG_IMAGE_TEXT(image, image->name),
	    .patterns = patterns_of(image, patterns, sizeof patterns),
	    .unguarded = HG_IMAGE_TEXT(image, image->unguarded),
	    .hash = image->hash,
	});
}

static void adopt(struct hg_image *image)
{
	uint64_t listed = LISTED;
	if (!atomic_compare_exchange_strong(hg_preload_word(image, HG_PRELOAD_STATE), &listed, ADOPTING))
		return;
	add_manifest(image);
	add_classes(image);
	struct hg_slot *slots = HG_IMAGE_AT(image, image->slots, struct hg_slot);
	for (uint32_t i = 0; i < image->slot_count; i++)
		hg_image_add_symbol(&slots[i]);
	atomic_store(hg_preload_word(image, HG_PRELOAD_STATE), ADOPTED);
}

void hg_adopt_images(void)
{
	for (struct hg_image *image = hg_preload_first(); image; image = hg_preload_next(image))
		adopt(image);
}

static void forget_binding(struct hg_slot *slot)
{
	slot->real = NULL;
	slot->library_low = slot->library_size = slot->class_runtime = slot->missing = 0;
	slot->pinned = slot->stub = slot->only = slot->callers = 0;
	slot->symbol = UINT32_MAX;
	slot->binding = HG_BINDING_OWN;
	slot->named = 0;
	slot->bound = 0;
	hg_slot_changed(slot);
}

struct hg_image *hg_image_copy(struct hg_image *image, bool share)
{
	struct hg_image *copy = hg_map_memory(image->size);
	if (!copy)
		return NULL;
	memcpy(copy, image, image->size);
	struct hg_slot *slots = HG_IMAGE_AT(copy, copy->slots, struct hg_slot);
	for (uint32_t i = 0; i < copy->slot_count; i++)
		forget_binding(&slots[i]);
	if (!share)
		add_classes(copy);
	return copy;
}

static struct hg_slot *find_in(struct hg_image *image, const char *name)
{
	struct hg_slot *slots = HG_IMAGE_AT(image, image->slots, struct hg_slot);
	uint32_t low = 0, high = image->slot_count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = strcmp(name, HG_IMAGE_TEXT(image, slots[middle].name));
		if (order == 0)
			return &slots[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

struct hg_slot *hg_find_slot(const char *name)
{
	struct hg_slot *slot = NULL;
	for (struct hg_image *image = hg_preload_first(); image && !slot; image = hg_preload_next(image))
		slot = find_in(image, name);
	return slot;
}
