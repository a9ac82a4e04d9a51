#include "bind/linked_in.h"

#include "base/memory.h"
#include "base/mix.h"
#include "base/sys.h"
#include "bind/images.h"
#include "bind/slots.h"
#include "dynlink/file_symbols.h"
#include "dynlink/looked_through.h"
#include "dynlink/preloads.h"
#include "sides/names.h"

static struct hg_arena arena;

/* --- the question --- */

static void add_word(struct hg_slot *slot, void *words)
{
	hg_words_add(words, HG_IMAGE_TEXT(hg_image_of(slot), slot->name));
}

static void list_words(struct hg_words *words)
{
	*words = (struct hg_words){.count = 0};
	hg_each_slot(add_word, words);
}

/* What begins like a guarded function belongs to the same library. */
static bool is_interface(const char *name, const void *argument)
{
	return hg_words_may_have(argument, name) && (hg_words_has(argument, name) || hg_find_slot(name));
}

static bool is_guarded(const char *name, const void *argument)
{
	(void)argument;
	return hg_find_slot(name);
}

/* Manifests name libraries as they are by themselves; where one names none, every object is meant. */
static bool is_named(const struct hg_object *object)
{
	struct hg_image *image = hg_preload_first();
	while (image && image->library_count)
		image = hg_preload_next(image);
	return image || hg_image_names_any(object);
}

static struct hg_sides_question question_of(const struct hg_object *object, const struct hg_file_symbols *file,
                                            const struct hg_words *words)
{
	return (struct hg_sides_question){.symbols = file->symbols,
	                                  .exported_only = file->exported_only,
	                                  .code = hg_code_of_object(object),
	                                  .relocations = object->relocations[0].entries,
	                                  .relocation_count = hg_plain_relocations(object),
	                                  .is_interface = is_interface,
	                                  .is_guarded = is_guarded,
	                                  .argument = words};
}

/* --- what is kept of the answer --- */

/* Whether a part goes on with what the one before it is. */
static bool goes_on(const struct hg_side_range *last, const struct hg_part *part)
{
	return last && last->side == part->side;
}

/* Returns how many ranges there are; `ranges` null: only that. */
static unsigned list_ranges(const struct hg_sides *sides, uint64_t base, struct hg_side_range *ranges)
{
	struct hg_side_range last = {0};
	unsigned count = 0;
	for (size_t i = 0; i < sides->count; i++) {
		const struct hg_part *part = &sides->parts[i];
		if (!(part->flags & HG_PART_CODE))
			continue;
		bool on = goes_on(count ? &last : NULL, part);
		last = (struct hg_side_range){on ? last.low : base + part->low, base + part->high, part->side};
		count += !on;
		if (ranges)
			ranges[count - 1] = last;
	}
	return count;
}

static const struct hg_side_ranges *keep(const struct hg_sides *sides, uint64_t base)
{
	unsigned count = list_ranges(sides, base, NULL);
	struct hg_side_ranges *kept = hg_arena_take(&arena, sizeof *kept + count * sizeof *kept->list);
	if (kept)
		kept->count = list_ranges(sides, base, kept->list);
	return kept;
}

static void find(const struct hg_object *object, const struct hg_file_symbols *file, hg_linked_in_work *work,
                 void *argument)
{
	struct hg_words words;
	list_words(&words);
	struct hg_sides_question question = question_of(object, file, &words);
	struct hg_sides sides;
	size_t bytes = hg_sides_room(&question);
	void *room = hg_map_memory(bytes);
	if (!room)
		return;
	hg_sides_find(&question, room, &sides);
	if (hg_sides_are_two(&sides))
		work(object, &sides, argument);
	hg_syscall(SYS_munmap, (long)room, (long)bytes, 0, 0, 0, 0);
}

void hg_linked_in_with(const struct hg_object *object, hg_linked_in_work *work, void *argument)
{
	struct hg_file_symbols file;
	if (is_named(object) || !hg_file_symbols_open(object, &file))
		return;
	find(object, &file, work, argument);
	hg_file_symbols_close(&file);
}

static void keep_ranges(const struct hg_object *object, const struct hg_sides *sides, void *kept)
{
	*(const struct hg_side_ranges **)kept = keep(sides, object->base);
}

const struct hg_side_ranges *hg_linked_in(const struct hg_object *object)
{
	const struct hg_side_ranges *kept = NULL;
	hg_linked_in_with(object, keep_ranges, &kept);
	return kept;
}

static bool names_any(const struct hg_symbols *symbols)
{
	struct hg_words words;
	list_words(&words);
	for (size_t i = 0; i < symbols->count; i++) {
		const char *name = symbols->list[i].st_shndx != SHN_UNDEF ? hg_symbol_name(symbols, i) : NULL;
		if (name && hg_words_may_have(&words, name) && hg_find_slot(name))
			return true;
	}
	return false;
}

/* Of the file, and of the names that are looked for in it; 0: the file has none. */
static uint64_t key_of(const struct hg_file_symbols *file)
{
	uint64_t key = file->identity;
	for (struct hg_image *image = hg_preload_first(); key && image; image = hg_preload_next(image)) {
		const uint32_t *hashes = HG_IMAGE_AT(image, image->hashes, const uint32_t);
		for (uint32_t i = 0; i < image->slot_count; i++)
			key = hg_mix_all(key, hashes[i]);
	}
	return key;
}

/* What few symbols there are is looked at as fast as it is known. */
static bool names_any_or_is_known(const struct hg_file_symbols *file)
{
	enum { FEW = 2048 }; /* no limit: where it begins to pay */
	uint64_t key = file->symbols.count > FEW ? key_of(file) : 0;
	if (key && hg_looked_through(key))
		return false;
	bool any = names_any(&file->symbols);
	if (key && !any)
		hg_looked_through_note(key);
	return any;
}

bool hg_linked_in_any(const struct hg_object *object)
{
	struct hg_file_symbols file;
	if (is_named(object) || !hg_file_symbols_open(object, &file))
		return false;
	bool any = !file.exported_only && names_any_or_is_known(&file);
	hg_file_symbols_close(&file);
	return any;
}
