/* Where among the arguments a handle is: an argument itself, behind one, in a struct, or in each element of an array,
 * of Java's too; and which other argument decides whether it is one. */
#include <string.h>

#include "manifest/parse/parse.h"

enum { KEY_ARRAY, KEY_STRUCT, KEY_COUNT, KEY_STRIDE, KEY_OFFSET, KEY_ARG, KEY_IF, KEY_NULL, KEY_VALUE, KEY_JAVA, KEYS };

static const char *const keys[KEYS] = {"array", "struct", "count", "stride", "offset",
                                       "arg",   "if",     "null",  "value",  "java_array"};

unsigned hg_argument_max(const struct hg_manifest_function *function)
{
	return HG_ARGUMENT_MAX - function->sret;
}

bool hg_parse_argument(struct hg_parse *parse, const struct hg_yaml_entry *entry, unsigned highest, uint8_t *argument,
                       uint8_t *indirect)
{
	const char *text = hg_scalar(entry->value);
	bool starred = text && *text == '*';
	hg_wide number = 0;

	if (text && (starred ? indirect != NULL : hg_is_plain(entry->value)) &&
	    hg_parse_integer(text + starred, &number) && number >= 0 && number <= highest) {
		*argument = (uint8_t)number;
		if (indirect)
			*indirect = starred;
		return true;
	}
	hg_mistaken_value(&parse->yaml, entry, "the number of an argument, 0 to %u%s", highest,
	                  indirect ? ", or \"*N\" if argument N is the handle's address" : "");
	return false;
}

static bool parse_bytes(struct hg_parse *parse, const struct hg_yaml_entry *entry, unsigned low, uint16_t *bytes)
{
	hg_wide value = 0;

	if (!entry->value)
		return true;
	if (!hg_read_integer(&parse->yaml, entry, low, UINT16_MAX, &value))
		return false;
	*bytes = (uint16_t)value;
	return true;
}

/* N, the argument that says how many elements an array has, or {value: NUMBER}. */
static bool parse_count(struct hg_parse *parse, const struct hg_yaml_entry *entry, unsigned highest,
                        struct hg_image_use *use)
{
	static const char *const names[] = {"value"};
	struct hg_yaml_entry fixed;
	hg_wide value = 0;

	if (entry->value->type != YAML_MAPPING_NODE)
		return hg_parse_argument(parse, entry, highest, &use->count, NULL);
	if (!hg_read_map(&parse->yaml, entry, names, 1, &fixed))
		return false;
	if (!fixed.value) {
		hg_missing_key(&parse->yaml, entry->value, "value", "say how many elements there are");
		return false;
	}
	if (!hg_read_integer(&parse->yaml, &fixed, 1, UINT8_MAX, &value))
		return false;
	use->count = (uint8_t)value;
	use->fixed = 1;
	return true;
}

bool hg_parse_choice(struct hg_parse *parse, const struct hg_yaml_entry *entry, unsigned highest,
                     struct hg_image_choice *choice)
{
	struct hg_yaml_entry pair;
	hg_wide argument, value;

	*choice = (struct hg_image_choice){0};
	if (!entry->value)
		return true;
	if (hg_pair_count(entry->value) != 1 || !hg_read_pairs(&parse->yaml, entry, &pair) ||
	    !hg_parse_integer(pair.key, &argument) || argument < 0 || argument > highest) {
		hg_mistaken_value(&parse->yaml, entry, "{ARG: VALUE}, with ARG the number of an argument, 0 to %u",
		                  highest);
		return false;
	}
	if (!hg_read_integer(&parse->yaml, &pair, INT32_MIN, INT32_MAX, &value))
		return false;
	*choice = (struct hg_image_choice){(uint32_t)argument + 1, (int32_t)value};
	return true;
}

/* One of `arg`, `array`, `struct`, `value` and `java_array`, with what belongs to it and nothing else. */
static bool check_keys(struct hg_parse *parse, const struct hg_yaml_entry *entry, const struct hg_yaml_entry *values,
                       bool frees)
{
	bool array = values[KEY_ARRAY].value, in_struct = values[KEY_STRUCT].value, plain = values[KEY_ARG].value,
	     constant = values[KEY_VALUE].value, java = values[KEY_JAVA].value;

	if (array + in_struct + plain + constant + java == 1 && !(constant && values[KEY_NULL].value) &&
	    (java || array == !!values[KEY_COUNT].value) && (array || !values[KEY_STRIDE].value) &&
	    !((plain || constant) && values[KEY_OFFSET].value) && !(frees && (array || java)))
		return true;
	hg_mistaken_value(
	    &parse->yaml, entry, "%s",
	    frees ? "{arg: N}, {value: N} or {struct: N, offset: BYTES}, as a function ends one handle"
	          : "{arg: N}, {value: N}, {struct: N, offset: BYTES}, {java_array: N} or {array: N, count: N, stride: "
	            "BYTES, offset: BYTES}");
	return false;
}

