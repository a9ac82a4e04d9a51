#include "report/describe/reach.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "common/allocate.h"
#include "program/elf/elf_file.h"
#include "program/elf/elf_sides.h"

/* What the objects of a process say about one function. */
struct trace {
	const char *function;
	const char *patterns;   /* of the library that is meant */
	const char *exporter;   /* null: none */
	const char *inside;     /* who has it for itself alone; null: nobody */
	uint64_t exported_in;   /* number of the object that was last seen to export it */
	bool exporter_foreign;  /* the exporter is not the library, by its name */
	bool exporter_symbolic; /* the exporter calls its own functions past everybody else's */
	bool exporter_told;     /* it is not the library, but its calls are told from those of the library in it */
	const char *user;       /* an object that has it from elsewhere; null: none */
	const char *executable; /* the program, if it has it itself */
	UT_hash_handle hh;
};

/* A library that manifests are meant for. */
struct meant {
	const char *patterns;
	const char *object; /* the first that is one, by its name; null: none */
	UT_hash_handle hh;
};

struct search {
	struct trace *traces;
	struct meant *meant;
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

/* Whether the library and its binding can be told apart in the object at hand, as the process has done. */
static bool has_two_sides(const struct search *search)
{
	size_t count = HASH_COUNT(search->traces), i = 0;
	const char **names = hg_allocate(count, sizeof(*names));
	struct hg_elf_sides read;
	bool two = false;

	for (const struct trace *at = search->traces; at; at = at->hh.next)
		names[i++] = at->function;
	if (!search->symbolic && hg_elf_sides_read(&read, &search->file, names, count)) {
		two = hg_sides_are_two(&read.sides);
		hg_elf_sides_drop(&read);
	}
	free(names);
	return two;
}

/* An object that is not the library, but has functions of it. */
static void note_linked_in(const struct search *search)
{
	bool known = false, two = false;

	for (struct trace *at = search->traces; at; at = at->hh.next) {
		if (at->exporter != search->path || !at->exporter_foreign)
			continue;
		two = known ? two : has_two_sides(search);
		known = true;
		at->exporter_told = two;
	}
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

static void note_meant(struct search *search)
{
	for (struct meant *at = search->meant; at; at = at->hh.next)
		if (!at->object && hg_elf_file_is_meant(&search->file, search->path, at->patterns))
			at->object = search->path;
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
	if (!search->file.preload) {
		note_meant(search);
		hg_elf_file_symbols(&search->file, note_symbol, search);
		note_linked_in(search);
	}
	hg_elf_file_close(&search->file);
}

static void add_meant(struct hg_model *model, struct search *search, const char *patterns)
{
	struct meant *known;

	HASH_FIND_STR(search->meant, patterns, known);
	if (known || patterns[0] == '\0')
		return;
	known = hg_model_take(model, sizeof(*known));
	known->patterns = patterns;
	HASH_ADD_KEYPTR(hh, search->meant, known->patterns, strlen(known->patterns), known);
}

/* For the functions that were not called and of which nothing is kept. */
static void add_traces(struct hg_model *model, const struct hg_recording *recording, const bool *kept,
                       struct search *search)
{
	for (size_t i = 0; i < recording->coverage_count; i++) {
		struct trace *trace;
		const char *function = recording->coverage[i].function;
		HASH_FIND_STR(search->traces, function, trace);
		if (trace || kept[i] || recording->coverage[i].calls > 0)
			continue;
		trace = hg_model_take(model, sizeof(*trace));
		trace->function = function;
		trace->patterns = recording->coverage[i].patterns;
		add_meant(model, search, trace->patterns);
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
 * guards, if they cannot be told from the library's. */
static bool is_linked_in(const struct hg_recording *recording, const struct trace *trace)
{
	return trace->exporter_foreign && !trace->exporter_told && !trace->user &&
	       !is_called_by_others(recording, trace->exporter);
}

/* What no object defines, as far as its symbols tell: was it led to the guards all the same, by a table of the linker's
 * or as a native method? Else, is the library there, and should have it? */
static void decide_unloaded(const struct search *search, struct hg_coverage *coverage)
{
	const struct meant *meant;

	if (coverage->state == HG_SYMBOL_BOUND && coverage->library[0] != '\0') {
		coverage->reach = HG_REACH_NEVER_CALLED;
		coverage->object = coverage->library;
		return;
	}
	HASH_FIND_STR(search->meant, coverage->patterns, meant);
	bool there = meant && meant->object, absent = there && !coverage->optional;
	coverage->reach = absent ? HG_REACH_ABSENT : HG_REACH_NOT_LOADED;
	/* It need not be exported. */
	if (there && coverage->in_table)
		coverage->reach = HG_REACH_NEVER_CALLED;
	coverage->object = absent || coverage->reach == HG_REACH_NEVER_CALLED ? meant->object : NULL;
}

/* Whether what refers to functions of a library that is linked into an object was led to the guards, all of it: then
 * what was not called is not called by it. */
static bool is_led(const struct hg_recording *recording, const char *object)
{
	bool any = false;

	for (size_t i = 0; i < recording->coverage_count && !any; i++)
		any = recording->coverage[i].state == HG_SYMBOL_BOUND &&
		      strcmp(recording->coverage[i].library, object) == 0;
	return any && recording->reader.header->counters[HG_COUNTER_REFERENCES_LEFT] == 0;
}

static void decide(const struct search *search, const struct hg_recording *recording, const struct trace *trace,
                   struct hg_coverage *coverage)
{
	const char *hidden = trace->executable ? trace->executable : trace->user ? NULL : trace->inside;

	coverage->used_by = trace->user;
	if (coverage->by_table) {
		coverage->reach = HG_REACH_NEVER_CALLED;
		coverage->object = coverage->library;
	} else if (hidden && is_led(recording, hidden)) {
		coverage->reach = HG_REACH_NEVER_CALLED;
		coverage->object = hidden;
	} else if (trace->executable) {
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
	} else if (coverage->by_process.led > 0 && is_led(recording, coverage->library)) {
		coverage->reach = HG_REACH_NEVER_CALLED; /* what may be gone by now */
		coverage->object = coverage->library;
	} else if (!search->incomplete)
		decide_unloaded(search, coverage);
}

/* ---- What is kept in the recording, from when the objects were there ---- */

static const char *kept_text(struct hg_model *model, const struct hg_reader *reader, uint32_t text)
{
	return text ? hg_model_string(model, hg_reader_text(reader, text)) : NULL;
}

static bool needs_object(enum hg_reach reach)
{
	return reach == HG_REACH_ABSENT || reach == HG_REACH_LINKED_IN || reach == HG_REACH_PASSED_BY ||
	       reach == HG_REACH_IN_EXECUTABLE;
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

/* Takes what is kept for all functions that were not called. */
static void take_all_kept(struct hg_model *model, const struct hg_recording *recording, bool *kept)
{
	const struct hg_reader *reader = &recording->reader;
	uint64_t limit = hg_reader_limit(reader, HG_EXTENT_REACHED);
	uint64_t symbols = hg_reader_limit(reader, HG_EXTENT_SYMBOLS);
	const struct hg_record_reached **found = hg_model_take(model, (symbols + 1) * sizeof(*found));

	for (uint64_t i = limit; i-- > 0;) {
		const struct hg_record_reached *each = hg_reader_reached(reader, i);
		if (each && each->symbol < symbols)
			found[each->symbol] = each;
	}
	for (size_t i = 0; i < recording->coverage_count; i++) {
		struct hg_coverage *coverage = &recording->coverage[i];
		const struct hg_record_reached *own = found[coverage->symbol];
		kept[i] = coverage->calls == 0 && own && take_kept(model, reader, own, coverage);
	}
}

/* ---- All ---- */

/* Of a function that was not called. */
static void describe_uncalled(const struct hg_recording *recording, const struct search *search,
                              struct hg_coverage *coverage)
{
	struct trace *trace;

	HASH_FIND_STR(search->traces, coverage->function, trace);
	if (coverage->state == HG_SYMBOL_MISSING)
		decide_unloaded(search, coverage);
	else if (coverage->state == HG_SYMBOL_EMBEDDED)
		coverage->reach = HG_REACH_NEVER_CALLED;
	else if (trace)
		decide(search, recording, trace, coverage);
}

void hg_describe_reach(struct hg_model *model, struct hg_recording *recording)
{
	struct search search = {.sysroot = model->sources.sysroot};
	bool *kept = hg_model_take(model, recording->coverage_count + 1);

	for (size_t i = 0; i < recording->coverage_count; i++)
		recording->coverage[i].reach = recording->coverage[i].calls > 0 ? HG_REACH_CALLED : HG_REACH_UNKNOWN;
	take_all_kept(model, recording, kept);
	add_traces(model, recording, kept, &search);
	if (search.traces)
		read_objects(model, recording, &search);
	recording->objects_read = !search.incomplete;
	for (size_t i = 0; i < recording->coverage_count; i++) {
		struct hg_coverage *coverage = &recording->coverage[i];
		if (coverage->calls == 0 && !kept[i])
			describe_uncalled(recording, &search, coverage);
	}
	HASH_CLEAR(hh, search.traces);
	HASH_CLEAR(hh, search.meant);
}

const char *hg_reach_name(enum hg_reach reach)
{
	static const char *const names[HG_REACH_COUNT] = {[HG_REACH_UNKNOWN] = "unknown",
	                                                  [HG_REACH_NOT_LOADED] = "not-loaded",
	                                                  [HG_REACH_ABSENT] = "absent",
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
	case HG_REACH_ABSENT:
		return hg_model_printf(model, "%s is loaded, but does not have them", coverage->object);
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
