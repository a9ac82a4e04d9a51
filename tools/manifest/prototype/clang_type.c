#include "manifest/prototype/clang_type.h"

#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"

enum { EIGHTBYTE = 8, MOST_NESTED = 8 };

static bool is_array(int kind)
{
	return kind >= HG_CLANG_ARRAY && kind <= HG_CLANG_ARRAY_VARIABLE && kind != HG_CLANG_ARRAY + 1;
}

static enum hg_c_kind kind_of(int kind)
{
	if (kind == HG_CLANG_VOID)
		return HG_C_VOID;
	if ((kind >= HG_CLANG_BOOL && kind <= HG_CLANG_LAST_INTEGER) || kind == HG_CLANG_ENUM)
		return HG_C_INTEGER;
	if (kind == HG_CLANG_FLOAT || kind == HG_CLANG_DOUBLE)
		return HG_C_REAL;
	if (kind == HG_CLANG_POINTER || is_array(kind))
		return HG_C_POINTER; /* a parameter that is written as an array is a pointer */
	if (kind == HG_CLANG_RECORD)
		return HG_C_RECORD;
	if (kind == HG_CLANG_FUNCTION_PROTO || kind == HG_CLANG_FUNCTION_NO_PROTO)
		return HG_C_FUNCTION;
	return HG_C_OTHER;
}

/* ---- Which eightbytes of a record hold floating-point numbers only ---- */

struct members {
	const struct hg_libclang *clang;
	unsigned integers, reals; /* bit N: eightbyte N holds one */
	unsigned long long start; /* of the record that is looked into, in bytes */
	unsigned depth;
};

static void look_at(struct members *members, struct hg_clang_type type, unsigned long long start);

static int look_at_field(struct hg_clang_cursor field, void *context)
{
	struct members *members = context;
	long long bits = members->clang->Cursor_getOffsetOfField(field);

	if (bits >= 0)
		look_at(members, members->clang->getCursorType(field), members->start + (unsigned long long)bits / 8);
	return HG_CLANG_CONTINUE;
}

static void look_into(struct members *members, struct hg_clang_type type, unsigned long long start)
{
	unsigned long long outer = members->start;

	if (members->depth == MOST_NESTED)
		return;
	members->depth++;
	members->start = start;
	members->clang->Type_visitFields(type, look_at_field, members);
	members->start = outer;
	members->depth--;
}

static void look_at(struct members *members, struct hg_clang_type type, unsigned long long start)
{
	struct hg_clang_type real = members->clang->getCanonicalType(type);

	if (start >= 2 * EIGHTBYTE)
		return;
	if (is_array(real.kind)) {
		struct hg_clang_type element = members->clang->getArrayElementType(real);
		long long size = members->clang->Type_getSizeOf(element), count = members->clang->getArraySize(real);
		for (long long i = 0; i < count && i < 2 * EIGHTBYTE && size > 0; i++)
			look_at(members, element, start + (unsigned long long)(i * size));
	} else if (real.kind == HG_CLANG_RECORD) {
		look_into(members, real, start);
	} else {
		bool is_real = kind_of(real.kind) == HG_C_REAL;
		*(is_real ? &members->reals : &members->integers) |= 1u << start / EIGHTBYTE;
	}
}

static unsigned reals_of(const struct hg_libclang *clang, struct hg_clang_type record)
{
	struct members members = {.clang = clang};

	look_into(&members, record, 0);
	return members.reals & ~members.integers;
}

/* ---- Names ---- */

/* The name of a record without `struct`; one that has none is called by its typedef. */
static char *name_of(const struct hg_libclang *clang, struct hg_clang_type real)
{
	char *name = hg_clang_text(clang, clang->getCursorSpelling(clang->getTypeDeclaration(real)));

	if (name && !strchr(name, '(') && !strchr(name, ' '))
		return name;
	free(name);
	char *whole = hg_clang_text(clang, clang->getTypeSpelling(real));
	const char *last = whole && !strchr(whole, '(') ? strrchr(whole, ' ') : NULL;
	char *short_name = NULL;
	if (whole && !strchr(whole, '('))
		short_name = last ? hg_copy_text(last + 1, strlen(last + 1)) : hg_copy_text(whole, strlen(whole));
	free(whole);
	return short_name;
}

/* The typedef by which the type is called at this place. */
static char *alias_of(const struct hg_libclang *clang, struct hg_clang_type type)
{
	struct hg_clang_cursor declaration = clang->getTypeDeclaration(type);
	bool is_typedef = clang->getTypedefDeclUnderlyingType(declaration).kind != 0;

	return is_typedef ? hg_clang_text(clang, clang->getCursorSpelling(declaration)) : NULL;
}

/* What a pointer points to, with the typedef that the source calls it by: that of `CURL *` is CURL, though the typedef
 * of a pointer has to be looked through first. */
static struct hg_clang_type pointee_of(const struct hg_libclang *clang, struct hg_clang_type type)
{
	struct hg_clang_type at = type;

	for (int i = 0; i < MOST_NESTED; i++) {
		struct hg_clang_type to =
		    is_array(at.kind) ? clang->getArrayElementType(at) : clang->getPointeeType(at);
		if (to.kind != 0)
			return to;
		at = clang->getTypedefDeclUnderlyingType(clang->getTypeDeclaration(at));
	}
	struct hg_clang_type real = clang->getCanonicalType(type);
	return is_array(real.kind) ? clang->getArrayElementType(real) : clang->getPointeeType(real);
}

static bool is_signed(const struct hg_libclang *clang, struct hg_clang_type real)
{
	if (real.kind == HG_CLANG_ENUM)
		real = clang->getCanonicalType(clang->getEnumDeclIntegerType(clang->getTypeDeclaration(real)));
	return real.kind >= HG_CLANG_FIRST_SIGNED;
}

struct hg_c_type *hg_clang_type(const struct hg_libclang *clang, struct hg_clang_type type)
{
	struct hg_clang_type real = clang->getCanonicalType(type);
	struct hg_c_type *made = hg_allocate(1, sizeof(*made));
	long long size = clang->Type_getSizeOf(real);

	made->kind = kind_of(real.kind);
	made->bytes = made->kind == HG_C_POINTER ? sizeof(void *) : size > 0 ? (unsigned)size : 0;
	made->is_const = clang->isConstQualifiedType(type);
	made->is_array = is_array(type.kind);
	made->spelling = hg_clang_text(clang, clang->getTypeSpelling(type));
	made->alias = alias_of(clang, type);
	if (made->kind == HG_C_INTEGER)
		made->is_signed = is_signed(clang, real);
	if (made->kind == HG_C_RECORD || real.kind == HG_CLANG_ENUM)
		made->name = name_of(clang, real);
	if (made->kind == HG_C_RECORD && made->bytes && made->bytes <= 2 * EIGHTBYTE)
		made->reals = reals_of(clang, real);
	if (made->kind == HG_C_POINTER)
		made->to = hg_clang_type(clang, pointee_of(clang, type));
	return made;
}
