#include "inside.h"

#include "call.h"
#include "copies.h"
#include "survey.h"

enum { WORDS = 4096 };

/* A library whose words have been led. Never given up: guarded libraries stay loaded. */
struct led {
	struct led *next;
	uint64_t low, size;
	uint64_t code_low, code_high;
	unsigned count;
	uint64_t words[]; /* through which it calls its own, sorted by address */
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
	return at < sizeof hg_inside_stubs ? (struct hg_slot *)(hg_inside_slots[at / HG_SPARE_STUB_SIZE] & ~HG_CALLED_INSIDE)
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

struct leading {
	const struct hg_objects *objects;
	unsigned number;
	struct hg_called_words called; /* the words for code through which nothing is done but call */
	uint64_t *own;                 /* all of its own words */
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

/* Whether the word means a function of the library itself, or of another object of its manifest's. */
static bool means_own(const struct leading *leading, const struct hg_word *word, struct hg_slot *slot,
                      struct hg_found *found)
{
	const struct hg_objects *objects = leading->objects;
	struct hg_wanted wanted = hg_wanted_name(word->name);
	wanted.version = hg_object_version_used(word->object, word->symbol);
	const void *function = (const void *)hg_word_function(word);
	bool open = function == hg_survey_stub(objects, slot) || hg_inside_slot(function) ||
	            (hg_word_is_lazy(word) && !is_preempted(objects, word->name));
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
	if (!slot || leading->own_count == WORDS || !means_own(leading, word, slot, &found))
		return true;
	leading->own[leading->own_count++] = (uint64_t)word->at;
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

static void sort(uint64_t *words, unsigned count)
{
	for (unsigned i = 1; i < count; i++) {
		uint64_t word = words[i];
		unsigned at = i;
		for (; at > 0 && words[at - 1] > word; at--)
			words[at] = words[at - 1];
		words[at] = word;
	}
}

uint64_t *hg_called_word_at(const struct hg_called_words *words, uint64_t at)
{
	for (unsigned i = 0; i < words->count && at >= words->low && at < words->high; i++)
		if (words->at[i] == at)
			return &words->at[i];
	return NULL;
}

static void find_called(const struct hg_object *object, struct hg_called_words *called)
{
	sort(called->at, called->count);
	if (!called->count)
		return;
	called->low = called->at[0];
	called->high = called->at[called->count - 1] + sizeof *called->at;
	hg_find_taken_words(object->code_low, object->code_high, called);
}

static void note_led(const struct hg_object *object, const struct leading *leading)
{
	struct led *led = hg_arena_take(&arena, sizeof *led + leading->own_count * sizeof *led->words);
	if (!led)
		return;
	*led = (struct led){.next = atomic_load(&all_led),
	                    .low = object->low,
	                    .size = object->high - object->low,
	                    .code_low = object->code_low,
	                    .code_high = object->code_high,
	                    .count = leading->own_count};
	hg_copy(led->words, leading->own, leading->own_count * sizeof *led->words);
	sort(led->words, led->count);
	atomic_store_explicit(&all_led, led, memory_order_release);
}

void hg_inside_lead(const struct hg_objects *objects, unsigned number)
{
	static uint64_t own[WORDS], called[WORDS];
	const struct hg_object *object = &objects->list[number];
	struct leading leading = {.objects = objects, .number = number, .called = {.at = called}, .own = own};
	hg_words_each(object, collect, &leading);
	find_called(object, &leading.called);
	hg_words_each(object, lead, &leading);
	if (!led_at(object->low))
		note_led(object, &leading);
}

/* --- a call --- */

static bool has_word(const struct led *led, uint64_t word)
{
	unsigned low = 0, high = led->count;
	while (low < high) {
		unsigned middle = low + (high - low) / 2;
		if (led->words[middle] == word)
			return true;
		if (led->words[middle] < word)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

bool hg_inside_call(const struct hg_slot *slot, uint64_t site)
{
	const struct led *led = led_at(site);
	/* While the library is being loaded its words are not led yet. */
	if (!led)
		return site - slot->library_low < slot->library_size || hg_inside_thread_base(site);
	uint64_t word = hg_called_word(site, led->code_low, led->code_high);
	return word && has_word(led, word);
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
		if (__atomic_load_n((uint64_t *)led->words[i], __ATOMIC_ACQUIRE) == (uint64_t)function)
			return true;
	return false;
}
