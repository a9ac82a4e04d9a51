#include "inside.h"

#include <string.h>

#include "called_word.h"
#include "code_run.h"
#include "copies.h"
#include "steps.h"
#include "survey.h"

enum { WORDS = 4096 }; /* limit: WORDS_FULL */

struct own_word {
	uint64_t at;
	uint32_t name; /* hash of the function's */
};

/* A library whose words have been led. Never given up: guarded libraries stay loaded. */
struct led {
	struct led *next;
	uint64_t low, size;
	struct hg_code code;
	struct hg_runs runs; /* of the code */
	unsigned count;
	struct own_word words[]; /* through which it calls its own, sorted by address */
};

static struct hg_arena arena;
static struct led *_Atomic all_led;

static const struct led *led_at(uint64_t address)
{
	const struct led *led = atomic_load_explicit(&all_led, memory_order_acquire);
	while (led && address - led->low >= led->size)
		led = led->next;
	return led;
}

/* --- stubs --- */

extern const char hg_inside_stubs[HG_INSIDE_STUBS][HG_SPARE_STUB_SIZE];
extern uint64_t hg_inside_slots[HG_INSIDE_STUBS]; /* each with HG_CALLED_INSIDE */

static unsigned stubs_used;

struct hg_slot *hg_inside_slot(const void *stub)
{
	uint64_t at = (uint64_t)stub - (uint64_t)hg_inside_stubs;
	return at < sizeof hg_inside_stubs
	           ? (struct hg_slot *)(hg_inside_slots[at / HG_SPARE_STUB_SIZE] & ~HG_CALLED_INSIDE)
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

/* --- which words --- */

static uint32_t hash_of(const char *name)
{
	uint32_t hash = 5381;
	for (; *name; name++)
		hash = hash * 33 + (unsigned char)*name;
	return hash;
}

struct leading {
	const struct hg_objects *objects;
	unsigned number;
	struct hg_called_words called; /* the words for code through which nothing is done but call */
	struct own_word *own;          /* all of its own words */
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

static bool look_for_stub(const struct hg_word *word, void *argument)
{
	struct stub_search *search = argument;
	const ElfW(Sym) *symbol = &word->object->symbols[word->symbol];
	search->found = symbol->st_shndx == SHN_UNDEF && symbol->st_value &&
	                (uint64_t)hg_object_address(word->object, symbol) == search->at &&
	                strcmp(word->name, search->name) == 0;
	return !search->found;
}

/* Where a program at a fixed place takes a function's address, all others get that of its own stub for it. */
static bool is_programs_stub(const struct hg_objects *objects, const struct hg_word *word)
{
	const struct hg_object *program = &objects->list[0];
	struct stub_search search = {.name = word->name, .at = hg_word_function(word)};
	if (search.at - program->low < program->high - program->low)
		hg_words_each(program, look_for_stub, &search);
	return search.found;
}

/* Whether the word means a function of the library itself, or of another object of its manifest's. */
static bool means_own(const struct leading *leading, const struct hg_word *word, struct hg_slot *slot,
                      struct hg_found *found)
{
	const struct hg_objects *objects = leading->objects;
	struct hg_wanted wanted = hg_wanted_name(word->name);
	wanted.version = hg_object_version_used(word->object, word->symbol);
	const void *function = (const void *)hg_word_function(word);
	bool open = function == hg_survey_stub(objects, slot) || hg_inside_slot(function) ||
	            (hg_word_is_lazy(word) && !is_preempted(objects, word->name)) || is_programs_stub(objects, word);
	if (!open || !hg_scope_find(objects, leading->number, &wanted, found))
		return false;
	return found->object == leading->number || hg_image_names(slot, &objects->list[leading->number]);
}

static void lead_to_own(const struct leading *leading, const struct hg_word *word, struct hg_slot *slot,
                        const struct hg_found *found)
{
	const struct hg_objects *objects = leading->objects;
	void *real = hg_object_function(&objects->list[found->object], found->symbol);
	const void *to = real;
	if (slot->roles != HG_ROLE_OP) {
		struct hg_slot *bound =
		    slot->binding == HG_BINDING_CROWDED ? hg_survey_bind(slot, objects, found->object, real) : slot;
		to = bound ? stub_of(bound) : NULL;
	}
	if (to)
		hg_word_lead(word, to);
}

static bool collect(const struct hg_word *word, void *argument)
{
	struct leading *leading = argument;
	struct hg_slot *slot = hg_find_slot(word->name);
	struct hg_found found;
	if (!slot || !means_own(leading, word, slot, &found))
		return true;
	if (leading->own_count == WORDS) {
		hg_count(HG_COUNTER_WORDS_FULL);
		return true;
	}
	leading->own[leading->own_count++] = (struct own_word){(uint64_t)word->at, hash_of(word->name)};
	if (word->in_code)
		leading->called.at[leading->called.count++] = (uint64_t)word->at;
	return true;
}

static bool lead(const struct hg_word *word, void *argument)
{
	const struct leading *leading = argument;
	struct hg_slot *slot = hg_find_slot(word->name);
	struct hg_found found;
	if (!slot)
		hg_own_threads_lead(leading->objects, word);
	else if ((word->only_calls || hg_called_word_at(&leading->called, (uint64_t)word->at)) &&
	         means_own(leading, word, slot, &found))
		lead_to_own(leading, word, slot, &found);
	return true;
}

static void sort(struct own_word *words, unsigned count)
{
	for (unsigned i = 1; i < count; i++) {
		struct own_word word = words[i];
		unsigned at = i;
		for (; at > 0 && words[at - 1].at > word.at; at--)
			words[at] = words[at - 1];
		words[at] = word;
	}
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

static void note_led(const struct hg_object *object, const struct leading *leading)
{
	struct led *led = hg_arena_take(&arena, sizeof *led + leading->own_count * sizeof *led->words);
	if (!led)
		return;
	led->next = atomic_load(&all_led);
	led->low = object->low;
	led->size = object->high - object->low;
	led->code = code_of(object);
	led->code.runs = &led->runs;
	led->count = leading->own_count;
	hg_copy(led->words, leading->own, leading->own_count * sizeof *led->words);
	sort(led->words, led->count);
	atomic_store_explicit(&all_led, led, memory_order_release);
}

void hg_inside_lead(const struct hg_objects *objects, unsigned number)
{
	static struct own_word own[WORDS];
	static uint64_t called[WORDS];
	const struct hg_object *object = &objects->list[number];
	struct leading leading = {.objects = objects, .number = number, .called = {.at = called}, .own = own};
	hg_words_each(object, collect, &leading);
	find_called(object, &leading.called);
	hg_words_each(object, lead, &leading);
	if (!led_at(object->low))
		note_led(object, &leading);
}

/* --- a call --- */

static const struct own_word *own_word_at(const struct led *led, uint64_t word)
{
	unsigned low = 0, high = led->count;
	while (low < high) {
		unsigned middle = low + (high - low) / 2;
		if (led->words[middle].at == word)
			return &led->words[middle];
		if (led->words[middle].at < word)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

struct question {
	const struct led *led;
	uint32_t name; /* hash of the function's that was called */
};

static bool is_own_word(uint64_t word, const void *argument)
{
	const struct question *question = argument;
	const struct own_word *own = own_word_at(question->led, word);
	return own && own->name == question->name;
}

/* A function that ends by jumping to another one leaves no return address of its own: the other seems to be called by
 * the trampoline that called the first. Null: it is not known which. */
static const struct hg_slot *outer_slot(const struct hg_call *call)
{
	uint64_t outer = ((const uint64_t *)call->fp)[0];
	for (const struct hg_frame *frame = NULL; call->context && (frame = hg_frame_before(call->context, frame));)
		if (frame->fp == outer && hg_frame_used(frame))
			return (const struct hg_slot *)frame->slot;
	return NULL;
}

const struct hg_slot *hg_ended_in_jump(const struct hg_call *call)
{
	uint64_t site = hg_call_site(call);
	bool trampoline = site >= (uint64_t)hg_trampoline && site < (uint64_t)hg_trampolines_end;
	return trampoline ? outer_slot(call) : NULL;
}

/* The function that was entered last by a call, not by a jump; 0: it is none of a library whose words are led. */
static uint64_t entered_last(const struct hg_call *call, uint64_t site)
{
	const struct hg_slot *outer = hg_ended_in_jump(call);
	if (outer)
		return (uint64_t)outer->real;
	return hg_inside_thread_base(site) ? hg_inside_thread_routine() : 0;
}

bool hg_inside_call(const struct hg_call *call)
{
	uint64_t site = hg_call_site(call), function = entered_last(call, site);
	const struct led *led = led_at(function ? function : site);
	struct question question = {.led = led};
	struct hg_entry_state entry;
	/* A start routine beyond the library that takes it is the function; and while a library is being loaded its
	 * words are not led yet. */
	if (!led)
		return function ? hg_inside_thread_base(site)
		                : site - call->slot->library_low < call->slot->library_size;
	question.name = hash_of(HG_IMAGE_TEXT(hg_image_of(call->slot), call->slot->name));
	hg_entry_state_of(call, &entry);
	uint64_t word = function ? 0 : hg_called_word(&led->code, &entry, &function);
	return (word && is_own_word(word, &question)) ||
	       (function && hg_jumps_through(&led->code, &entry, function, is_own_word, &question));
}

bool hg_inside_same(uint64_t address, uint64_t other)
{
	const struct led *led = led_at(address);
	return led && other - led->low < led->size;
}

bool hg_inside_takes(uint64_t address, const void *function)
{
	const struct led *led = led_at(address);
	for (unsigned i = 0; led && i < led->count; i++)
		if (__atomic_load_n((uint64_t *)led->words[i].at, __ATOMIC_ACQUIRE) == (uint64_t)function)
			return true;
	return false;
}