/* A handle that is always the same. */
static bool parse_value(struct hg_parse *parse, const struct hg_yaml_entry *entry, struct hg_manifest_class *class,
                        struct hg_image_use *use)
{
	unsigned width = hg_type_width(class->type);
	hg_wide value = 0;

	if (!hg_read_integer(&parse->yaml, entry, 0, width == 1 ? UINT8_MAX : UINT16_MAX, &value))
		return false;
	for (size_t i = 0; i < class->none_count; i++)
		if (((uint64_t) class->nones[i] & hg_type_mask(class->type)) == (uint64_t)value) {
			hg_mistaken_value(&parse->yaml, entry,
			                  "a handle: 'none' of class '%.60s' says that this is none", class->name);
			return false;
		}
	class->flags |= HG_CLASS_CONSTANT;
	use->indirect = HG_CONSTANT;
	use->offset = (uint16_t)value;
	return true;
}

/* Which of its elements: from so far on, and at most so many. */
static bool parse_elements(struct hg_parse *parse, const struct hg_yaml_entry *values, unsigned highest,
                           struct hg_image_use *use)
{
	const struct hg_yaml_entry *offset = &values[KEY_OFFSET], *count = &values[KEY_COUNT];

	if (!parse_bytes(parse, offset, 0, &use->offset) || (count->value && !parse_count(parse, count, highest, use)))
		return false;
	if (use->offset % use->stride) {
		hg_mistaken_value(&parse->yaml, offset, "a multiple of %u, the bytes of an element", use->stride);
		return false;
	}
	if (count->value && !use->fixed) {
		hg_mistaken_value(&parse->yaml, count, "{value: NUMBER}");
		return false;
	}
	use->fixed = 1;
	return true;
}

/* An array that the VM keeps, of which argument N, or the result, is a reference: long[] or int[]. How long it is the
 * VM knows. */
static bool parse_java(struct hg_parse *parse, const struct hg_yaml_entry *values, unsigned highest,
                       const struct hg_manifest_class *class, struct hg_image_use *use)
{
	const struct hg_yaml_entry *entry = &values[KEY_JAVA];
	const char *text = hg_scalar(entry->value);
	unsigned width = hg_type_width(class->type);

	if (class->type == HG_TYPE_POINTER || (width != 4 && width != 8)) {
		hg_mistaken_value(&parse->yaml, entry,
		                  "a class of type int64 (long[]) or int32 (int[]), which '%.60s' is not", class->name);
		return false;
	}
	use->indirect = HG_JAVA_ARRAY;
	use->stride = (uint16_t)width;
	if (!parse_elements(parse, values, highest, use))
		return false;
	use->argument = HG_JAVA_RESULT;
	return (text && strcmp(text, "return") == 0) || hg_parse_argument(parse, entry, highest, &use->argument, NULL);
}

static bool parse_map(struct hg_parse *parse, const struct hg_yaml_entry *entry, unsigned highest,
                      struct hg_image_use *use)
{
	struct hg_yaml_entry values[KEYS];
	struct hg_manifest_class *class = &parse->manifest->classes[use->class_index];
	unsigned width = hg_type_width(class->type);
	enum hg_none none;

	if (!hg_read_map(&parse->yaml, entry, keys, KEYS, values) || !check_keys(parse, entry, values, use->frees))
		return false;
	if (!hg_parse_choice(parse, &values[KEY_IF], highest, &use->choice) ||
	    !hg_parse_null(parse, &values[KEY_NULL], class, &none))
		return false;
	use->none = (uint8_t)none;
	if (values[KEY_VALUE].value)
		return parse_value(parse, &values[KEY_VALUE], class, use);
	if (values[KEY_ARG].value)
		return hg_parse_argument(parse, &values[KEY_ARG], highest, &use->argument, &use->indirect);
	if (values[KEY_JAVA].value)
		return parse_java(parse, values, highest, class, use);
	bool array = values[KEY_ARRAY].value;
	use->indirect = HG_INDIRECT_STRUCT;
	if (!hg_parse_argument(parse, &values[array ? KEY_ARRAY : KEY_STRUCT], highest, &use->argument, NULL) ||
	    !parse_bytes(parse, &values[KEY_OFFSET], 0, &use->offset))
		return false;
	if (!array)
		return true;
	/* Unless the manifest gives a stride, the array holds handles and nothing else. */
	use->stride = (uint16_t)width;
	return parse_count(parse, &values[KEY_COUNT], highest, use) &&
	       parse_bytes(parse, &values[KEY_STRIDE], use->offset + width, &use->stride);
}

bool hg_parse_place(struct hg_parse *parse, const struct hg_yaml_entry *entry,
                    const struct hg_manifest_function *function, struct hg_image_use *use)
{
	unsigned highest = hg_argument_max(function);

	use->offset = use->stride = use->count = use->fixed = 0;
	use->choice = (struct hg_image_choice){0};
	use->none = HG_NONE_UNSAID;
	if (entry->value->type == YAML_MAPPING_NODE)
		return parse_map(parse, entry, highest, use);
	return hg_parse_argument(parse, entry, highest, &use->argument, &use->indirect);
}
