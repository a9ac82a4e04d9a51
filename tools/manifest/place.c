/* Where among the arguments a handle is: an argument itself, behind one, in a struct, or in each element of an array.
 */
#include "parse.h"

enum { KEY_ARRAY, KEY_STRUCT, KEY_COUNT, KEY_STRIDE, KEY_OFFSET, KEYS };

static const char *const keys[KEYS] = {"array", "struct", "count", "stride", "offset"};

unsigned hg_argument_max(const struct hg_manifest_function *function)
{
	return HG_ARGUMENT_MAX - function->sret;
}

bool hg_parse_argument(struct hg_parse *parse, const struct hg_entry *entry, unsigned highest, uint8_t *argument,
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
	hg_mistaken_value(&parse->reader, entry, "the number of an argument, 0 to %u%s", highest,
	                  indirect ? ", or \"*N\" if argument N is the handle's address" : "");
	return false;
}

static bool parse_bytes(struct hg_parse *parse, const struct hg_entry *entry, unsigned low, uint16_t *bytes)
{
	hg_wide value = 0;

	if (!entry->value)
		return true;
	if (!hg_read_integer(&parse->reader, entry, low, UINT16_MAX, &value))
		return false;
	*bytes = (uint16_t)value;
	return true;
}

/* `array` or `struct`, with what belongs to it and nothing else. */
static bool check_keys(struct hg_parse *parse, const struct hg_entry *entry, const struct hg_entry *values, bool frees)
{
	bool array = values[KEY_ARRAY].value;

	if (array == !values[KEY_STRUCT].value && array == !!values[KEY_COUNT].value &&
	    (array || !values[KEY_STRIDE].value) && !(frees && array))
		return true;
	hg_mistaken_value(&parse->reader, entry, "%s",
	                  frees ? "{struct: N, offset: BYTES}, as a function ends one handle"
	                        : "{struct: N, offset: BYTES} or {array: N, count: N, stride: BYTES, offset: BYTES}");
	return false;
}

static bool parse_map(struct hg_parse *parse, const struct hg_entry *entry, unsigned highest, struct hg_image_use *use)
{
	struct hg_entry values[KEYS];
	unsigned width = hg_type_width(parse->manifest->classes[use->class_index].type);

	if (!hg_read_map(&parse->reader, entry, keys, KEYS, values) || !check_keys(parse, entry, values, use->frees))
		return false;
	bool array = values[KEY_ARRAY].value;
	use->indirect = 1;
	if (!hg_parse_argument(parse, &values[array ? KEY_ARRAY : KEY_STRUCT], highest, &use->argument, NULL) ||
	    !parse_bytes(parse, &values[KEY_OFFSET], 0, &use->offset))
		return false;
	if (!array)
		return true;
	/* Without a word about it the elements are handles and nothing else. */
	use->stride = (uint16_t)width;
	return hg_parse_argument(parse, &values[KEY_COUNT], highest, &use->count, NULL) &&
	       parse_bytes(parse, &values[KEY_STRIDE], use->offset + width, &use->stride);
}

bool hg_parse_place(struct hg_parse *parse, const struct hg_entry *entry, const struct hg_manifest_function *function,
                    struct hg_image_use *use)
{
	unsigned highest = hg_argument_max(function);

	use->offset = use->stride = use->count = 0;
	if (entry->value->type == YAML_MAPPING_NODE)
		return parse_map(parse, entry, highest, use);
	return hg_parse_argument(parse, entry, highest, &use->argument, &use->indirect);
}
