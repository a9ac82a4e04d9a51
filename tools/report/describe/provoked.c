#include "report/describe/provoked.h"

#include <inttypes.h>

#include "report/describe/describe.h"
#include "report/model/names.h"

enum { US = 1000, MS = 1000000 };

struct hg_provoked *hg_describe_provoked(struct hg_model *model, const struct hg_recording *recording,
                                         const struct hg_record_party *party)
{
	struct hg_provoked *provoked = hg_model_take(model, sizeof(*provoked));
	uint32_t point = party->flags / HG_PARTY_POINT, came = (uint32_t)party->value;

	provoked->function = hg_describe_symbol(model, recording, party->symbol);
	provoked->site = hg_model_string(model, hg_reader_text(&recording->reader, party->class_index));
	provoked->point = point < HG_POINTS ? point : HG_POINT_BEFORE;
	provoked->call = party->claims;
	provoked->held_ns = (party->value >> HG_HELD_LONG) * US;
	provoked->came = came != HG_HELD_NOT_CAME;
	provoked->came_ns = provoked->came ? (uint64_t)came * US : 0;
	return provoked;
}

const char *hg_replay_line(struct hg_model *model, const struct hg_resolved_finding *finding)
{
	const struct hg_provoked *provoked = finding->provoked;

	return hg_model_printf(model, "hit %s %c %" PRIu32 " %" PRIu64 " %s", provoked->site,
	                       HG_POINT_LETTERS[provoked->point], provoked->call, provoked->held_ns / MS + 1,
	                       hg_kind_name(finding->kind));
}

void hg_story_provoked(const struct hg_story *story)
{
	static const char *const where[] = {[HG_POINT_BEFORE] = "before it entered",
	                                    [HG_POINT_IN] = "in flight, before the library was called",
	                                    [HG_POINT_CLAIM] = "before it began",
	                                    [HG_POINT_AFTER] = "when the handle was gone",
	                                    [HG_POINT_LEAVE] = "when the library had returned"};
	const struct hg_provoked *provoked = story->finding->provoked;

	if (!provoked)
		return;
	fprintf(story->out, " This was provoked: %s was held back %s",
	        provoked->function ? provoked->function : "a call", where[provoked->point]);
	hg_story_duration(story, ", for ", provoked->held_ns, "");
	if (provoked->came)
		hg_story_duration(story, "; the other side came ", provoked->came_ns, " into that");
	else
		fputs("; the other side had not come by then", story->out);
	fprintf(story->out, ". To do it again: --replay with a file that says: %s",
	        hg_replay_line(story->model, story->finding));
}
