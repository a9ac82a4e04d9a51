#include <stdio.h>
#include <string.h>
#include <uthash.h>
#include <utlist.h>

#include "format/image.h"
#include "report/describe/describe.h"
#include "report/describe/linked_in.h"
#include "report/describe/manifests.h"
#include "report/describe/reach.h"
#include "report/symbols/kept_names.h"
#include "report/symbols/perf_map.h"
#include "report/symbols/symbolize.h"

const char *hg_describe_symbol(struct hg_model *model, const struct hg_recording *recording, uint32_t symbol)
{
	const struct hg_record_symbol *record = hg_reader_symbol(&recording->reader, symbol);

	return record ? hg_model_string(model, hg_reader_text(&recording->reader, record->name)) : NULL;
}

const char *hg_describe_class(struct hg_model *model, const struct hg_recording *recording, uint32_t class_index)
{
	const struct hg_record_class *record = hg_reader_class(&recording->reader, class_index);

	return record ? hg_model_string(model, hg_reader_text(&recording->reader, record->name)) : "?";
}

/* ---- The recording as a whole ---- */

/* Of the program itself; null: it has none. */
static const char *build_id(struct hg_model *model, const struct hg_recording *recording)
{
	const struct hg_reader *reader = &recording->reader;
	char id[2 * HG_BUILD_ID_MAX + 1] = "";
	uint64_t limit = hg_reader_limit(reader, HG_EXTENT_MODULES);

	for (uint64_t i = 0; i < limit; i++) {
		const struct hg_record_module *module = hg_reader_module(reader, i);
		if (!module || strcmp(hg_reader_text(reader, module->path), recording->executable) != 0)
			continue;
		for (uint32_t k = 0; k < module->build_id_length; k++)
			snprintf(id + 2 * (size_t)k, 3, "%02x", module->build_id[k]);
		break;
	}
	return id[0] != '\0' ? hg_model_string(model, id) : NULL;
}

static void describe_program(struct hg_model *model, struct hg_recording *recording)
{
	const struct hg_record_header *header = recording->reader.header;
	const char *at = header->command;
	const char *end = at + header->command_length;

	recording->executable = hg_model_text(model, header->executable, sizeof(header->executable));
	recording->command = hg_model_take(model, (header->command_length + 1) * sizeof(*recording->command));
	while (at < end) {
		size_t length = strnlen(at, (size_t)(end - at));
		recording->command[recording->argument_count++] = hg_model_raw_text(model, at, length);
		at += length + 1;
	}
	recording->build = build_id(model, recording);
	recording->no_exit_handlers = hg_reader_limit(&recording->reader, HG_EXTENT_LIVE) > 0;
}

/* A process can have several functions of one name, with a symbol for each. */
struct resolved_function {
	const char *key;
	struct hg_coverage *coverage;
	UT_hash_handle hh;
};

static struct hg_coverage *coverage_of(struct hg_model *model, struct hg_recording *recording,
                                       struct resolved_function **table, const char *manifest, const char *function)
{
	struct resolved_function *resolved;
	const char *key = hg_model_printf(model, "%s|%s", manifest, function);

	HASH_FIND_STR(*table, key, resolved);
	if (resolved)
		return resolved->coverage;
	resolved = hg_model_take(model, sizeof(*resolved));
	resolved->key = key;
	resolved->coverage = &recording->coverage[recording->coverage_count++];
	HASH_ADD_KEYPTR(hh, *table, resolved->key, strlen(resolved->key), resolved);
	return resolved->coverage;
}

static void describe_function(struct hg_model *model, struct hg_recording *recording, uint32_t number,
                              struct resolved_function **table)
{
	const struct hg_reader *reader = &recording->reader;
	const struct hg_record_symbol *symbol = hg_reader_symbol(reader, number);

