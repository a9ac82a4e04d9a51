#include "bind/rebound.h"

#include <stdatomic.h>
#include <stddef.h>

#include "base/memory.h"
#include "format/image.h"

static struct hg_arena arena;
static struct hg_rebound *_Atomic all_rebound;

const struct hg_rebound *hg_rebound_at(uint64_t address)
{
	const struct hg_rebound *rebound = atomic_load_explicit(&all_rebound, memory_order_acquire);
	while (rebound && address - rebound->low >= rebound->size)
		rebound = rebound->next;
	return rebound;
}

static void sort(struct hg_own_word *words, unsigned count)
{
	for (unsigned i = 1; i < count; i++) {
		struct hg_own_word word = words[i];
		unsigned at = i;
		for (; at > 0 && words[at - 1].at > word.at; at--)
			words[at] = words[at - 1];
		words[at] = word;
	}
}

void hg_note_rebound(const struct hg_object *object, struct hg_code code, const struct hg_side_ranges *linked,
                     const struct hg_own_word *own, unsigned count)
{
	struct hg_rebound *rebound = hg_arena_take(&arena, sizeof *rebound + count * sizeof *rebound->words);
	if (!rebound)
		return;
	rebound->next = atomic_load(&all_rebound);
	rebound->low = object->low;
	rebound->size = object->high - object->low;
	rebound->code = code;
	rebound->code.runs = &rebound->runs;
	rebound->linked = linked;
	rebound->count = count;
	hg_copy(rebound->words, own, count * sizeof *rebound->words);
	sort(rebound->words, rebound->count);
	atomic_store_explicit(&all_rebound, rebound, memory_order_release);
}

const struct hg_own_word *hg_own_word_at(const struct hg_rebound *rebound, uint64_t word)
{
	unsigned low = 0, high = rebound->count;
	while (low < high) {
		unsigned middle = low + (high - low) / 2;
		if (rebound->words[middle].at == word)
			return &rebound->words[middle];
		if (rebound->words[middle].at < word)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

struct led {
	struct led *next;
	struct hg_own_word word;
};

static struct led *_Atomic all_led;

void hg_note_led(const uint64_t *word, const char *name)
{
	struct led *led = hg_arena_take(&arena, sizeof *led);
	if (!led)
		return;
	*led = (struct led){atomic_load(&all_led), {(uint64_t)word, hg_name_hash(name)}};
	atomic_store_explicit(&all_led, led, memory_order_release);
}

uint32_t hg_led_name(uint64_t word)
{
	const struct led *led = atomic_load_explicit(&all_led, memory_order_acquire);
	while (led && led->word.at != word)
		led = led->next;
	return led ? led->word.name : 0;
}

bool hg_inside_same(uint64_t address, uint64_t other)
{
	const struct hg_rebound *rebound = hg_rebound_at(address);
	return rebound && other - rebound->low < rebound->size;
}

bool hg_inside_takes(uint64_t address, const void *function)
{
	const struct hg_rebound *rebound = hg_rebound_at(address);
	for (unsigned i = 0; rebound && i < rebound->count; i++)
		if (__atomic_load_n((uint64_t *)rebound->words[i].at, __ATOMIC_ACQUIRE) == (uint64_t)function)
			return true;
	return false;
}
