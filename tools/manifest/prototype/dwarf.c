#include "manifest/prototype/dwarf.h"

#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"
#include "manifest/prototype/dwarf_type.h"

static size_t count_parameters(Dwarf_Die *function)
{
	Dwarf_Die child;
	size_t count = 0;

	if (dwarf_child(function, &child) != 0)
		return 0;
	do
		count += dwarf_tag(&child) == DW_TAG_formal_parameter;
	while (dwarf_siblingof(&child, &child) == 0);
	return count;
}

static void read_parameters(Dwarf_Die *function, struct hg_prototype *prototype)
{
	Dwarf_Die child;

	prototype->parameters = hg_allocate(count_parameters(function), sizeof(*prototype->parameters));
	if (dwarf_child(function, &child) != 0)
		return;
	do {
		prototype->is_variadic |= dwarf_tag(&child) == DW_TAG_unspecified_parameters;
		if (dwarf_tag(&child) != DW_TAG_formal_parameter)
			continue;
		const char *name = dwarf_diename(&child);
		struct hg_c_parameter *parameter = &prototype->parameters[prototype->parameter_count++];
		parameter->name = name ? hg_copy_text(name, strlen(name)) : NULL;
		parameter->type = hg_dwarf_type(&child);
	} while (dwarf_siblingof(&child, &child) == 0);
}

static bool is_for_others(Dwarf_Die *function)
{
	Dwarf_Attribute attribute;
	bool external = false;

	return dwarf_tag(function) == DW_TAG_subprogram &&
	       dwarf_formflag(dwarf_attr_integrate(function, DW_AT_external, &attribute), &external) == 0 && external &&
	       !dwarf_hasattr(function, DW_AT_declaration);
}

static void read_function(struct hg_prototypes *prototypes, Dwarf_Die *function)
{
	const char *name = is_for_others(function) ? dwarf_diename(function) : NULL;
	struct hg_prototype *prototype = name ? hg_prototype_add(prototypes, name) : NULL;
	const char *file = prototype ? dwarf_decl_file(function) : NULL;
	int line = 0;

	if (!prototype)
		return;
	dwarf_decl_line(function, &line);
	prototype->place = hg_format("%s:%d", file ? file : "?", line);
	prototype->returns = hg_dwarf_type(function);
	read_parameters(function, prototype);
	hg_prototype_lay_out(prototype);
}

static void read_units(struct hg_prototypes *prototypes, Dwarf *dwarf)
{
	Dwarf_CU *unit = NULL;
	Dwarf_Die top, child;
	uint8_t kind;

	while (dwarf_get_units(dwarf, unit, &unit, NULL, &kind, &top, NULL) == 0) {
		if (kind != DW_UT_compile || dwarf_child(&top, &child) != 0)
			continue;
		do
			read_function(prototypes, &child);
		while (dwarf_siblingof(&child, &child) == 0);
	}
}

bool hg_dwarf_read(struct hg_prototypes *prototypes, const char *path)
{
	static const Dwfl_Callbacks callbacks = {
	    .find_elf = dwfl_build_id_find_elf,
	    .find_debuginfo = dwfl_standard_find_debuginfo,
	    .section_address = dwfl_offline_section_address,
	};
	unsetenv("DEBUGINFOD_URLS"); /* no server is asked */
	Dwfl *dwfl = dwfl_begin(&callbacks);
	Dwfl_Module *module = dwfl ? dwfl_report_offline(dwfl, path, path, -1) : NULL;
	Dwarf_Addr bias;

	if (dwfl)
		dwfl_report_end(dwfl, NULL, NULL);
	Dwarf *dwarf = module ? dwfl_module_getdwarf(module, &bias) : NULL;
	if (dwarf)
		read_units(prototypes, dwarf);
	dwfl_end(dwfl);
	return prototypes->table;
}