	if (!symbol)
		return;
	const char *function = hg_describe_symbol(model, recording, number);
	const char *manifest = hg_model_string(model, hg_reader_text(reader, symbol->manifest));
	struct hg_coverage *coverage = coverage_of(model, recording, table, manifest, function);
	uint64_t calls = hg_reader_calls(reader, number);
	recording->calls += calls;
	coverage->calls += calls;
	coverage->by_table |= (symbol->flags & HG_SYMBOL_BY_TABLE) != 0;
	coverage->by_process.led += symbol->flags >> HG_SYMBOL_LED_SHIFT;
	coverage->by_process.nearly |= (symbol->flags & HG_SYMBOL_NEARLY) != 0;
	if (coverage->function && coverage->state != HG_SYMBOL_NAMED)
		return;
	coverage->symbol = coverage->function ? coverage->symbol : number;
	coverage->function = function;
	coverage->manifest = manifest;
	coverage->class = hg_describe_class(model, recording, symbol->class_index);
	coverage->library = hg_model_string(model, hg_reader_text(reader, symbol->library));
	coverage->patterns = hg_model_string(model, hg_reader_text(reader, symbol->patterns));
	coverage->roles = symbol->roles;
	coverage->optional = (symbol->flags & HG_SYMBOL_OPTIONAL) != 0;
	coverage->in_table = (symbol->flags & HG_SYMBOL_IN_TABLE) != 0;
	coverage->state = symbol->state;
}

static void describe_coverage(struct hg_model *model, struct hg_recording *recording)
{
	const struct hg_reader *reader = &recording->reader;
	uint64_t limit = hg_reader_limit(reader, HG_EXTENT_SYMBOLS);
	struct resolved_function *table = NULL;
	size_t used = 0;

	recording->calls = recording->coverage_count = 0;
	for (uint64_t i = 0; i < limit; i++)
		used += hg_reader_symbol(reader, i) != NULL;
	recording->coverage = hg_model_take(model, (used + 1) * sizeof(*recording->coverage));
	for (uint64_t i = 0; i < limit; i++)
		describe_function(model, recording, (uint32_t)i, &table);
	HASH_CLEAR(hh, table);
}

static void describe_classes(struct hg_model *model, struct hg_recording *recording)
{
	const struct hg_reader *reader = &recording->reader;
	uint64_t limit = hg_reader_limit(reader, HG_EXTENT_CLASSES);

	recording->class_count = recording->handles = recording->freed = 0;
	recording->classes = hg_model_take(model, (limit + 1) * sizeof(*recording->classes));
	for (uint32_t i = 0; i < limit; i++) {
		const struct hg_record_class *class = hg_reader_class(reader, i);
		if (!class)
			continue;
		struct hg_resolved_class *resolved = &recording->classes[recording->class_count++];
		resolved->name = hg_describe_class(model, recording, i);
		resolved->manifest = hg_model_string(model, hg_reader_text(reader, class->manifest));
		resolved->drain = class->drain;
		resolved->after_deadline = class->after_deadline;
		resolved->deadline_ns = class->deadline_ns;
		resolved->limit = class->limit;
		resolved->created = hg_reader_handles(reader, i, HG_CLASS_CREATED);
		resolved->adopted = hg_reader_handles(reader, i, HG_CLASS_ADOPTED);
		resolved->freed = hg_reader_handles(reader, i, HG_CLASS_FREED);
		resolved->leaked = hg_reader_handles(reader, i, HG_CLASS_LEAKED);
		uint64_t came = resolved->created + resolved->adopted;
		uint64_t went = resolved->freed + resolved->leaked;
		resolved->live = came > went ? came - went : 0;
		recording->handles += came;
		recording->freed += resolved->freed;
	}
}

/* ---- Ops in flight ---- */

static const struct hg_record_symbol *symbol_of_slot(const struct hg_reader *reader, uint64_t slot, uint32_t *index)
{
	uint64_t limit = hg_reader_limit(reader, HG_EXTENT_SYMBOLS);

	for (uint64_t i = 0; i < limit; i++) {
		const struct hg_record_symbol *symbol = hg_reader_symbol(reader, i);
		if (symbol && symbol->slot == slot && slot != 0) {
			*index = (uint32_t)i;
			return symbol;
		}
	}
	return NULL;
}

static bool is_taken(const struct hg_frame *frame)
{
	return frame->guard != 0 && frame->guard != HG_FRAME_HOLE;
}

