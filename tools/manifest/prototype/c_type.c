#include "manifest/prototype/c_type.h"

#include <stdlib.h>
#include <string.h>

void hg_c_type_drop(struct hg_c_type *type)
{
	while (type) {
		struct hg_c_type *to = type->to;
		free(type->spelling);
		free(type->alias);
		free(type->name);
		free(type);
		type = to;
	}
}

bool hg_c_is_plain_pointer(const struct hg_c_type *type)
{
	return type->kind == HG_C_POINTER && type->to && type->to->kind != HG_C_POINTER &&
	       type->to->kind != HG_C_FUNCTION;
}

/* Typedefs that say how wide a number is, or what is counted, not which thing it names. */
static bool is_common(const char *alias)
{
	static const char *const words[] = {"size_t",   "ssize_t", "ptrdiff_t", "off_t",     "off64_t",   "time_t",
	                                    "wchar_t",  "wint_t",  "bool",      "Bool",      "BOOL",      "boolean",
	                                    "gboolean", "mode_t",  "uid_t",     "gid_t",     "pid_t",     "socklen_t",
	                                    "clock_t",  "byte",    "uint",      "ulong",     "clockid_t", "useconds_t",
	                                    "char",     "dev_t",   "ino_t",     "pthread_t", "va_list",   "gpointer",
	                                    "gsize",    "gssize",  "gchar",     "gint",      "guint",     "guchar"};
	size_t digits = strcspn(alias, "0123456789");

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(alias, words[i]) == 0)
			return true;
	/* uint32_t, sqlite3_int64, u64, guint8 */
	return alias[digits] && (strstr(alias, "int") || digits <= 2) && !strchr(alias + digits, '*') &&
	       strspn(alias + digits, "0123456789_t") == strlen(alias + digits);
}

const char *hg_c_identity(const struct hg_c_type *type)
{
	if (type->kind == HG_C_INTEGER)
		return type->alias && !is_common(type->alias) ? type->alias : NULL;
	if (!hg_c_is_plain_pointer(type))
		return NULL;
	if (type->to->kind == HG_C_RECORD)
		return type->to->name;
	if (type->to->kind != HG_C_VOID)
		return NULL;
	if (type->to->alias && !is_common(type->to->alias))
		return type->to->alias;
	return type->alias && !is_common(type->alias) ? type->alias : NULL;
}

static enum hg_type integer_of(const struct hg_c_type *type)
{
	static const enum hg_type with_sign[] = {HG_TYPE_I8, HG_TYPE_I16, HG_TYPE_I32, HG_TYPE_I64};
	static const enum hg_type without[] = {HG_TYPE_U8, HG_TYPE_U16, HG_TYPE_U32, HG_TYPE_U64};
	unsigned index = type->bytes == 1 ? 0 : type->bytes == 2 ? 1 : type->bytes == 4 ? 2 : 3;

	return type->is_signed ? with_sign[index] : without[index];
}

enum hg_type hg_c_as_result(const struct hg_c_type *type)
{
	switch (type->kind) {
	case HG_C_INTEGER:
		return integer_of(type);
	case HG_C_REAL:
		return type->bytes == 4 ? HG_TYPE_FLOAT : HG_TYPE_DOUBLE;
	case HG_C_POINTER:
	case HG_C_FUNCTION:
		return HG_TYPE_POINTER;
	case HG_C_RECORD:
	case HG_C_OTHER:
		return HG_TYPE_STRUCT;
	default:
		return HG_TYPE_VOID;
	}
}
