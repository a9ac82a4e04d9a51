/* Numbers, errno names, types and conditions, as a manifest writes them. Knows no YAML. */
#ifndef HG_MANIFEST_MODEL_VALUE_H
#define HG_MANIFEST_MODEL_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "format/image.h"

/* Wide enough for every signed and unsigned integer of 64 bits. */
__extension__ typedef __int128 hg_wide;

enum hg_value_kind { HG_VALUE_INTEGER, HG_VALUE_REAL, HG_VALUE_NULL };

struct hg_value {
	enum hg_value_kind kind;
	hg_wide integer;
	double real;
};

/* The words for types in a manifest; NULL-terminated. `int` and `long` stand for int32 and int64. */
extern const char *const hg_type_words[];
extern const char *const hg_class_type_words[];
enum hg_type hg_type_of_word(const char *word);
const char *hg_type_name(enum hg_type type);

unsigned hg_type_width(enum hg_type type);  /* bytes; 0 for void and for a struct */
bool hg_type_is_integer(enum hg_type type); /* a pointer is none */
bool hg_type_is_real(enum hg_type type);
/* The bits of the first argument register that count in a handle of this type. */
uint64_t hg_type_mask(enum hg_type type);

/* A decimal or 0x integer. */
bool hg_parse_integer(const char *text, hg_wide *value);
/* The number of an errno name such as EPIPE. */
bool hg_parse_errno(const char *text, int *number);
/* Integer, EPIPE, -EPIPE, null, or floating-point number. */
bool hg_parse_value(const char *text, struct hg_value *value);
/* "OP VALUE"; VALUE is no floating-point number. */
bool hg_parse_condition(const char *text, enum hg_test *test, struct hg_value *value);

/* The bits of a result of that type that has that value; false if the type cannot hold it. */
bool hg_value_bits(const struct hg_value *value, enum hg_type type, uint64_t *bits);

#endif
