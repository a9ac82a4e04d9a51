#include "report/symbols/object_frames.h"

#include <dwarf.h>

#include "report/symbols/demangle.h"
#include "report/symbols/dwarf_names.h"

/* One program counter on its way to frames. */
struct lookup {
	struct hg_model *model;
	const struct hg_object *object;
	Dwarf_Addr address; /* in libdwfl's view */
	const char *file;
	int line;
	const char *language;
	const struct hg_resolved_frame *common; /* what all of its frames have in common */
	struct hg_resolved_frame *found;
	size_t count;
};

static void emit(struct lookup *lookup, const char *function, bool inlined)
{
	struct hg_resolved_frame *frame = &lookup->found[lookup->count++];

	*frame = *lookup->common;
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

/* The functions around an address, as they lie in the code: outermost first. Deeper ones than there is room for stay
 * out. */
struct scopes {
	Dwarf_Addr address;
	Dwarf_Die function[HG_MOST_INLINED];
	int count;
};

static bool holds_functions(int tag)
{
	return tag == DW_TAG_namespace || tag == DW_TAG_class_type || tag == DW_TAG_structure_type ||
	       tag == DW_TAG_union_type || tag == DW_TAG_module;
}

/* Not by dwarf_getscopes, which goes on with where an inlined function was written, and finds nothing where that is
 * another unit, as after an optimization at link time. */
static bool descend(struct scopes *scopes, Dwarf_Die *parent)
{
	Dwarf_Die die;

	if (dwarf_child(parent, &die) != 0)
		return false;
	do {
		int tag = dwarf_tag(&die);
		bool is_function = tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine;
		if (holds_functions(tag) && descend(scopes, &die))
			return true;
		if ((!is_function && tag != DW_TAG_lexical_block) || dwarf_haspc(&die, scopes->address) <= 0)
			continue;
		if (is_function && scopes->count < HG_MOST_INLINED)
			scopes->function[scopes->count++] = die;
		descend(scopes, &die);
		return true;
	} while (dwarf_siblingof(&die, &die) == 0);
	return false;
}

static void emit_scopes(struct lookup *lookup, Dwarf_Die *unit, Dwarf_Addr bias)
{
	struct scopes scopes = {.address = lookup->address - bias};

	descend(&scopes, unit);
	for (int i = scopes.count; i-- > 0 && lookup->count < HG_MOST_INLINED - 1;) {
		Dwarf_Die *function = &scopes.function[i];
		bool inlined = dwarf_tag(function) == DW_TAG_inlined_subroutine;
		emit(lookup, hg_dwarf_function(lookup->model, function, lookup->language), inlined);
		if (!inlined)
			break;
		move_to_call(lookup, unit, function);
	}
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

size_t hg_object_frames(struct hg_model *model, const struct hg_object *object, const struct hg_resolved_frame *common,
                        struct hg_resolved_frame found[HG_MOST_INLINED])
{
	struct lookup lookup = {
	    .model = model,
	    .object = object,
	    .address = common->offset + object->bias - 1,
	    .common = common,
	    .found = found,
	};

	look_up(&lookup);
	return lookup.count;
}
