#include "protocol/tables.h"

#include "base/counters.h"
#include "base/memory.h"
#include "base/options.h"
#include "format/image.h"
#include "protocol/guard.h"
#include "protocol/guard_word.h"
#include "protocol/recent.h"
#include "record/recording.h"
#include "thread/thread.h"

enum { SPARE_SYMBOLS = 128 }; /* limit: SYMBOLS_FULL */
enum { SPARE_CLASSES = 32 };  /* limit: CLASSES_FULL */

static _Atomic unsigned expected_symbols, expected_classes;
static struct hg_arena arena;

void hg_tables_expect(unsigned symbols, unsigned classes)
{
	atomic_fetch_add(&expected_symbols, symbols);
	atomic_fetch_add(&expected_classes, classes);
}

/* A second copy of a library has classes of its own, and with it come more symbols of functions that are called, which
 * are never all. */
bool hg_tables_start(unsigned live)
{
	unsigned symbols = atomic_load(&expected_symbols), classes = atomic_load(&expected_classes);
	return hg_recording_create(&hg_options, &(struct hg_recording_room){.symbols = 2 * symbols + SPARE_SYMBOLS,
	                                                                    .classes = 3 * classes + SPARE_CLASSES,
	                                                                    .sure_symbols = symbols,
	                                                                    .sure_classes = classes,
	                                                                    .live = live});
}

static void *table(enum hg_extent_type type)
{
	unsigned count;
	return hg_recording_table(type, &count);
}

/* The recording's folders of one manifest share its name's text: manifests come one after the other. */
static uint32_t manifest_text(const char *name)
{
	static const char *latest;
	static uint32_t text;
	if (latest != name) {
		latest = name;
		text = hg_recording_text(name);
	}
	return text;
}

static uint32_t patterns_text(const char *manifest, const char *patterns)
{
	static const char *latest;
	static uint32_t text;
	if (latest != manifest) {
		latest = manifest;
		text = patterns ? hg_recording_text(patterns) : 0;
	}
	return text;
}

static const struct hg_class *_Atomic with_roots;

static bool give_root(struct hg_class *class)
{
	struct hg_guard *root = hg_arena_take(&arena, sizeof *root + sizeof(struct hg_guard_more));
	if (!root)
		return false;
	root->class = class;
	atomic_store(&root->word, hg_word(1, HG_WORD_LIVE | HG_WORD_SHARED));
	class->root = root;
	class->next = atomic_load(&with_roots);
	while (!atomic_compare_exchange_weak(&with_roots, &class->next, class))
		;
	return true;
}

const struct hg_class *hg_classes_with_roots(void)
{
	return atomic_load(&with_roots);
}

const struct hg_class *hg_class_add(const struct hg_class_description *description)
{
	struct hg_record_class *record = hg_recording_append(HG_EXTENT_CLASSES);
	struct hg_class *class = record ? hg_arena_take(&arena, sizeof *class) : NULL;
	if (!class) {
		hg_count(HG_COUNTER_CLASSES_FULL);
		return NULL;
	}
	/* Where it is refused, the limit is not watched. */
	class->live = description->limit ? hg_arena_take(&arena, sizeof *class->live) : NULL;
	class->limit = class->live ? description->limit : 0;
	class->recent = description->flags & HG_CLASS_RECENT ? hg_arena_take(&arena, sizeof *class->recent) : NULL;
	class->index = (uint32_t)(record - (struct hg_record_class *)table(HG_EXTENT_CLASSES));
	class->flags = description->flags;
	class->drain = description->drain ? description->drain - 1 : hg_options.drain;
	class->deadline_ns = UINT64_C(1000000) * (description->deadline_ms < 0 ? hg_options.deadline_ms
	                                                                       : (uint64_t)description->deadline_ms);
	class->after_deadline =
	    description->after_deadline ? description->after_deadline - 1 : hg_options.after_deadline;
	class->nones = description->nones;
	class->none_count = description->none_count;
	class->mask = description->mask;
	class->name = description->name;
	class->kept = description->kept;
	if (class->flags & HG_CLASS_TORN_DOWN && !give_root(class))
		return NULL;
	record->name = hg_recording_text(description->name);
	record->flags = class->flags;
	record->deadline_ns = class->deadline_ns;
	record->drain = class->drain;
	record->manifest = manifest_text(description->manifest);
	record->limit = class->limit;
	record->after_deadline = class->after_deadline;
	return class;
}

