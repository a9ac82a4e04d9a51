#include "report/symbols/dwarf_names.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

static const struct language {
	int code;
	const char *name;
} languages[] = {
    {DW_LANG_C89, "c"},
    {DW_LANG_C, "c"},
    {DW_LANG_C99, "c"},
    {DW_LANG_C11, "c"},
    {0x2c, "c"}, /* C17 */
    {DW_LANG_C_plus_plus, "c++"},
    {DW_LANG_C_plus_plus_03, "c++"},
    {DW_LANG_C_plus_plus_11, "c++"},
    {DW_LANG_C_plus_plus_14, "c++"},
    {0x2b, "c++"}, /* C++20 */
    {0x2a, "c++"}, /* C++17 */
    {DW_LANG_Rust, "rust"},
    {DW_LANG_Go, "go"},
    {DW_LANG_Swift, "swift"},
    {DW_LANG_D, "d"},
    {DW_LANG_Fortran90, "fortran"},
    {DW_LANG_ObjC, "objective-c"},
    {DW_LANG_Mips_Assembler, "asm"},
};

const char *hg_dwarf_language(Dwarf_Die *unit)
{
	int code = dwarf_srclang(unit);

	for (size_t i = 0; i < sizeof(languages) / sizeof(*languages); i++)
		if (languages[i].code == code)
			return languages[i].name;
	return NULL;
}

/* C++ and Rust nest their names; the names of other languages stand alone or are complete. */
static bool nests(const char *language)
{
	return language && (strcmp(language, "c++") == 0 || strcmp(language, "rust") == 0);
}

static bool is_class(Dwarf_Die *die)
{
	int tag = dwarf_tag(die);

	return tag == DW_TAG_class_type || tag == DW_TAG_structure_type;
}

/* Null: the scope says nothing. */
static const char *scope_name(Dwarf_Die *scope, bool holds_class)
{
	const char *name = dwarf_diename(scope);

	if (dwarf_tag(scope) == DW_TAG_namespace || (dwarf_tag(scope) == DW_TAG_subprogram && holds_class))
		return name;
	return is_class(scope) ? name ? name : "{lambda}" : NULL;
}

/* Where a function was declared: at the end of its abstract origin and its specification. */
static Dwarf_Die declaration(Dwarf_Die *function)
{
	Dwarf_Die die = *function;
	Dwarf_Die next;
	Dwarf_Attribute attribute;

	for (int hops = 0; hops < 8; hops++) {
		if (!dwarf_attr(&die, DW_AT_abstract_origin, &attribute) &&
		    !dwarf_attr(&die, DW_AT_specification, &attribute))
			break;
		if (!dwarf_formref_die(&attribute, &next))
			break;
		die = next;
	}
	return die;
}

static const char *scoped_name(struct hg_model *model, Dwarf_Die *function, const char *name)
{
	Dwarf_Die declared = declaration(function);
	Dwarf_Die *scopes = NULL;
	int count = dwarf_getscopes_die(&declared, &scopes);
	const char *full = hg_model_string(model, name);

	for (int i = 1; i < count; i++) {
		const char *scope = scope_name(&scopes[i], is_class(&scopes[i - 1]));
		if (scope)
			full = hg_model_printf(model, "%s::%s", hg_model_string(model, scope), full);
	}
	free(scopes);
	return full;
}

const char *hg_dwarf_function(struct hg_model *model, Dwarf_Die *function, const char *language)
{
	const char *name = dwarf_diename(function);

	if (!name)
		return NULL;
	return nests(language) ? scoped_name(model, function, name) : hg_model_string(model, name);
}

const char *hg_dwarf_path(struct hg_model *model, const char *folder, const char *file)
{
	if (!file)
		return NULL;
	if (file[0] == '/' || !folder)
		return hg_model_string(model, file);
	return hg_model_printf(model, "%s/%s", hg_model_string(model, folder), hg_model_string(model, file));
}
