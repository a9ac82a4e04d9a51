#include "report/symbols/kept_names.h"

#include <stdlib.h>

/* Where the names of a program counter begin. */
struct place {
	uint64_t pc;
	uint32_t module;
	uint64_t number; /* of its first record */
};

struct hg_kept_names {
	struct place *places; /* sorted */
	size_t count;
};

uint32_t hg_module_index(const struct hg_reader *reader, const struct hg_record_module *module)
{
	uint64_t limit = hg_reader_limit(reader, HG_EXTENT_MODULES);

	for (uint64_t i = 0; module && i < limit; i++)
		if (hg_reader_module(reader, i) == module)
			return (uint32_t)i;
	return UINT32_MAX;
}

static int compare_places(const void *left, const void *right)
{
	const struct place *one = left, *other = right;

	if (one->pc != other->pc)
		return one->pc < other->pc ? -1 : 1;
	return (one->module > other->module) - (one->module < other->module);
}

/* Whether the frame of the record before is inlined into that of this one. */
static bool goes_on(const struct hg_record_named *before, const struct hg_record_named *named)
{
	return before && (before->flags & HG_NAMED_INLINED) != 0 && before->pc == named->pc &&
	       before->module == named->module;
}

const struct hg_kept_names *hg_kept_names_read(struct hg_model *model, const struct hg_reader *reader)
{
	uint64_t limit = hg_reader_limit(reader, HG_EXTENT_NAMED);
	const struct hg_record_named *before = NULL;

	if (limit == 0)
		return NULL;
	struct hg_kept_names *names = hg_model_take(model, sizeof(*names));
	names->places = hg_model_take(model, limit * sizeof(*names->places));
	for (uint64_t i = 0; i < limit; i++) {
		const struct hg_record_named *named = hg_reader_named(reader, i);
		if (named && !goes_on(before, named))
			names->places[names->count++] = (struct place){named->pc, named->module, i};
		before = named;
	}
	qsort(names->places, names->count, sizeof(*names->places), compare_places);
	return names;
}

static const char *text(struct hg_model *model, const struct hg_reader *reader, uint32_t offset)
{
	return offset ? hg_model_string(model, hg_reader_text(reader, offset)) : NULL;
}

static struct hg_resolved_frame frame_of(struct hg_model *model, const struct hg_reader *reader,
                                         const struct hg_record_named *named, const struct hg_resolved_frame *common)
{
	struct hg_resolved_frame frame = *common;

	frame.function = text(model, reader, named->function);
	frame.file = text(model, reader, named->file);
	frame.line = (int)named->line;
	frame.language = text(model, reader, named->language);
	frame.begins = (named->flags & HG_NAMED_BEGINS) != 0;
	frame.inlined = (named->flags & HG_NAMED_INLINED) != 0;
	return frame;
}

size_t hg_kept_frames(struct hg_model *model, const struct hg_recording *recording, uint32_t module,
                      const struct hg_resolved_frame *common, struct hg_resolved_frame found[HG_MOST_INLINED])
{
	const struct hg_reader *reader = &recording->reader;
	const struct hg_kept_names *names = recording->kept_names;
	const struct place wanted = {common->pc, module, 0};
	const struct place *place =
	    names ? bsearch(&wanted, names->places, names->count, sizeof(wanted), compare_places) : NULL;
	const struct hg_record_named *before = NULL;
	size_t count = 0;

	for (uint64_t i = place ? place->number : 0; place && count < HG_MOST_INLINED; i++) {
		const struct hg_record_named *named = hg_reader_named(reader, i);
		if (!named || (before && !goes_on(before, named)))
			break;
		found[count++] = frame_of(model, reader, named, common);
		before = named;
	}
	return count;
}
