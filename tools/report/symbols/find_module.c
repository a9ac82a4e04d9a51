#include "report/symbols/find_module.h"

static bool was_there(const struct hg_record_module *module, uint64_t ticks)
{
	return module->loaded_ticks <= ticks && (module->unloaded_ticks == 0 || ticks <= module->unloaded_ticks);
}

/* Whether `other` fits that time better than `module`; neither was seen there then. */
static bool is_nearer(const struct hg_record_module *other, const struct hg_record_module *module, uint64_t ticks)
{
	if (module->loaded_ticks <= ticks)
		return true;
	return other->loaded_ticks > ticks && other->loaded_ticks < module->loaded_ticks;
}

const struct hg_record_module *hg_find_module(const struct hg_reader *reader, uint64_t pc, uint64_t ticks)
{
	const struct hg_record_module *best = NULL;
	uint64_t limit = hg_reader_limit(reader, HG_EXTENT_MODULES);

	for (uint64_t i = 0; i < limit; i++) {
		const struct hg_record_module *module = hg_reader_module(reader, i);
		if (!module || pc < module->low || pc >= module->high)
			continue;
		if (was_there(module, ticks))
			return module;
		if (!best || is_nearer(module, best, ticks))
			best = module;
	}
	return best;
}
