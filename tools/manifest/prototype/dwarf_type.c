#include "manifest/prototype/dwarf_type.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"

enum { EIGHTBYTE = 8, MOST_NESTED = 8 };

static bool type_of(Dwarf_Die *entry, Dwarf_Die *type)
{
	Dwarf_Attribute attribute;

	return dwarf_attr_integrate(entry, DW_AT_type, &attribute) && dwarf_formref_die(&attribute, type);
}

static char *name_of(Dwarf_Die *type)
{
	const char *name = dwarf_diename(type);

	return name ? hg_copy_text(name, strlen(name)) : NULL;
}

static bool is_qualifier(int tag)
{
	return tag == DW_TAG_const_type || tag == DW_TAG_volatile_type || tag == DW_TAG_restrict_type ||
	       tag == DW_TAG_atomic_type;
}

/* Looks through typedefs and qualifiers; false: what is left is void. */
static bool look_through(Dwarf_Die *type, struct hg_c_type *made)
{
	for (int tag = dwarf_tag(type); tag == DW_TAG_typedef || is_qualifier(tag); tag = dwarf_tag(type)) {
		if (tag == DW_TAG_typedef && !made->alias)
			made->alias = name_of(type);
		made->is_const |= tag == DW_TAG_const_type;
		if (!type_of(type, type))
			return false;
	}
	return true;
}

static enum hg_c_kind kind_of_base(Dwarf_Die *type, struct hg_c_type *made)
{
	Dwarf_Attribute attribute;
	Dwarf_Word encoding = 0;

	dwarf_formudata(dwarf_attr_integrate(type, DW_AT_encoding, &attribute), &encoding);
	made->is_signed = encoding == DW_ATE_signed || encoding == DW_ATE_signed_char;
	if (encoding == DW_ATE_float)
		return made->bytes <= EIGHTBYTE ? HG_C_REAL : HG_C_OTHER;
	return encoding == DW_ATE_complex_float || made->bytes > EIGHTBYTE ? HG_C_OTHER : HG_C_INTEGER;
}

static enum hg_c_kind kind_of(Dwarf_Die *type, struct hg_c_type *made)
{
	switch (dwarf_tag(type)) {
	case DW_TAG_base_type:
		return kind_of_base(type, made);
	case DW_TAG_enumeration_type:
		return HG_C_INTEGER;
	case DW_TAG_pointer_type:
	case DW_TAG_array_type:
		return HG_C_POINTER;
	case DW_TAG_structure_type:
	case DW_TAG_class_type:
	case DW_TAG_union_type:
		return HG_C_RECORD;
	case DW_TAG_subroutine_type:
		return HG_C_FUNCTION;
	default:
		return HG_C_OTHER;
	}
}

/* ---- Which eightbytes of a record hold floating-point numbers only ---- */

struct members {
	unsigned integers, reals; /* bit N: eightbyte N holds one */
};

static void look_into(struct members *members, Dwarf_Die *record, Dwarf_Word start, unsigned depth)
{
	Dwarf_Die member, type;
	Dwarf_Attribute attribute;

	if (depth == MOST_NESTED || dwarf_child(record, &member) != 0)
		return;
	do {
		struct hg_c_type made = {0};
		Dwarf_Word at = 0;
		if (dwarf_tag(&member) != DW_TAG_member || !type_of(&member, &type))
			continue;
		dwarf_formudata(dwarf_attr(&member, DW_AT_data_member_location, &attribute), &at);
		bool known = look_through(&type, &made);
		made.bytes = (unsigned)dwarf_bytesize(&type);
		enum hg_c_kind kind = known ? kind_of(&type, &made) : HG_C_OTHER;
		free(made.alias);
		if (kind == HG_C_RECORD)
			look_into(members, &type, start + at, depth + 1);
		else if (start + at < 2 * EIGHTBYTE)
			*(kind == HG_C_REAL ? &members->reals : &members->integers) |= 1u << (start + at) / EIGHTBYTE;
	} while (dwarf_siblingof(&member, &member) == 0);
}

static unsigned reals_of(Dwarf_Die *record)
{
	struct members members = {0};

	look_into(&members, record, 0, 0);
	return members.reals & ~members.integers;
}

/* ---- The type as a whole ---- */

static char *spell(const struct hg_c_type *type)
{
	const char *plain = type->kind == HG_C_VOID ? "void" : type->kind == HG_C_FUNCTION ? "function" : "?";
	const char *name = type->alias ? type->alias : type->name ? type->name : plain;

	if (type->kind == HG_C_POINTER && !type->alias)
		return hg_format("%s%s*", type->to->spelling, strchr(type->to->spelling, '*') ? "" : " ");
	return hg_format("%s%s%s", type->is_const ? "const " : "",
	                 type->kind == HG_C_RECORD && !type->alias ? "struct " : "", name);
}

static bool is_named(enum hg_c_kind kind, Dwarf_Die *type)
{
	return kind == HG_C_RECORD || (kind == HG_C_INTEGER && dwarf_tag(type) == DW_TAG_enumeration_type);
}

static struct hg_c_type *convert(Dwarf_Die *entry, bool behind_pointer)
{
	struct hg_c_type *made = hg_allocate(1, sizeof(*made));
	Dwarf_Die type;

	made->kind = HG_C_VOID;
	if (type_of(entry, &type) && look_through(&type, made)) {
		int size = dwarf_bytesize(&type);
		made->bytes = size > 0 ? (unsigned)size : 0;
		made->kind = kind_of(&type, made);
		if (made->kind != HG_C_POINTER && made->kind != HG_C_FUNCTION)
			made->name = name_of(&type);
		bool may_be_nameless = made->kind == HG_C_RECORD || dwarf_tag(&type) == DW_TAG_enumeration_type;
		if (may_be_nameless && !made->name && made->alias)
			made->name = hg_copy_text(made->alias, strlen(made->alias));
	}
	if (made->kind == HG_C_POINTER) {
		made->bytes = sizeof(void *);
		made->to = convert(&type, true);
	}
	if (made->kind == HG_C_RECORD && behind_pointer)
		made->bytes = 0;
	else if (made->kind == HG_C_RECORD && made->bytes <= 2 * EIGHTBYTE)
		made->reals = reals_of(&type);
	made->spelling = spell(made);
	if (!is_named(made->kind, &type)) {
		free(made->name); /* `int` is no name of a thing */
		made->name = NULL;
	}
	return made;
}

struct hg_c_type *hg_dwarf_type(Dwarf_Die *entry)
{
	return convert(entry, false);
}
