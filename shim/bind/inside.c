#include "bind/inside.h"

#include <string.h>

#include "base/counters.h"
#include "bind/definitions.h"
#include "bind/images.h"
#include "bind/linked_in.h"
#include "bind/own_threads.h"
#include "bind/rebound.h"
#include "bind/slots.h"
#include "bind/stub_pool.h"
#include "code/called_word.h"
#include "dynlink/elf_object.h"
#include "dynlink/objects.h"
#include "dynlink/preloads.h"
#include "format/image.h"
#include "format/record.h"

enum { WORDS = 4096 }; /* limit: WORDS_FULL */

/* --- stubs --- */

extern const char hg_inside_stubs[HG_INSIDE_STUBS][HG_POOL_STUB_SIZE];
extern uint64_t hg_inside_slots[HG_INSIDE_STUBS]; /* each with HG_CALLED_INSIDE */

static unsigned stubs_used;

/* The slot that a stub for inside calls belongs to; null: it is no such stub. */
static struct hg_slot *slot_of(const void *stub)
{
	uint64_t at = (uint64_t)stub - (uint64_t)hg_inside_stubs;
	return at < sizeof hg_inside_stubs
	           ? (struct hg_slot *)(hg_inside_slots[at / HG_POOL_STUB_SIZE] & ~HG_CALLED_INSIDE)
	           : NULL;
}

static const void *stub_of(const struct hg_slot *slot)
{
	uint64_t word = (uint64_t)slot | HG_CALLED_INSIDE;
	unsigned i = 0;
	while (i < stubs_used && hg_inside_slots[i] != word)
		i++;
	if (i == HG_INSIDE_STUBS) {
		hg_count(HG_COUNTER_INSIDE_STUBS);
		return NULL;
	}
	if (i == stubs_used)
		hg_inside_slots[stubs_used++] = word;
	return hg_inside_stubs[i];
}

/* --- which GOT slots --- */

struct rebinding {
	const struct hg_objects *objects;
	unsigned number;
	struct hg_called_words called; /* the slots for code through which nothing is done but call */
	struct hg_own_word *own;       /* all through which it calls its own */
	unsigned own_count;
};

/* Where the program, or what stands before the preload object, defines the function, the library calls that one. */
static bool is_preempted(const struct hg_objects *objects, const char *name)
{
	struct hg_wanted wanted = hg_wanted_name(name);
	for (unsigned i = 0; i < objects->count && !hg_scope_is_library(objects, i); i++)
		if (!hg_image_within(objects->list[i].low, objects->list[i].high) &&
		    hg_object_next(&objects->list[i], &wanted, NULL))
			return true;
	return false;
}

struct stub_search {
	const char *name;
	uint64_t at;
	bool found;
};

static bool look_for_stub(const struct hg_got_slot *word, void *argument)
{
	struct stub_search *search = argument;
	const ElfW(Sym) *symbol = &word->object->symbols[word->symbol];
	search->found = symbol->st_shndx == SHN_UNDEF && symbol->st_value &&
	                (uint64_t)hg_object_address(word->object, symbol) == search->at &&
	                strcmp(word->name, search->name) == 0;
	return !search->found;
}

/* Where a program at a fixed place takes a function's address, all others get that of its own stub for it. */
static bool is_programs_stub(const struct hg_objects *objects, const struct hg_got_slot *word)
{
	const struct hg_object *program = &objects->list[0];
	struct stub_search search = {.name = word->name, .at = hg_got_slot_function(word)};
	if (search.at - program->low < program->high - program->low)
		hg_got_slots_each(program, look_for_stub, &search);
	return search.found;
}

/* Whether the word means a function of the library itself, or of another object of its manifest's. */
static bool means_own(const struct rebinding *rebinding, const struct hg_got_slot *word, struct hg_slot *slot,
                      struct hg_found *found)
{
	const struct hg_objects *objects = rebinding->objects;
	struct hg_wanted wanted = hg_wanted_name(word->name);
	wanted.version = hg_object_version_used(word->object, word->symbol);
	const void *function = (const void *)hg_got_slot_function(word);
	bool open = function == hg_definitions_stub(objects, slot) || slot_of(function) ||
	            (hg_got_slot_is_lazy(word) && !is_preempted(objects, word->name)) ||
	            is_programs_stub(objects, word);
	if (!open || !hg_scope_find(objects, rebinding->number, &wanted, found))
		return false;
	return found->object == rebinding->number || hg_image_names(slot, &objects->list[rebinding->number]);
}

