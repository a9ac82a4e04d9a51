#include "report/symbols/symbolize.h"

#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/symbols/demangle.h"
#include "report/symbols/dwarf_names.h"
#include "report/symbols/find_module.h"

/* An object file, reported to libdwfl at an address of its own: where the process had it does not matter. */
struct object {
	const char *key; /* path and build id */
	const char *path;
	Dwfl *dwfl;
	Dwfl_Module *module; /* null: cannot be had */
	uint64_t bias;       /* what is added to the object's addresses here */
	UT_hash_handle hh;
};

struct hg_symbolizer {
	struct hg_model *model;
	struct object *objects;
};

enum { MOST_INLINED = 24 };

/* Any page that leaves room for the object; objects with fixed addresses stay where they belong. */
#define REPORTED_AT UINT64_C(0x100000000)

static void drop(struct hg_symbolizer *symbolizer)
{
	for (struct object *object = symbolizer->objects; object; object = object->hh.next)
		dwfl_end(object->dwfl);
	HASH_CLEAR(hh, symbolizer->objects);
}

/* The model's, which goes with the model. */
static struct hg_symbolizer *symbolizer_of(struct hg_model *model)
{
	if (!model->symbolizer) {
		model->symbolizer = hg_model_take(model, sizeof(*model->symbolizer));
		model->symbolizer->model = model;
		model->drop_symbolizer = drop;
	}
	return model->symbolizer;
}

/* ---- Objects ---- */

static char *debuginfo_path; /* null: the standard places */

static const Dwfl_Callbacks callbacks = {
    .find_elf = dwfl_build_id_find_elf,
    .find_debuginfo = dwfl_standard_find_debuginfo,
    .debuginfo_path = &debuginfo_path,
};

/* An object that had no build id when it was recorded cannot be verified, and is believed. */
static bool has_build_id(Dwfl_Module *module, const struct hg_record_module *recorded)
{
	const unsigned char *bits;
	GElf_Addr where;

	if (recorded->build_id_length == 0)
		return true;
	int length = dwfl_module_build_id(module, &bits, &where);
	return length == (int)recorded->build_id_length && memcmp(bits, recorded->build_id, (size_t)length) == 0;
}

/* Opens regular files only: a recording may name a pipe or a device, from which nothing ever comes, or data without an
 * end. */
static int open_file(const char *path)
{
	struct stat status;
	int fd = path[0] == '/' ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) : -1;

	if (fd < 0 || (fstat(fd, &status) == 0 && S_ISREG(status.st_mode)))
		return fd;
	close(fd);
	return -1;
}

/* Hands the file to libdwfl, which closes it in the end; closes it if libdwfl does not take it. */
static Dwfl_Module *report_file(struct object *object, int fd)
{
	object->dwfl = dwfl_begin(&callbacks);
	Dwfl_Module *module = NULL;
	if (object->dwfl) {
		dwfl_report_begin(object->dwfl);
		module = dwfl_report_elf(object->dwfl, object->path, object->path, fd, REPORTED_AT, true);
	}
	if (!module)
		close(fd);
	return module;
}

static void open_object(struct object *object, const struct hg_record_module *recorded)
{
	int fd = open_file(object->path);

	if (fd < 0)
		return;
	Dwfl_Module *module = report_file(object, fd);
	if (!object->dwfl)
		return;
	if (dwfl_report_end(object->dwfl, NULL, NULL) != 0 || !module)
		return;
	GElf_Addr bias;
	if (!dwfl_module_getelf(module, &bias) || !has_build_id(module, recorded))
		return;
	object->module = module;
	object->bias = bias;
}

static const char *object_key(struct hg_model *model, const char *path, const struct hg_record_module *module)
{
	char id[2 * HG_BUILD_ID_MAX + 1] = "";

	for (uint32_t i = 0; i < module->build_id_length; i++)
		snprintf(id + 2 * i, 3, "%02x", module->build_id[i]);
	return hg_model_printf(model, "%s %s", id, path);
}

static struct object *get_object(struct hg_symbolizer *symbolizer, const char *path,
                                 const struct hg_record_module *module)
{
	struct object *object;
	const char *key = object_key(symbolizer->model, path, module);

	HASH_FIND_STR(symbolizer->objects, key, object);
	if (object)
		return object;
	object = hg_model_take(symbolizer->model, sizeof(*object));
	object->key = key;
	object->path = path;
	open_object(object, module);
	HASH_ADD_KEYPTR(hh, symbolizer->objects, object->key, strlen(object->key), object);
	return object;
}

/* ---- Frames ---- */

/* One program counter on its way to frames. */
struct lookup {
	struct hg_model *model;
	struct object *object;
	Dwarf_Addr address; /* in libdwfl's view */
	const char *file;
	int line;
	const char *language;
	struct hg_resolved_frame frame; /* what all of its frames have in common */
	struct hg_resolved_frame found[MOST_INLINED];
	size_t count;
};

static void emit(struct lookup *lookup, const char *function, bool inlined)
{
	struct hg_resolved_frame *frame = &lookup->found[lookup->count++];

	*frame = lookup->frame;
	frame->function = function;
	frame->file = lookup->file;
	frame->line = lookup->line;
	frame->language = lookup->language;
	frame->inlined = inlined;
}

static const char *folder_of(Dwarf_Die *unit)
{
	Dwarf_Attribute attribute;

	return dwarf_attr(unit, DW_AT_comp_dir, &attribute) ? dwarf_formstring(&attribute) : NULL;
}

static void find_line(struct lookup *lookup, Dwarf_Die *unit, Dwarf_Addr bias)
{
	int line = 0;
	Dwarf_Line *found = dwarf_getsrc_die(unit, lookup->address - bias);
	const char *file = found ? dwarf_linesrc(found, NULL, NULL) : NULL;

	if (!file || dwarf_lineno(found, &line) != 0)
		return;
	lookup->file = hg_dwarf_path(lookup->model, folder_of(unit), file);
	lookup->line = line;
}

