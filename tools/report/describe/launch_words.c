#include "report/describe/launch_words.h"

#include <inttypes.h>

#include "format/launches.h"

static const struct {
	const char *id, *words;
} reasons[HG_UNGUARDED_COUNT] = {
#define HG_UNGUARDED(reason, id, words) [HG_UNGUARDED_##reason] = {id, words},
#include "format/unguarded.def"
#undef HG_UNGUARDED
};

const char *hg_launch_text(struct hg_model *model, const struct hg_resolved_launch *launch)
{
	const char *times = launch->times == 1 ? "" : hg_model_printf(model, " %" PRIu64 " times", launch->times);

	return hg_model_printf(model, "%s, started%s by %s, ran without guards: it %s", launch->program, times,
	                       launch->starter[0] ? launch->starter : "an unknown program",
	                       reasons[launch->reason].words);
}

const char *hg_launch_reason(const struct hg_resolved_launch *launch)
{
	return reasons[launch->reason].id;
}