static void rebind_to_own(const struct rebinding *rebinding, const struct hg_got_slot *word, struct hg_slot *slot,
                          const struct hg_found *found)
{
	const struct hg_objects *objects = rebinding->objects;
	void *real = hg_object_function(&objects->list[found->object], found->symbol);
	const void *to = real;
	if (slot->roles != HG_ROLE_OP) {
		struct hg_slot *bound = slot->binding == HG_BINDING_AMBIGUOUS
		                            ? hg_definitions_bind(slot, objects, found->object, real)
		                            : slot;
		to = bound ? stub_of(bound) : NULL;
	}
	if (to)
		hg_got_slot_rebind(word, to);
}

static bool collect(const struct hg_got_slot *word, void *argument)
{
	struct rebinding *rebinding = argument;
	struct hg_slot *slot = hg_find_slot(word->name);
	struct hg_found found;
	if (!slot || !means_own(rebinding, word, slot, &found))
		return true;
	if (rebinding->own_count == WORDS) {
		hg_count(HG_COUNTER_WORDS_FULL);
		return true;
	}
	rebinding->own[rebinding->own_count++] = (struct hg_own_word){(uint64_t)word->at, hg_name_hash(word->name)};
	if (word->in_code)
		rebinding->called.at[rebinding->called.count++] = (uint64_t)word->at;
	return true;
}

static bool rebind(const struct hg_got_slot *word, void *argument)
{
	const struct rebinding *rebinding = argument;
	struct hg_slot *slot = hg_find_slot(word->name);
	struct hg_found found;
	if (!slot)
		hg_own_threads_rebind(rebinding->objects, word);
	else if ((word->only_calls || hg_called_word_at(&rebinding->called, (uint64_t)word->at)) &&
	         means_own(rebinding, word, slot, &found))
		rebind_to_own(rebinding, word, slot, &found);
	return true;
}

/* Through the slots of such an object both sides call: who it was is asked each time. */
static bool rebind_threads(const struct hg_got_slot *word, void *argument)
{
	const struct rebinding *rebinding = argument;
	if (!hg_find_slot(word->name))
		hg_own_threads_rebind(rebinding->objects, word);
	return true;
}

static void find_called(const struct hg_object *object, struct hg_called_words *called)
{
	called->low = UINT64_MAX;
	for (unsigned i = 0; i < called->count; i++) {
		called->low = called->at[i] < called->low ? called->at[i] : called->low;
		called->high = called->at[i] >= called->high ? called->at[i] + sizeof *called->at : called->high;
	}
	if (!called->count)
		return;
	hg_find_taken_words(object->code_low, object->code_high, called);
}

/* The index of .eh_frame: version, three encodings, a pointer, the count, then pairs of addresses that count from the
 * index; as all linkers encode it. (Linux Standard Base 5.0, core, 10.6.2.) */
static struct hg_code code_of(const struct hg_object *object)
{
	struct hg_code code = {.low = object->code_low, .high = object->code_high};
	const uint8_t *index = object->unwind_index;
	enum { VERSION = 1, POINTER = 0x1b, COUNT = 0x03, TABLE = 0x3b, HEADER = 12 }; /* no limit: the format */
	if (!index || index[0] != VERSION || index[1] != POINTER || index[2] != COUNT || index[3] != TABLE)
		return code;
	code.base = (uint64_t)index;
	code.start_count = *(const uint32_t *)(index + 8);
	code.starts = (const int32_t *)(index + HEADER);
	return code;
}

void hg_inside_rebind(const struct hg_objects *objects, unsigned number)
{
	static struct hg_own_word own[WORDS];
	static uint64_t called[WORDS];
	const struct hg_object *object = &objects->list[number];
	struct rebinding rebinding = {.objects = objects, .number = number, .called = {.at = called}, .own = own};
	const struct hg_rebound *known = hg_rebound_at(object->low);
	const struct hg_side_ranges *linked = known ? known->linked : hg_linked_in(object);
	hg_got_slots_each(object, collect, &rebinding);
	if (!linked)
		find_called(object, &rebinding.called);
	hg_got_slots_each(object, linked ? rebind_threads : rebind, &rebinding);
	if (!known)
		hg_note_rebound(object, code_of(object), linked, own, rebinding.own_count);
}

void hg_inside_note_words(const struct hg_object *object, const struct hg_own_word *words, unsigned count)
{
	static const struct hg_side_ranges unknown; /* all of it */
	static struct hg_own_word all[WORDS];
	const struct hg_rebound *known = hg_rebound_at(object->low);
	const struct hg_side_ranges *linked = known && known->linked ? known->linked : hg_linked_in(object);
	unsigned before = known ? known->count : 0;
	if (before + count > WORDS) {
		hg_count(HG_COUNTER_WORDS_FULL);
		return;
	}
	for (unsigned i = 0; i < before + count; i++)
		all[i] = i < before ? known->words[i] : words[i - before];
	hg_note_rebound(object, code_of(object), linked ? linked : &unknown, all, before + count);
}
