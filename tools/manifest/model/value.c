#include "manifest/model/value.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *const hg_type_words[] = {"void",   "int8",    "int16", "int32",  "int64",  "uint8", "uint16", "uint32",
                                     "uint64", "pointer", "float", "double", "struct", "int",   "long",   NULL};
const char *const hg_class_type_words[] = {"pointer", "int8",   "int16",  "int32",  "int64",
                                           "uint8",   "uint16", "uint32", "uint64", NULL};

static const struct {
	unsigned width;
	bool integer, is_signed, real;
} types[] = {
    [HG_TYPE_VOID] = {0},
    [HG_TYPE_I8] = {1, true, true, false},
    [HG_TYPE_I16] = {2, true, true, false},
    [HG_TYPE_I32] = {4, true, true, false},
    [HG_TYPE_I64] = {8, true, true, false},
    [HG_TYPE_U8] = {1, true, false, false},
    [HG_TYPE_U16] = {2, true, false, false},
    [HG_TYPE_U32] = {4, true, false, false},
    [HG_TYPE_U64] = {8, true, false, false},
    [HG_TYPE_POINTER] = {8, false, false, false},
    [HG_TYPE_FLOAT] = {4, false, true, true},
    [HG_TYPE_DOUBLE] = {8, false, true, true},
    [HG_TYPE_STRUCT] = {0},
};

/* The words are in the order of enum hg_type; the two behind them are C's names. */
enum hg_type hg_type_of_word(const char *word)
{
	for (unsigned i = 0; i <= HG_TYPE_STRUCT; i++)
		if (strcmp(word, hg_type_words[i]) == 0)
			return (enum hg_type)i;
	return strcmp(word, "int") != 0 ? HG_TYPE_I64 : HG_TYPE_I32;
}

const char *hg_type_name(enum hg_type type)
{
	return hg_type_words[type];
}

unsigned hg_type_width(enum hg_type type)
{
	return types[type].width;
}

bool hg_type_is_integer(enum hg_type type)
{
	return types[type].integer;
}

bool hg_type_is_real(enum hg_type type)
{
	return types[type].real;
}

uint64_t hg_type_mask(enum hg_type type)
{
	unsigned width = types[type].width;

	return width == 0 || width == 8 ? UINT64_MAX : (1ull << (8 * width)) - 1;
}

bool hg_parse_integer(const char *text, hg_wide *value)
{
	bool negative = *text == '-';
	const char *digits = text + (negative || *text == '+');
	bool hex = digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
	char *end;

	digits += hex ? 2 : 0;
	if (!isxdigit((unsigned char)*digits) || (digits[0] == '0' && digits[1] && !hex))
		return false; /* a leading zero means octal to some readers and decimal to others */
	errno = 0;
	unsigned long long magnitude = strtoull(digits, &end, hex ? 16 : 10);
	if (errno || *end)
		return false;
	*value = negative ? -(hg_wide)magnitude : (hg_wide)magnitude;
	return true;
}

/* All names of errno.h, two of one number too: made by the build, as C libraries before 2.32 do not tell them. */
static const struct {
	const char *name;
	int number;
} errors[] = {
#include <errno_names.inc> /* made by CMakeLists.txt */
};

bool hg_parse_errno(const char *text, int *number)
{
	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++)
		if (strcmp(text, errors[i].name) == 0) {
			*number = errors[i].number;
			return true;
		}
	return false;
}

static bool parse_real(const char *text, double *real)
{
	bool negative = *text == '-';
	const char *word = text + (negative || *text == '+');
	char *end;

	word += *word == '.' && isalpha((unsigned char)word[1]); /* YAML writes .inf and .nan */
	if (!*word || isspace((unsigned char)*word) || *word == '+' || *word == '-')
		return false;
	*real = strtod(word, &end) * (negative ? -1 : 1);
	return !*end;
}

bool hg_parse_value(const char *text, struct hg_value *value)
{
	const char *name = text + (*text == '-');
	int number;

	memset(value, 0, sizeof(*value));
	if (strcmp(text, "null") == 0 || strcmp(text, "NULL") == 0 || strcmp(text, "~") == 0) {
		value->kind = HG_VALUE_NULL;
		return true;
	}
	if (hg_parse_integer(text, &value->integer))
		return true;
	if (*name == 'E' && hg_parse_errno(name, &number)) {
		value->integer = name == text ? number : -number;
		return true;
	}
	value->kind = HG_VALUE_REAL;
	return parse_real(text, &value->real);
}

bool hg_parse_condition(const char *text, enum hg_test *test, struct hg_value *value)
{
	static const struct {
		const char *sign;
		enum hg_test test;
	} signs[] = {{"==", HG_TEST_EQ}, {"!=", HG_TEST_NE}, {"<=", HG_TEST_LE},
	             {">=", HG_TEST_GE}, {"<", HG_TEST_LT},  {">", HG_TEST_GT}};

	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		size_t length = strlen(signs[i].sign);
		if (strncmp(text, signs[i].sign, length) != 0)
			continue;
		*test = signs[i].test;
		return hg_parse_value(text + length + strspn(text + length, " "), value) &&
		       value->kind != HG_VALUE_REAL;
	}
	return false;
}

static uint64_t real_bits(double real, enum hg_type type)
{
	float narrow = (float)real;
	uint32_t narrow_bits;
	uint64_t bits;

	memcpy(&narrow_bits, &narrow, sizeof(narrow));
	memcpy(&bits, &real, sizeof(real));
	return type == HG_TYPE_FLOAT ? narrow_bits : bits;
}

/* The integers that the type can hold. */
static void range_of(enum hg_type type, hg_wide *low, hg_wide *high)
{
	unsigned bits = 8 * types[type].width;
	hg_wide span = (hg_wide)1 << (types[type].is_signed ? bits - 1 : bits);

	*low = types[type].is_signed ? -span : 0;
	*high = span - 1;
	if (type == HG_TYPE_POINTER)
		*low = INT64_MIN; /* people write (void *)-1 */
}

bool hg_value_bits(const struct hg_value *value, enum hg_type type, uint64_t *bits)
{
	hg_wide low, high;

	*bits = 0;
	if (type == HG_TYPE_VOID || type == HG_TYPE_STRUCT)
		return type == HG_TYPE_VOID;
	if (value->kind == HG_VALUE_NULL)
		return type == HG_TYPE_POINTER;
	if (hg_type_is_real(type)) {
		double real = value->kind == HG_VALUE_REAL ? value->real : (double)value->integer;
		*bits = real_bits(real, type);
		return true;
	}
	if (value->kind == HG_VALUE_REAL)
		return false;
	range_of(type, &low, &high);
	*bits = (uint64_t)value->integer;
	return value->integer >= low && value->integer <= high;
}
