/* What is zeroed for the caller of a rejected call: out-arguments of a fixed size, out-arrays, a result in memory. */
#include "common/allocate.h"
#include "manifest/parse/parse.h"

enum { KEY_ARG, KEY_BYTES, KEY_COUNT, KEY_SIZE, KEYS };

static const char *const keys[KEYS] = {"arg", "bytes", "count", "size"};

static bool refuse_without(struct hg_parse *parse, const struct hg_yaml_entry *map, int key, const char *remedy)
{
	hg_missing_key(&parse->yaml, map->value, keys[key], remedy);
	return false;
}

/* 'arg', and either 'bytes' or both of the others. */
static bool check_keys(struct hg_parse *parse, const struct hg_yaml_entry *map, const struct hg_yaml_entry *values)
{
	bool counted = values[KEY_COUNT].value || values[KEY_SIZE].value;

	if (!values[KEY_ARG].value)
		return refuse_without(parse, map, KEY_ARG, "write it beside 'bytes', or beside 'count' and 'size'");
	if (counted && values[KEY_BYTES].value) {
		hg_mistake(&parse->yaml, values[KEY_BYTES].name, "bytes", "'count' or 'size' beside it",
		           "'bytes' alone, or 'count' and 'size'");
		return false;
	}
	if (!counted && !values[KEY_BYTES].value)
		return refuse_without(parse, map, KEY_BYTES, "write it, or 'count' and 'size', beside 'arg'");
	if (counted && !values[KEY_COUNT].value)
		return refuse_without(parse, map, KEY_COUNT, "write it beside 'size', with the number of an argument");
	if (counted && !values[KEY_SIZE].value)
		return refuse_without(parse, map, KEY_SIZE, "write it beside 'count', with the bytes of an element");
	return true;
}

static bool parse_zero(struct hg_parse *parse, const struct hg_yaml_entry *map, unsigned highest,
                       struct hg_image_zero *zero)
{
	struct hg_yaml_entry values[KEYS];
	hg_wide argument, count = 0, bytes;

	if (!hg_read_map(&parse->yaml, map, keys, KEYS, values) || !check_keys(parse, map, values))
		return false;
	bool counted = values[KEY_COUNT].value;
	if (!hg_read_integer(&parse->yaml, &values[KEY_ARG], 0, highest, &argument) ||
	    !hg_read_integer(&parse->yaml, &values[counted ? KEY_SIZE : KEY_BYTES], 1, HG_ZERO_MAX, &bytes) ||
	    (counted && !hg_read_integer(&parse->yaml, &values[KEY_COUNT], 0, highest, &count)))
		return false;
	*zero = (struct hg_image_zero){
	    .argument = (uint8_t)argument, .counted = counted, .count = (uint8_t)count, .bytes = (uint32_t)bytes};
	return true;
}

bool hg_parse_zeros(struct hg_parse *parse, const struct hg_yaml_entry *entry, struct hg_manifest_function *function)
{
	size_t count = entry->value ? hg_item_count(entry->value) : 0;
	bool good = true;

	function->zeros = hg_allocate(count + 1, sizeof(*function->zeros));
	if (entry->value && entry->value->type != YAML_SEQUENCE_NODE) {
		hg_mistaken_value(&parse->yaml, entry,
		                  "a list of {arg: N, bytes: BYTES} or {arg: N, count: N, size: BYTES}");
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		struct hg_yaml_entry item = hg_item(&parse->yaml, entry, i);
		good &= parse_zero(parse, &item, hg_argument_max(function), &function->zeros[function->zero_count++]);
	}
	if (function->sret_bytes)
		function->zeros[function->zero_count++] =
		    (struct hg_image_zero){.argument = HG_ZERO_RESULT, .bytes = function->sret_bytes};
	return good;
}
