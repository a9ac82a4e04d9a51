/* Types of C, as far as a manifest needs them. */
#ifndef HG_MANIFEST_PROTOTYPE_C_TYPE_H
#define HG_MANIFEST_PROTOTYPE_C_TYPE_H

#include <stdbool.h>
#include <stdint.h>

#include "format/image.h"

enum hg_c_kind {
	HG_C_VOID,
	HG_C_INTEGER, /* an enumeration too */
	HG_C_REAL,    /* float and double */
	HG_C_POINTER,
	HG_C_RECORD, /* struct or union */
	HG_C_FUNCTION,
	HG_C_OTHER /* long double, complex, vectors: travels in ways that no manifest speaks of */
};

struct hg_c_type {
	enum hg_c_kind kind;
	unsigned bytes; /* 0: not known, as of a struct that is only declared */
	unsigned reals; /* of a record: bit N: its eightbyte N holds floating-point numbers only */
	bool is_signed;
	bool is_const;
	bool is_array;        /* a pointer that is written as an array, as a parameter can be */
	char *spelling;       /* as the source has it */
	char *alias;          /* the typedef by which it is called; null: none */
	char *name;           /* of a record or an enumeration, or the typedef that stands for it; null: none */
	struct hg_c_type *to; /* of a pointer */
};

void hg_c_type_drop(struct hg_c_type *type);

/* A pointer to something else than a pointer, and not to a function. */
bool hg_c_is_plain_pointer(const struct hg_c_type *type);

/* By what a type is known to be that of a handle: the name of what a pointer points to, or of a typedef that stands for
 * an untyped pointer or for an integer. Null: such values may be anything (void *, char *, int). */
const char *hg_c_identity(const struct hg_c_type *type);

/* As a manifest's `returns`; HG_TYPE_STRUCT for a record, whether it comes back in registers or in memory. */
enum hg_type hg_c_as_result(const struct hg_c_type *type);

#endif
