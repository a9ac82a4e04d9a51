#include "rewrite/table.h"

#include "base/counters.h"
#include "base/sys.h"
#include "bind/images.h"
#include "dynlink/objects.h"
#include "format/record.h"
#include "rewrite/word.h"

struct leading {
	const struct hg_image *image;
	const struct hg_image_table *table;
	uint64_t address;
	bool before;
};

/* The slot of the preload object's image, of which the function's may be a copy. */
static struct hg_slot *slot_of(const struct hg_image *image, const struct hg_image_entry *entry)
{
	const struct hg_slot *slots = HG_IMAGE_AT(image, image->slots, const struct hg_slot);
	return hg_find_slot(HG_IMAGE_TEXT(image, slots[entry->function].name));
}

static void lead(const struct hg_objects *objects, void *argument)
{
	const struct leading *leading = argument;
	const struct hg_image *image = leading->image;
	const struct hg_image_entry *entry = HG_IMAGE_AT(image, image->entries, const struct hg_image_entry);
	if (leading->before && hg_objects_at(objects, (const void *)leading->address) == HG_OBJECTS_MOST)
		return;
	entry += leading->table->first_entry;
	for (uint32_t i = 0; i < leading->table->entry_count; i++, entry++) {
		uint64_t *at = (uint64_t *)leading->address + entry->number;
		struct hg_slot *slot = slot_of(image, entry);
		if (slot && hg_readable(at) && !hg_word_lead(objects, at, slot))
			hg_count(HG_COUNTER_TABLES_LEFT);
	}
}

void hg_table_lead(const struct hg_image *image, const struct hg_image_table *table, uint64_t address, bool before)
{
	struct leading leading = {image, table, address, before};
	if (address && address % sizeof(uint64_t) == 0)
		hg_objects_hold(lead, &leading);
}
