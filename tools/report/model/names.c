#include "report/model/names.h"

#include <stddef.h>
#include <string.h>

static const struct kind {
	const char *name;
	enum hg_level level;
	const char *meaning;
} kinds[] = {
#define HG_KIND(id, name, level, when) [HG_KIND_##id] = {name, HG_LEVEL_##level, when},
#include "format/kinds.def"
#undef HG_KIND
};

static const struct counter {
	const char *name, *meaning;
} counters[] = {
#define HG_COUNTER(id, name, meaning) [HG_COUNTER_##id] = {name, meaning},
#include "format/counters.def"
#undef HG_COUNTER
};

const char *hg_kind_name(enum hg_kind kind)
{
	return kinds[kind].name;
}

const char *hg_kind_meaning(enum hg_kind kind)
{
	return kinds[kind].meaning;
}

enum hg_level hg_kind_level(enum hg_kind kind)
{
	return kinds[kind].level;
}

bool hg_kind_fails(enum hg_kind kind, enum hg_level level, enum hg_level fail_on)
{
	bool hint = kind == HG_KIND_FREE_AT_RETURN && level < HG_LEVEL_ERROR;

	return level >= fail_on && !hint;
}

const char *hg_counter_name(enum hg_counter counter)
{
	return counters[counter].name;
}

const char *hg_counter_meaning(enum hg_counter counter)
{
	return counters[counter].meaning;
}

const char *hg_level_name(enum hg_level level)
{
	return level == HG_LEVEL_ERROR ? "error" : level == HG_LEVEL_WARNING ? "warning" : "note";
}

static const char *pick(const char *const *words, size_t count, uint32_t index)
{
	return index < count ? words[index] : "?";
}

#define PICK(index, ...)                                                                                               \
	pick((const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *), index)

const char *hg_mode_name(uint32_t mode)
{
	return PICK(mode, [HG_MODE_GUARD] = "guard", [HG_MODE_OBSERVE] = "observe", [HG_MODE_ABORT] = "abort");
}

const char *hg_drain_name(uint32_t drain)
{
	return PICK(drain, [HG_DRAIN_WAIT] = "wait", [HG_DRAIN_DEFER] = "defer", [HG_DRAIN_AUTO] = "auto");
}

const char *hg_after_deadline_name(uint32_t after_deadline)
{
	return PICK(after_deadline, [HG_AFTER_DEADLINE_DEFER] = "defer", [HG_AFTER_DEADLINE_LEAK] = "leak");
}

const char *hg_fence_name(uint32_t fence)
{
	return PICK(
	    fence, [HG_FENCE_MEMBARRIER] = "membarrier", [HG_FENCE_FULL] = "full", [HG_FENCE_DEGRADED] = "degraded");
}

const char *hg_roles_name(uint32_t roles)
{
	static const char *const words[] = {"create", "op", "free", "acquire", "release", "at-exit", "table"};
	static char names[1 << sizeof(words) / sizeof(*words)][sizeof("create+op+free+acquire+release+at-exit+table")];

	if (roles == 0 || roles >= sizeof(names) / sizeof(*names))
		return roles == 0 ? "none" : "?";
	char *end = names[roles];
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if ((roles & 1u << i) != 0)
			end = stpcpy(stpcpy(end, end > names[roles] ? "+" : ""), words[i]);
	return names[roles];
}
