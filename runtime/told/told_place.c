#include "told/told_place.h"

#include "format/record.h"
#include "format/user_place.h"
#include "record/recording.h"

uint64_t hg_told_place(const uint32_t *told, unsigned count)
{
	unsigned room;
	const struct hg_record_told *frames = hg_recording_table(HG_EXTENT_TOLD, &room);
	const char *texts = hg_recording_table(HG_EXTENT_STRINGS, &room);
	struct hg_user_place place = {0};
	for (unsigned i = 0; i < count; i++) {
		const struct hg_record_told *frame = &frames[told[i]];
		hg_user_place_add(&place, texts + frame->function, texts + frame->file, frame->line);
	}
	return place.key;
}
