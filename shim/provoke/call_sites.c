#include "provoke/call_sites.h"

#include "arch/preserving.h"
#include "base/counters.h"
#include "base/memory.h"
#include "base/mix.h"
#include "bind/slots.h"
#include "entry/arguments.h"
#include "entry/event_here.h"
#include "provoke/lines.h"
#include "record/modules.h"
#include "record/recording.h"
#include "stack/depot.h"
#include "told/told_place.h"

enum { SITES = 1 << 12 }; /* limit: PROVOKE_FULL */
enum { KNOWN = 1 << 12 }; /* no limit: what is forgotten is put together again */

static struct hg_site sites[SITES];
static struct hg_arena arena;

/* The sites of calls that were met lately, by function and stack. */
static struct known {
	_Atomic uint64_t key;
	struct hg_site *_Atomic site;
} known[KNOWN];

static uint64_t key_of(const char *text, size_t length)
{
	uint64_t key = length;
	for (size_t i = 0; i < length; i++) {
		key = hg_mix(key, (unsigned char)text[i]);
		key ^= key >> 29;
	}
	return key ? key : 1;
}

static const char *kept(const char *text, size_t length)
{
	char *copy = hg_arena_take(&arena, length + 1);
	if (copy)
		hg_copy(copy, text, length);
	return copy;
}

/* Open addressing; a place once taken stays. */
struct hg_site *hg_site_named(const char *text, size_t length)
{
	uint64_t key = key_of(text, length);
	for (unsigned i = 0; i < SITES; i++) {
		struct hg_site *site = &sites[(key + i) % SITES];
		uint64_t taken = 0;
		if (!atomic_compare_exchange_strong(&site->key, &taken, key) && taken != key)
			continue;
		if (!hg_site_text(site)) {
			const char *copy = kept(text, length), *none = NULL;
			if (copy)
				atomic_compare_exchange_strong(&site->text, &none, copy);
		}
		return hg_site_text(site) ? site : NULL;
	}
	hg_count(HG_COUNTER_PROVOKE_FULL);
	return NULL;
}

static const char *base_name(const char *path)
{
	const char *base = path;
	for (; *path; path++)
		base = *path == '/' ? path + 1 : base;
	return base;
}

/* The line must stay one of words. */
static void add_word(struct hg_line *line, const char *word)
{
	for (; *word; word++)
		hg_line_add(line, *word > ' ' && *word != '@' && *word != 0x7f ? *word : '_');
}

static void add_object(struct hg_line *line, uint64_t pc)
{
	unsigned room;
	uint32_t module = hg_module_at(pc);
	const struct hg_record_module *modules = hg_recording_table(HG_EXTENT_MODULES, &room);
	const char *texts = hg_recording_table(HG_EXTENT_STRINGS, &room);
	const char *name = module == HG_NO_MODULE ? "" : base_name(texts + modules[module].path);
	/* Code that was made at run time is another one each time. */
	add_word(line, *name ? name : "-");
	hg_line_text(line, "+0x");
	hg_line_number(line, module == HG_NO_MODULE ? 0 : pc - modules[module].load_bias, 16);
}

struct making {
	const struct hg_call *call;
	struct hg_stack stack;
	struct hg_site *made;
};

static void make(void *argument)
{
	struct making *what = argument;
	const struct hg_call *call = what->call;
	struct hg_line line;
	hg_line_begin(&line);
	add_word(&line, HG_IMAGE_TEXT(hg_image_of(call->slot), call->slot->name));
	hg_line_add(&line, '@');
	add_object(&line, hg_call_site(call));
	uint64_t place = hg_told_place(what->stack.told, what->stack.told_count);
	if (place) {
		hg_line_add(&line, '#');
		hg_line_number(&line, place, 16);
	}
	if (hg_line_is_full(&line))
		hg_count(HG_COUNTER_PROVOKE_FULL);
	else
		what->made = hg_site_named(line.text, line.length);
}

struct hg_site *hg_site_of(const struct hg_call *call)
{
	struct hg_frame frame = hg_frame_of(call, 0);
	uint32_t number = hg_stack_here(call->context, &frame);
	struct making what = {.call = call, .stack = hg_depot_get(number)};
	/* Of a stack that could not be kept the call's place is known. */
	uint64_t key = hg_mix(hg_mix(1, (uint64_t)call->slot), number ? number : hg_call_site(call));
	struct known *place = &known[key >> 52];
	if (atomic_load(&place->key) == key) {
		struct hg_site *site = atomic_load(&place->site);
		if (site && atomic_load(&place->key) == key)
			return site;
	}
	hg_preserving(make, &what);
	atomic_store(&place->key, 0);
	atomic_store(&place->site, what.made);
	atomic_store(&place->key, what.made ? key : 0);
	return what.made;
}