static struct hg_op_in_flight *new_op(struct hg_model *model, struct hg_recording *recording,
                                      const struct hg_record_thread *thread, const struct hg_frame *frame)
{
	uint32_t index = UINT32_MAX;
	const struct hg_record_symbol *symbol = symbol_of_slot(&recording->reader, frame->slot, &index);
	struct hg_op_in_flight *op = hg_model_take(model, sizeof(*op));

	op->handles = hg_model_take(model, HG_FRAMES * sizeof(*op->handles));
	op->class = hg_describe_class(model, recording, symbol ? symbol->class_index : UINT32_MAX);
	op->call.function = hg_describe_symbol(model, recording, index);
	op->call.roles = symbol ? symbol->roles : 0;
	op->call.tid = thread->tid;
	op->call.thread_name = hg_model_text(model, thread->name, sizeof(thread->name));
	if (frame->caller != 0)
		op->call.stack = hg_symbolize(model, recording, &frame->caller, 1, UINT64_MAX);
	DL_APPEND(recording->in_flight, op);
	return op;
}

/* The call that a frame belongs to: a call has a frame for each of its handles. */
static struct hg_op_in_flight *op_of(struct hg_model *model, struct hg_recording *recording,
                                     const struct hg_record_thread *thread, size_t number)
{
	const struct hg_frame *frame = &thread->frames[number];
	struct hg_op_in_flight *last = recording->in_flight ? recording->in_flight->prev : NULL;
	const struct hg_frame *before = number > 0 ? &thread->frames[number - 1] : NULL;

	if (last && before && is_taken(before) && before->fp == frame->fp && before->slot == frame->slot &&
	    before->caller == frame->caller)
		return last;
	return new_op(model, recording, thread, frame);
}

/* Whether the frame names the handle that its call is on. A call that ends all handles of a class, or creates one in
 * such a class, is on no handle that it names. */
static bool names_handle(const struct hg_recording *recording, const struct hg_frame *frame)
{
	uint32_t index;
	const struct hg_record_symbol *symbol = symbol_of_slot(&recording->reader, frame->slot, &index);
	const struct hg_record_class *class = symbol ? hg_reader_class(&recording->reader, symbol->class_index) : NULL;
	bool of_all = frame->value == 0 && class && (class->flags & HG_CLASS_TORN_DOWN) != 0;

	return (frame->guard & ~(HG_FRAME_FREE | HG_FRAME_OWN)) != 0 && !of_all;
}

static void describe_frame(struct hg_model *model, struct hg_recording *recording,
                           const struct hg_record_thread *thread, size_t number)
{
	const struct hg_frame *frame = &thread->frames[number];
	struct hg_op_in_flight *op = op_of(model, recording, thread, number);

	op->frees |= (frame->guard & HG_FRAME_FREE) != 0;
	if (names_handle(recording, frame))
		op->handles[op->handle_count++] = frame->value;
}

static void describe_in_flight(struct hg_model *model, struct hg_recording *recording)
{
	uint64_t limit = hg_reader_limit(&recording->reader, HG_EXTENT_THREADS);

	for (uint64_t i = 0; i < limit; i++) {
		const struct hg_record_thread *thread = hg_reader_thread(&recording->reader, i);
		if (!thread)
			continue;
		for (size_t k = 0; k < HG_FRAMES; k++)
			if (is_taken(&thread->frames[k]))
				describe_frame(model, recording, thread, k);
	}
}

/* ---- All ---- */

void hg_describe_passing(struct hg_model *model, struct hg_recording *recording)
{
	hg_model_begin_passing(model);
	recording->kept_names = hg_kept_names_read(model, &recording->reader);
	recording->perf_map = hg_perf_map_read(model, recording);
	describe_coverage(model, recording);
	describe_classes(model, recording);
	hg_describe_reach(model, recording);
	hg_describe_manifests(model, recording);
	hg_describe_linked_in(model, recording);
	hg_model_end_passing(model);
}

void hg_describe_recording(struct hg_model *model, struct hg_recording *recording)
{
	describe_program(model, recording);
	hg_describe_passing(model, recording);
	describe_in_flight(model, recording);
}