/* The line from which an inlined function was called: that of the frame outside it. */
static void move_to_call(struct lookup *lookup, Dwarf_Die *unit, Dwarf_Die *inlined)
{
	Dwarf_Attribute attribute;
	Dwarf_Word file = 0;
	Dwarf_Word line = 0;
	Dwarf_Files *files;
	size_t count;

	lookup->file = NULL;
	lookup->line = 0;
	if (dwarf_formudata(dwarf_attr(inlined, DW_AT_call_file, &attribute), &file) != 0 ||
	    dwarf_formudata(dwarf_attr(inlined, DW_AT_call_line, &attribute), &line) != 0 ||
	    dwarf_getsrcfiles(unit, &files, &count) != 0 || file >= count)
		return;
	lookup->file = hg_dwarf_path(lookup->model, folder_of(unit), dwarf_filesrc(files, file, NULL, NULL));
	lookup->line = lookup->file ? (int)line : 0;
}

/* The blocks and functions around an address as they lie in the code: first what dwarf_getscopes calls innermost, then
 * its parents. (For an inlined function dwarf_getscopes itself goes on with where it was written.) */
static int get_scopes(Dwarf_Die *unit, Dwarf_Addr address, Dwarf_Die **scopes)
{
	Dwarf_Die *inner = NULL;
	int count = dwarf_getscopes(unit, address, &inner);

	if (count <= 0)
		return 0;
	Dwarf_Die first = inner[0];
	free(inner);
	return dwarf_getscopes_die(&first, scopes);
}

static void emit_scopes(struct lookup *lookup, Dwarf_Die *unit, Dwarf_Addr bias)
{
	Dwarf_Die *scopes = NULL;
	int count = get_scopes(unit, lookup->address - bias, &scopes);

	for (int i = 0; i < count && lookup->count < MOST_INLINED - 1; i++) {
		int tag = dwarf_tag(&scopes[i]);
		if (tag == DW_TAG_inlined_subroutine) {
			emit(lookup, hg_dwarf_function(lookup->model, &scopes[i], lookup->language), true);
			move_to_call(lookup, unit, &scopes[i]);
		} else if (tag == DW_TAG_subprogram) {
			emit(lookup, hg_dwarf_function(lookup->model, &scopes[i], lookup->language), false);
			break;
		}
	}
	free(scopes);
}

static const char *symbol_name(struct lookup *lookup)
{
	const char *name = dwfl_module_addrname(lookup->object->module, lookup->address);

	return name ? hg_demangle(lookup->model, hg_model_string(lookup->model, name)) : NULL;
}

static bool has_address(Dwarf_Die *unit, Dwarf_Addr address)
{
	return unit && dwarf_haspc(unit, address) > 0;
}

/* The unit that was compiled to this address. Some compilers (clang, go, rustc) write no index of addresses; then
 * libdwfl finds nothing, or a neighbour that has one. */
static Dwarf_Die *find_unit(struct lookup *lookup, Dwarf_Addr *bias)
{
	Dwarf_Die *unit = dwfl_module_addrdie(lookup->object->module, lookup->address, bias);

	if (has_address(unit, lookup->address - *bias))
		return unit;
	unit = NULL;
	while ((unit = dwfl_module_nextcu(lookup->object->module, unit, bias)))
		if (has_address(unit, lookup->address - *bias))
			break;
	return unit;
}

/* Symbols are the last resort for the outermost function: DWARF knows the name as it was written. */
static void look_up(struct lookup *lookup)
{
	Dwarf_Addr bias = 0;
	Dwarf_Die *unit = find_unit(lookup, &bias);

	if (unit) {
		lookup->language = hg_dwarf_language(unit);
		find_line(lookup, unit, bias);
		emit_scopes(lookup, unit, bias);
	}
	if (lookup->count == 0 || lookup->found[lookup->count - 1].inlined)
		emit(lookup, NULL, false);
	struct hg_resolved_frame *outermost = &lookup->found[lookup->count - 1];
	if (!outermost->function)
		outermost->function = symbol_name(lookup);
}

/* What is looked up is the call, that is the byte before the return address: the next line, or even the next function,
 * may begin there. */
static void look_up_pc(struct lookup *lookup, const struct hg_recording *recording, uint64_t pc, uint64_t ticks)
{
	const struct hg_record_module *module = hg_find_module(&recording->reader, pc - (pc != 0), ticks);

	lookup->frame = (struct hg_resolved_frame){.pc = pc, .object = "", .offset = pc};
	if (module) {
		const char *path = hg_reader_text(&recording->reader, module->path);
		lookup->frame.object = hg_model_string(lookup->model, path);
		lookup->frame.offset = pc - module->load_bias;
		lookup->object = get_object(symbolizer_of(lookup->model), path, module);
		lookup->address = lookup->frame.offset + lookup->object->bias - 1;
	}
	if (lookup->object && lookup->object->module)
		look_up(lookup);
	else
		emit(lookup, NULL, false);
}

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
		struct lookup lookup = {.model = model};
		if (is_runtimes(recording, pcs[i], ticks))
			continue;
		look_up_pc(&lookup, recording, pcs[i], ticks);
		struct hg_resolved_frame *frames = hg_model_take(model, (stack.count + lookup.count) * sizeof(*frames));
		if (stack.count > 0)
			memcpy(frames, stack.frames, stack.count * sizeof(*frames));
		memcpy(frames + stack.count, lookup.found, lookup.count * sizeof(*frames));
		stack.frames = frames;
		stack.count += lookup.count;
	}
	return stack;
}
