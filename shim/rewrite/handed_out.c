#include "rewrite/handed_out.h"

#include "base/counters.h"
#include "base/sys.h"
#include "bind/images.h"
#include "dynlink/file_symbols.h"
#include "format/record.h"
#include "rewrite/word.h"

struct search {
	const struct hg_objects *objects;
	unsigned number;
	const struct hg_object *object;
	struct hg_part *parts;
	size_t count;
};

/* The slot of a function that the object has for itself alone; null: it is none that is guarded there. */
static struct hg_slot *hidden_slot(const struct hg_object *object, const char *name)
{
	struct hg_slot *slot = hg_find_slot(name);
	struct hg_wanted wanted = hg_wanted_name(name);
	return slot && hg_image_names(slot, object) && !hg_object_next(object, &wanted, NULL) ? slot : NULL;
}

/* The part that begins here, if it is a guarded function. */
static struct hg_slot *slot_at(const struct search *search, uint64_t address)
{
	const struct hg_object *object = search->object;
	if (address < object->code_low || address >= object->code_high)
		return NULL;
	const struct hg_part *part = hg_part_at(search->parts, search->count, address - object->base);
	bool begins = part && part->flags & HG_PART_CODE && part->low == address - object->base;
	return begins ? hidden_slot(object, part->name) : NULL;
}

static void lead(const struct search *search, uint64_t *at)
{
	struct hg_slot *slot = slot_at(search, *at);
	if (slot && !hg_word_lead(search->objects, at, slot))
		hg_count(HG_COUNTER_TABLES_LEFT);
}

static void lead_tables(const struct search *search)
{
	const struct hg_object *object = search->object;
	for (size_t i = 0; i < search->count; i++) {
		uintptr_t low = object->base + search->parts[i].low, high = object->base + search->parts[i].high;
		if (search->parts[i].flags & HG_PART_CODE || low < object->data_low || high > object->data_high)
			continue;
		for (uintptr_t at = (low + 7) & -sizeof(uint64_t); at + sizeof(uint64_t) <= high;
		     at += sizeof(uint64_t))
			lead(search, (uint64_t *)at);
	}
}

static bool hides_any(const struct hg_object *object, const struct hg_symbols *symbols)
{
	for (size_t i = 0; i < symbols->count; i++) {
		bool is_code =
		    ELF64_ST_TYPE(symbols->list[i].st_info) == STT_FUNC && symbols->list[i].st_shndx != SHN_UNDEF;
		const char *name = is_code ? hg_symbol_name(symbols, i) : NULL;
		if (name && hidden_slot(object, name))
			return true;
	}
	return false;
}

bool hg_handed_out_any(const struct hg_object *object)
{
	struct hg_file_symbols file;
	if (!hg_image_names_any(object) || !hg_file_symbols_open(object, &file))
		return false;
	bool any = !file.exported_only && hides_any(object, &file.symbols);
	hg_file_symbols_close(&file);
	return any;
}

void hg_handed_out_lead(const struct hg_objects *objects, unsigned number)
{
	struct search search = {.objects = objects, .number = number, .object = &objects->list[number]};
	struct hg_file_symbols file;
	uint32_t units;
	if (!hg_file_symbols_open(search.object, &file))
		return;
	size_t bytes = hg_parts_most(&file.symbols) * sizeof *search.parts;
	search.parts = bytes ? hg_map_memory(bytes) : NULL;
	if (search.parts) {
		search.count = hg_parts_list(&file.symbols, search.parts, &units);
		lead_tables(&search);
		hg_syscall(SYS_munmap, (long)search.parts, (long)bytes, 0, 0, 0, 0);
	}
	hg_file_symbols_close(&file);
}
