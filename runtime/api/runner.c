/* What runners of tests tell the runtime, and ask it. They look these functions up, so that they run without it as
 * well. */
#include "api/handleguard.h"
#include "api/start.h"
#include "base/sys.h"
#include "finding/finding.h"
#include "record/labels.h"
#include "record/recording.h"

#define PUBLIC __attribute__((visibility("default")))

PUBLIC void handleguard_label(const char *label)
{
	if (hg_process_start())
		hg_label_set(label);
}

struct texts {
	const struct hg_record_class *classes;
	const struct hg_record_symbol *symbols;
	const char *strings;
	unsigned class_count, symbol_count, size;
};

static const char *function_of(const struct texts *texts, uint32_t symbol)
{
	return symbol < texts->symbol_count ? texts->strings + texts->symbols[symbol].name : "";
}

static const char *class_of(const struct texts *texts, uint32_t class)
{
	return class < texts->class_count ? texts->strings + texts->classes[class].name : "";
}

static handleguard_alike alike_of(const struct texts *texts, const struct hg_record_site *site, uint32_t id)
{
	static const char *const levels[] = {
	    [HG_LEVEL_NOTE] = "note", [HG_LEVEL_WARNING] = "warning", [HG_LEVEL_ERROR] = "error"};
	return (handleguard_alike){.id = id,
	                           .count = __atomic_load_n(&site->count, __ATOMIC_RELAXED),
	                           .kind = hg_kind_text(site->kind),
	                           .level = levels[hg_kind_level(site->kind)],
	                           .class_name = class_of(texts, site->class_index),
	                           .function = function_of(texts, site->symbol),
	                           .other_function = function_of(texts, site->other_symbol)};
}

static bool is_complete(const struct hg_record_site *site)
{
	return __atomic_load_n(&site->first_ticks, __ATOMIC_ACQUIRE) && __atomic_load_n(&site->count, __ATOMIC_RELAXED);
}

static uint64_t sum(const struct hg_record_site *sites, unsigned room)
{
	uint64_t count = 0;
	for (unsigned i = 0; i < room; i++)
		count += is_complete(&sites[i]) ? __atomic_load_n(&sites[i].count, __ATOMIC_RELAXED) : 0;
	return count;
}

PUBLIC uint64_t handleguard_findings(uint64_t after, void (*tell)(const handleguard_alike *, void *), void *argument)
{
	struct texts texts;
	unsigned room;
	if (!hg_process_start())
		return 0;
	const struct hg_record_site *sites = hg_recording_table(HG_EXTENT_SITES, &room);
	texts.strings = hg_recording_table(HG_EXTENT_STRINGS, &texts.size);
	texts.classes = hg_recording_table(HG_EXTENT_CLASSES, &texts.class_count);
	texts.symbols = hg_recording_table(HG_EXTENT_SYMBOLS, &texts.symbol_count);
	uint64_t count = sum(sites, room);
	for (unsigned i = 0; i < room && count > after && tell; i++) {
		if (!is_complete(&sites[i]))
			continue;
		handleguard_alike alike = alike_of(&texts, &sites[i], i);
		tell(&alike, argument);
	}
	return count;
}
