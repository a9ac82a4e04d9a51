#include "report/describe/reach.h"

#include <string.h>
#include <uthash.h>

#include "program/elf/elf_file.h"

/* What the objects of a process say about one function. */
struct trace {
	const char *function;
	const char *patterns;   /* of the library that is meant */
	const char *exporter;   /* null: none */
	const char *inside;     /* who has it for itself alone; null: nobody */
	uint64_t exported_in;   /* number of the object that was last seen to export it */
	bool exporter_foreign;  /* the exporter is not the library, by its name */
	bool exporter_symbolic; /* the exporter calls its own functions past everybody else's */
	const char *user;       /* an object that has it from elsewhere; null: none */
	const char *executable; /* the program, if it has it itself */
	UT_hash_handle hh;
};

struct search {
	struct trace *traces;
	struct hg_elf_file file; /* the object at hand */
	const char *path;        /* of the object at hand */
	uint64_t number;         /* of the object at hand */
	bool symbolic, is_executable;
	const char *sysroot;
	bool incomplete; /* not every object could be read */
};

static void note_definition(const struct search *search, struct trace *trace, enum hg_place place)
{
	if (search->is_executable)
		trace->executable = search->path;
	if (place == HG_PLACE_INSIDE) {
		trace->inside = search->path;
		return;
	}
	trace->exported_in = search->number;
	if (trace->exporter)
		return;
	trace->exporter = search->path;
	trace->exporter_symbolic = search->symbolic;
	trace->exporter_foreign = !hg_elf_file_is_meant(&search->file, search->path, trace->patterns);
}

static void note_symbol(void *context, const char *name, enum hg_place place)
{
	const struct search *search = context;
	struct trace *trace;

	HASH_FIND_STR(search->traces, name, trace);
	if (!trace)
		return;
	if (place == HG_PLACE_WANTED)
		trace->user = trace->user ? trace->user : search->path;
	else if (place == HG_PLACE_EXPORTED || trace->exported_in != search->number)
		note_definition(search, trace, place);
}

static void read_object(struct hg_model *model, struct search *search, const char *path)
{
	if (path[0] != '/') /* the kernel's own */
		return;
	const char *file = search->sysroot ? hg_model_printf(model, "%s%s", search->sysroot, path) : path;
	if (!hg_elf_file_open(&search->file, file)) {
		search->incomplete = true;
		return;
	}
	search->path = path;
	search->number++;
	search->symbolic = search->file.symbolic;
	if (!search->file.preload)
		hg_elf_file_symbols(&search->file, note_symbol, search);
	hg_elf_file_close(&search->file);
}

static void add_traces(struct hg_model *model, const struct hg_recording *recording, struct search *search)
{
	for (size_t i = 0; i < recording->coverage_count; i++) {
		struct trace *trace;
		const char *function = recording->coverage[i].function;
		HASH_FIND_STR(search->traces, function, trace);
		if (trace || recording->coverage[i].calls > 0)
			continue;
		trace = hg_model_take(model, sizeof(*trace));
		trace->function = function;
		trace->patterns = recording->coverage[i].patterns;
		HASH_ADD_KEYPTR(hh, search->traces, trace->function, strlen(trace->function), trace);
	}
}

static void read_objects(struct hg_model *model, const struct hg_recording *recording, struct search *search)
{
	const struct hg_reader *reader = &recording->reader;
	uint64_t limit = hg_reader_limit(reader, HG_EXTENT_MODULES);
	bool any = false;

	for (uint64_t i = 0; i < limit; i++) {
		const struct hg_record_module *module = hg_reader_module(reader, i);
		if (!module)
			continue;
		const char *path = hg_model_string(model, hg_reader_text(reader, module->path));
		search->is_executable = strcmp(path, recording->executable) == 0;
		any = true;
		read_object(model, search, path);
	}
	search->incomplete |= !any;
}

/* Whether any function of this object was called by others. */
static bool is_called_by_others(const struct hg_recording *recording, const char *object)
{
	for (size_t i = 0; i < recording->coverage_count; i++)
		if (recording->coverage[i].calls > 0 && strcmp(recording->coverage[i].library, object) == 0)
			return true;
	return false;
}

/* An object into which the library is linked exports the library's functions too, but its own calls of them go past the
 * guards. */
static bool is_linked_in(const struct hg_recording *recording, const struct trace *trace)
{
	return trace->exporter_foreign && !trace->user && !is_called_by_others(recording, trace->exporter);
}

static void decide(const struct search *search, const struct hg_recording *recording, const struct trace *trace,
                   struct hg_coverage *coverage)
{
	coverage->used_by = trace->user;
	if (trace->executable) {
		coverage->reach = HG_REACH_IN_EXECUTABLE;
		coverage->object = trace->executable;
	} else if (trace->inside && !trace->user) {
		coverage->reach = HG_REACH_LINKED_IN;
		coverage->object = trace->inside;
	} else if (trace->exporter) {
		bool past = trace->exporter_symbolic && !trace->user;
		coverage->reach = is_linked_in(recording, trace) ? HG_REACH_LINKED_IN
		                  : past                         ? HG_REACH_PASSED_BY
		                                                 : HG_REACH_NEVER_CALLED;
		coverage->object = trace->exporter;
	} else if (!search->incomplete)
		coverage->reach = HG_REACH_NOT_LOADED;
}

/* ---- What is kept in the recording, from when the objects were there ---- */