bool hg_class_mean(const struct hg_class *parent, const struct hg_class *child, unsigned map, enum hg_children children)
{
	struct hg_class *class = (struct hg_class *)parent;
	struct hg_means *means = (struct hg_means *)atomic_load(&class->means);
	while (means && means->child != child)
		means = (struct hg_means *)means->next;
	if (!means) {
		means = hg_arena_take(&arena, sizeof *means);
		if (!means)
			return false;
		means->child = child;
		means->next = atomic_load(&class->means);
		atomic_store(&class->means, means);
	}
	means->children[map] = (uint8_t)children;
	return true;
}

bool hg_children_map_can(const struct hg_class *parent, enum hg_children said, enum hg_children wanted)
{
	const struct hg_means *means = atomic_load(&parent->means);
	while (means && means->children[said - HG_CHILDREN_BY_CLASS] != wanted)
		means = means->next;
	/* A class that no map names. */
	return means || wanted == HG_CHILDREN_ORPHANED;
}

void hg_manifest_add(const struct hg_manifest_description *description)
{
	struct hg_record_manifest *record = hg_recording_append(HG_EXTENT_MANIFESTS);
	if (!record) {
		hg_count(HG_COUNTER_NAMES_FULL);
		return;
	}
	record->name = manifest_text(description->name);
	record->patterns = patterns_text(description->name, description->patterns);
	record->unguarded = hg_recording_text(description->unguarded);
	record->hash = description->hash;
	__atomic_store_n(&record->state, 1, __ATOMIC_RELEASE);
}

uint32_t hg_symbol_add(const struct hg_symbol_description *description)
{
	struct hg_record_symbol *record = hg_recording_append(HG_EXTENT_SYMBOLS);
	if (!record) {
		hg_count(HG_COUNTER_SYMBOLS_FULL);
		return UINT32_MAX;
	}
	record->name = hg_recording_text(description->name);
	record->class_index = description->class_index;
	record->roles = description->roles;
	record->flags = description->flags;
	record->slot = (uint64_t)description->slot;
	record->manifest = manifest_text(description->manifest);
	record->patterns = patterns_text(description->manifest, description->patterns);
	__atomic_store_n(&record->state, description->state, __ATOMIC_RELEASE);
	return (uint32_t)(record - (struct hg_record_symbol *)table(HG_EXTENT_SYMBOLS));
}

void hg_symbol_bind(uint32_t symbol, const void *real, const char *library)
{
	struct hg_record_symbol *record = (struct hg_record_symbol *)table(HG_EXTENT_SYMBOLS) + symbol;
	if (library)
		record->library = hg_recording_text(*library ? library : hg_recording->executable);
	record->real = (uint64_t)real;
	__atomic_store_n(&record->state, real ? HG_SYMBOL_BOUND : HG_SYMBOL_MISSING, __ATOMIC_RELEASE);
}

void hg_symbol_add_flag(uint32_t symbol, uint32_t flag)
{
	struct hg_record_symbol *record = (struct hg_record_symbol *)table(HG_EXTENT_SYMBOLS) + symbol;
	__atomic_fetch_or(&record->flags, flag, __ATOMIC_RELAXED);
}

void hg_symbol_led(uint32_t symbol)
{
	struct hg_record_symbol *record = (struct hg_record_symbol *)table(HG_EXTENT_SYMBOLS) + symbol;
	if (__atomic_load_n(&record->flags, __ATOMIC_RELAXED) >> HG_SYMBOL_LED_SHIFT < HG_SYMBOL_LED_MOST)
		__atomic_fetch_add(&record->flags, UINT32_C(1) << HG_SYMBOL_LED_SHIFT, __ATOMIC_RELAXED);
}

uint32_t hg_symbol_of_slot(const void *slot)
{
	unsigned count;
	const struct hg_record_symbol *symbols = hg_recording_table(HG_EXTENT_SYMBOLS, &count);
	for (uint32_t i = 0; i < count; i++)
		if (__atomic_load_n(&symbols[i].state, __ATOMIC_ACQUIRE) && symbols[i].slot == (uint64_t)slot)
			return i;
	return UINT32_MAX;
}

static void add(struct hg_context *context, const struct hg_class *class, enum hg_class_counter counter, uint64_t step)
{
	_Atomic uint64_t *at = &context->counters[hg_class_counter_index(class->index, counter)];
	atomic_store_explicit(at, atomic_load_explicit(at, memory_order_relaxed) + step, memory_order_relaxed);
}

void hg_count_class(struct hg_context *context, const struct hg_class *class, enum hg_class_counter counter)
{
	add(context, class, counter, 1);
}

void hg_uncount_class(struct hg_context *context, const struct hg_class *class, enum hg_class_counter counter)
{
	add(context, class, counter, UINT64_MAX);
}
