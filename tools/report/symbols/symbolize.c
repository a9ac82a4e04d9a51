#include "report/symbols/symbolize.h"

#include <string.h>

#include "report/symbols/find_module.h"
#include "report/symbols/kept_names.h"
#include "report/symbols/object_frames.h"
#include "report/symbols/perf_map.h"

/* A program counter of a recording. */
struct place {
	const struct hg_recording *recording;
	uint64_t pc;
	const struct hg_record_module *module; /* that held it; null: none */
};

/* What is known of a program counter. */
struct known {
	struct place place;
	struct hg_names names;
	UT_hash_handle hh;
};

struct hg_symbolizer {
	struct hg_objects objects;
	struct known *known;
};

/* ---- The model's, which goes with the model ---- */

static void drop(struct hg_symbolizer *symbolizer)
{
	hg_objects_drop(&symbolizer->objects);
	HASH_CLEAR(hh, symbolizer->known);
}

static struct hg_symbolizer *symbolizer_of(struct hg_model *model)
{
	if (!model->symbolizer) {
		model->symbolizer = hg_model_take(model, sizeof(*model->symbolizer));
		hg_objects_init(&model->symbolizer->objects, model);
		model->drop_symbolizer = drop;
	}
	return model->symbolizer;
}

void hg_forget_names(struct hg_model *model)
{
	if (model->symbolizer)
		HASH_CLEAR(hh, model->symbolizer->known);
}

/* ---- Frames ---- */

/* Of an address in no object, it is code that was made at run time. */
static size_t frames_of_object(struct hg_model *model, const struct place *place,
                               const struct hg_resolved_frame *common, struct hg_resolved_frame found[HG_MOST_INLINED])
{
	if (!place->module) {
		found[0] = *common;
		return hg_perf_map_find(model, place->recording->perf_map, &found[0]);
	}
	const struct hg_object *object = hg_object_get(&symbolizer_of(model)->objects, common->object, place->module);
	return object->module ? hg_object_frames(model, object, common, found) : 0;
}

/* How much is told of the function that has the address itself, and not what is inlined into it. */
static int worth(const struct hg_resolved_frame *frames, size_t count)
{
	return count == 0 ? 0 : 1 + (frames[count - 1].function != NULL) + (frames[count - 1].file != NULL);
}

/* What was kept in the recording counts where the object that is there today tells less: it is gone, another one, or
 * stripped. */
static size_t find_frames(struct hg_model *model, const struct place *place, struct hg_resolved_frame *found)
{
	struct hg_resolved_frame kept[HG_MOST_INLINED];
	struct hg_resolved_frame common = {.pc = place->pc, .object = "", .offset = place->pc};
	const struct hg_reader *reader = &place->recording->reader;

	if (place->module) {
		common.object = hg_model_string(model, hg_reader_text(reader, place->module->path));
		common.offset = place->pc - place->module->load_bias;
	}
	size_t count = frames_of_object(model, place, &common, found);
	size_t kept_count =
	    hg_kept_frames(model, place->recording, hg_module_index(reader, place->module), &common, kept);
	if (worth(kept, kept_count) > worth(found, count)) {
		memcpy(found, kept, kept_count * sizeof(*kept));
		return kept_count;
	}
	if (count == 0)
		found[count++] = common;
	return count;
}

/* ---- What is known already ---- */

static struct known *find_known(struct hg_symbolizer *symbolizer, const struct place *place)
{
	struct known *known;

	HASH_FIND(hh, symbolizer->known, place, sizeof(*place), known);
	return known;
}

static struct place place_of(const struct hg_recording *recording, uint64_t pc, uint64_t ticks)
{
	return (struct place){recording, pc, hg_find_module(&recording->reader, pc - (pc != 0), ticks)};
}

bool hg_is_looked_up(struct hg_model *model, const struct hg_recording *recording, uint64_t pc, uint64_t ticks)
{
	struct place place = place_of(recording, pc, ticks);

	return find_known(symbolizer_of(model), &place) != NULL;
}

struct hg_names hg_look_up(struct hg_model *model, const struct hg_recording *recording, uint64_t pc, uint64_t ticks)
{
	struct hg_symbolizer *symbolizer = symbolizer_of(model);
	struct hg_resolved_frame found[HG_MOST_INLINED];
	struct place place = place_of(recording, pc, ticks);
	struct known *known = find_known(symbolizer, &place);

	if (known)
		return known->names;
	known = hg_model_take(model, sizeof(*known));
	known->place = place;
	size_t count = find_frames(model, &place, found);
	struct hg_resolved_frame *frames = hg_model_take(model, count * sizeof(*frames));
	memcpy(frames, found, count * sizeof(*frames));
	known->names = (struct hg_names){place.module, frames, count};
	HASH_ADD(hh, symbolizer->known, place, sizeof(known->place), known);
	return known->names;
}

/* ---- Stacks ---- */

/* Whether the address lies in the runtime, whose frames stand between an op and its callback, and where a function
 * ended by a jump. They are nothing of the program's. */
static bool is_runtimes(const struct hg_recording *recording, uint64_t pc, uint64_t ticks)
{
	const struct hg_record_module *module = hg_find_module(&recording->reader, pc - (pc != 0), ticks);

	return module && (module->flags & HG_MODULE_RUNTIME) != 0;
}

struct hg_resolved_stack hg_symbolize(struct hg_model *model, const struct hg_recording *recording, const uint64_t *pcs,
                                      size_t count, uint64_t ticks)
{
	struct hg_resolved_stack stack = {.frames = NULL};

	for (size_t i = 0; i < count; i++) {
		if (is_runtimes(recording, pcs[i], ticks))
			continue;
		struct hg_names names = hg_look_up(model, recording, pcs[i], ticks);
		struct hg_resolved_frame *frames = hg_model_take(model, (stack.count + names.count) * sizeof(*frames));
		if (stack.count > 0)
			memcpy(frames, stack.frames, stack.count * sizeof(*frames));
		memcpy(frames + stack.count, names.frames, names.count * sizeof(*frames));
		stack.frames = frames;
		stack.count += names.count;
	}
	return stack;
}