static const char *kept_text(struct hg_model *model, const struct hg_reader *reader, uint32_t text)
{
	return text ? hg_model_string(model, hg_reader_text(reader, text)) : NULL;
}

static bool needs_object(enum hg_reach reach)
{
	return reach == HG_REACH_LINKED_IN || reach == HG_REACH_PASSED_BY || reach == HG_REACH_IN_EXECUTABLE;
}

/* False if it makes no sense. */
static bool take_kept(struct hg_model *model, const struct hg_reader *reader, const struct hg_record_reached *kept,
                      struct hg_coverage *coverage)
{
	const char *name = hg_reader_text(reader, kept->reach);
	enum hg_reach reach = HG_REACH_UNKNOWN;

	while (reach < HG_REACH_CALLED && strcmp(name, hg_reach_name(reach)) != 0)
		reach++;
	if (reach == HG_REACH_CALLED || (needs_object(reach) && kept->object == 0))
		return false;
	coverage->reach = reach;
	coverage->object = kept_text(model, reader, kept->object);
	coverage->used_by = kept_text(model, reader, kept->used_by);
	return true;
}

static const struct hg_record_reached *find_kept(const struct hg_reader *reader, uint32_t symbol)
{
	uint64_t limit = hg_reader_limit(reader, HG_EXTENT_REACHED);

	for (uint64_t i = 0; i < limit; i++) {
		const struct hg_record_reached *kept = hg_reader_reached(reader, i);
		if (kept && kept->symbol == symbol)
			return kept;
	}
	return NULL;
}

/* ---- All ---- */

/* Of a function that was not called. */
static void describe_uncalled(struct hg_model *model, const struct hg_recording *recording, const struct search *search,
                              struct hg_coverage *coverage)
{
	const struct hg_record_reached *kept = find_kept(&recording->reader, coverage->symbol);
	struct trace *trace;

	HASH_FIND_STR(search->traces, coverage->function, trace);
	if (kept && take_kept(model, &recording->reader, kept, coverage))
		return;
	if (coverage->state == HG_SYMBOL_MISSING)
		coverage->reach = HG_REACH_NOT_LOADED;
	else if (coverage->state == HG_SYMBOL_EMBEDDED)
		coverage->reach = HG_REACH_NEVER_CALLED;
	else if (trace)
		decide(search, recording, trace, coverage);
}

void hg_describe_reach(struct hg_model *model, struct hg_recording *recording)
{
	struct search search = {.sysroot = model->sources.sysroot};

	add_traces(model, recording, &search);
	if (search.traces)
		read_objects(model, recording, &search);
	recording->objects_read = !search.incomplete;
	for (size_t i = 0; i < recording->coverage_count; i++) {
		struct hg_coverage *coverage = &recording->coverage[i];
		coverage->reach = coverage->calls > 0 ? HG_REACH_CALLED : HG_REACH_UNKNOWN;
		if (coverage->calls == 0)
			describe_uncalled(model, recording, &search, coverage);
	}
	HASH_CLEAR(hh, search.traces);
}

const char *hg_reach_name(enum hg_reach reach)
{
	static const char *const names[HG_REACH_COUNT] = {[HG_REACH_UNKNOWN] = "unknown",
	                                                  [HG_REACH_NOT_LOADED] = "not-loaded",
	                                                  [HG_REACH_NEVER_CALLED] = "never-called",
	                                                  [HG_REACH_LINKED_IN] = "linked-in",
	                                                  [HG_REACH_PASSED_BY] = "passed-by",
	                                                  [HG_REACH_IN_EXECUTABLE] = "in-executable",
	                                                  [HG_REACH_CALLED] = "called"};

	return names[reach];
}

bool hg_reach_wins(enum hg_reach one, enum hg_reach other)
{
	return one > other;
}

/* ---- In words ---- */

static const char *words_of(struct hg_model *model, const struct hg_coverage *coverage)
{
	switch (coverage->reach) {
	case HG_REACH_IN_EXECUTABLE:
		return hg_model_printf(model, "%s defines them itself, so that its calls pass the guards by",
		                       coverage->object);
	case HG_REACH_LINKED_IN:
		return hg_model_printf(model, "they are linked into %s, so that its calls pass the guards by",
		                       coverage->object);
	case HG_REACH_PASSED_BY:
		return hg_model_printf(model, "%s is linked with -Bsymbolic, so that its calls pass the guards by",
		                       coverage->object);
	case HG_REACH_NOT_LOADED:
		return "no library of the process defines them";
	case HG_REACH_NEVER_CALLED:
		return coverage->object
		           ? hg_model_printf(model, "%s was loaded, but nobody called them", coverage->object)
		           : "nobody called them";
	default:
		return "nobody called them, as far as is known";
	}
}

const char *hg_why_uncovered(struct hg_model *model, const struct hg_recording *recording, const char *manifest)
{
	size_t counts[HG_REACH_COUNT] = {0};
	const struct hg_coverage *examples[HG_REACH_COUNT] = {0};
	enum hg_reach most = HG_REACH_UNKNOWN;

	for (size_t i = 0; i < recording->coverage_count; i++) {
		const struct hg_coverage *coverage = &recording->coverage[i];
		if (manifest && strcmp(coverage->manifest, manifest) != 0)
			continue;
		if (coverage->reach == HG_REACH_CALLED)
			return NULL;
		examples[coverage->reach] = coverage;
		if (++counts[coverage->reach] > counts[most])
			most = coverage->reach;
	}
	return examples[most] ? words_of(model, examples[most]) : "nobody called them, as far as is known";
}
