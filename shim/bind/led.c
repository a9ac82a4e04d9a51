#include "bind/led.h"

#include <stdatomic.h>
#include <stddef.h>

#include "base/memory.h"

static struct hg_arena arena;
static struct hg_led *_Atomic all_led;

const struct hg_led *hg_led_at(uint64_t address)
{
	const struct hg_led *led = atomic_load_explicit(&all_led, memory_order_acquire);
	while (led && address - led->low >= led->size)
		led = led->next;
	return led;
}

uint32_t hg_name_hash(const char *name)
{
	uint32_t hash = 5381;
	for (; *name; name++)
		hash = hash * 33 + (unsigned char)*name;
	return hash;
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

void hg_note_led(const struct hg_object *object, struct hg_code code, const struct hg_own_word *own, unsigned count)
{
	struct hg_led *led = hg_arena_take(&arena, sizeof *led + count * sizeof *led->words);
	if (!led)
		return;
	led->next = atomic_load(&all_led);
	led->low = object->low;
	led->size = object->high - object->low;
	led->code = code;
	led->code.runs = &led->runs;
	led->count = count;
	hg_copy(led->words, own, count * sizeof *led->words);
	sort(led->words, led->count);
	atomic_store_explicit(&all_led, led, memory_order_release);
}

const struct hg_own_word *hg_own_word_at(const struct hg_led *led, uint64_t word)
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

bool hg_inside_same(uint64_t address, uint64_t other)
{
	const struct hg_led *led = hg_led_at(address);
	return led && other - led->low < led->size;
}

bool hg_inside_takes(uint64_t address, const void *function)
{
	const struct hg_led *led = hg_led_at(address);
	for (unsigned i = 0; led && i < led->count; i++)
		if (__atomic_load_n((uint64_t *)led->words[i].at, __ATOMIC_ACQUIRE) == (uint64_t)function)
			return true;
	return false;
}
