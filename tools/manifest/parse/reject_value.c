/* What a rejected call returns, and what a deferred free returns at once. */
#include <string.h>

#include "common/allocate.h"
#include "manifest/parse/parse.h"

enum { KEY_VALUE, KEY_ERRNO, KEY_TEXT, KEY_THROW, KEY_COUNT };

static const char *const keys[] = {"value", "errno", "text", "throw"};

static bool parse_value(struct hg_parse *parse, const struct hg_yaml_entry *entry, struct hg_reject_spec *spec)
{
	const char *text = hg_scalar(entry->value);

	spec->has_value = true;
	if (text && hg_is_plain(entry->value) && hg_parse_value(text, &spec->value))
		return true;
	hg_mistaken_value(&parse->yaml, entry,
	                  "an integer, an errno name such as -EPIPE, a floating-point number or null");
	return false;
}

/* For functions whose callers take for granted that there is a text. */
static bool parse_text(struct hg_parse *parse, const struct hg_yaml_entry *entry, bool value_too,
                       struct hg_reject_spec *spec)
{
	spec->text = hg_scalar(entry->value);
	if (spec->text && !value_too)
		return true;
	hg_mistaken_value(&parse->yaml, entry, value_too ? "'text' or 'value', not both" : "a text");
	return false;
}

static bool parse_errno(struct hg_parse *parse, const struct hg_yaml_entry *entry, struct hg_reject_spec *spec)
{
	const char *text = hg_scalar(entry->value);

	if (text && hg_parse_errno(text, &spec->error))
		return true;
	hg_mistaken_value(&parse->yaml, entry, "the name of an errno value, such as EPIPE");
	return false;
}

/* As JNI writes it. */
static bool parse_throw(struct hg_parse *parse, const struct hg_yaml_entry *entry, struct hg_reject_spec *spec)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$/";

	spec->throws = hg_scalar(entry->value);
	if (spec->throws && *spec->throws && !spec->throws[strspn(spec->throws, letters)])
		return true;
	hg_mistaken_value(&parse->yaml, entry,
	                  "the name of a Java class with slashes, such as java/lang/IllegalStateException");
	return false;
}

bool hg_parse_reject(struct hg_parse *parse, const struct hg_yaml_entry *entry, bool errno_allowed,
                     struct hg_reject_spec *spec)
{
	struct hg_yaml_entry values[KEY_COUNT];
	bool good;

	memset(spec, 0, sizeof(*spec));
	spec->entry = *entry;
	if (entry->value->type != YAML_MAPPING_NODE || !errno_allowed)
		return parse_value(parse, entry, spec);
	good = hg_read_map(&parse->yaml, entry, keys, KEY_COUNT, values);
	if (values[KEY_VALUE].value)
		good &= parse_value(parse, &values[KEY_VALUE], spec);
	if (values[KEY_ERRNO].value)
		good &= parse_errno(parse, &values[KEY_ERRNO], spec);
	if (values[KEY_TEXT].value)
		good &= parse_text(parse, &values[KEY_TEXT], values[KEY_VALUE].value, spec);
	if (values[KEY_THROW].value)
		good &= parse_throw(parse, &values[KEY_THROW], spec);
	if (!hg_pair_count(entry->value)) {
		hg_mistaken_value(&parse->yaml, entry, "'value' or 'text', and 'errno' or 'throw'");
		good = false;
	}
	return good;
}

bool hg_resolve_value(struct hg_parse *parse, const struct hg_reject_spec *spec, enum hg_type returns, uint64_t *bits)
{
	if (hg_value_bits(&spec->value, returns, bits))
		return true;
	if (returns == HG_TYPE_STRUCT)
		hg_mistaken_value(&parse->yaml, &spec->entry,
		                  "no value, as the function returns struct, which is all zero");
	else if (returns == HG_TYPE_POINTER)
		hg_mistaken_value(&parse->yaml, &spec->entry, "null or an integer, as the function returns pointer");
	else
		hg_mistaken_value(&parse->yaml, &spec->entry, "a value that fits %s, which the function returns",
		                  hg_type_name(returns));
	return false;
}

/* A class speaks of all its functions, whatever they return: its -1 is not meant for a function that returns a pointer,
 * where it would be followed. */
static bool fits_kind(const struct hg_value *value, enum hg_type returns)
{
	switch (value->kind) {
	case HG_VALUE_NULL:
		return returns == HG_TYPE_POINTER;
	case HG_VALUE_REAL:
		return hg_type_is_real(returns);
	default:
		return hg_type_is_integer(returns);
	}
}

/* A native method is given its environment first, and only by that can anything be thrown. */
static bool resolve_throw(struct hg_parse *parse, const struct hg_reject_spec *spec,
                          struct hg_manifest_function *function, const struct hg_yaml_entry *entry)
{
	if (!spec->throws)
		return true;
	for (size_t i = 0; i < function->use_count; i++) {
		const struct hg_image_use *use = &function->uses[i];
		if (use->all || use->indirect == HG_CONSTANT || use->argument != 0)
			continue;
		hg_mistake(&parse->yaml, entry->name, entry->key, "a handle in argument 0 beside 'throw'",
		           "another argument: of a native method, argument 0 is Java's environment");
		return false;
	}
	function->throws = hg_copy_text(spec->throws, strlen(spec->throws));
	return true;
}

static bool resolve_by_class(struct hg_parse *parse, const struct hg_reject_spec *spec,
                             struct hg_manifest_function *function, const struct hg_yaml_entry *entry)
{
	if (!resolve_throw(parse, spec, function, entry))
		return false;
	if (function->returns == HG_TYPE_VOID)
		return true;
	function->reject.error = spec->error;
	if (!spec->has_value || !fits_kind(&spec->value, function->returns))
		return true;
	function->reject_from = HG_REJECT_CLASS;
	if (hg_value_bits(&spec->value, function->returns, &function->reject.value))
		return true;
	hg_mistake(&parse->yaml, entry->name, entry->key, "no 'reject' of its own",
	           "one, as the class's does not fit %s, which the function returns", hg_type_name(function->returns));
	return false;
}

static bool resolve_text(struct hg_parse *parse, const struct hg_reject_spec *own,
                         struct hg_manifest_function *function)
{
	if (function->returns != HG_TYPE_POINTER) {
		hg_mistaken_value(&parse->yaml, &own->entry, "no text, as the function returns %s",
		                  hg_type_name(function->returns));
		return false;
	}
	function->reject.type = HG_TYPE_TEXT;
	function->reject_text = hg_copy_text(own->text, strlen(own->text));
	return true;
}

bool hg_resolve_reject(struct hg_parse *parse, const struct hg_yaml_entry *entry, const struct hg_reject_spec *own,
                       const struct hg_reject_spec *by_class, struct hg_manifest_function *function)
{
	function->reject.type = function->returns;
	if (own->entry.value) {
		function->reject_from = HG_REJECT_OWN;
		function->reject_mark = hg_mark_of(own->entry.value);
		function->reject.error = own->error;
		if (!resolve_throw(parse, own, function, entry))
			return false;
		if (own->text)
			return resolve_text(parse, own, function);
		if (own->has_value)
			return hg_resolve_value(parse, own, function->returns, &function->reject.value);
		if (own->throws || function->returns == HG_TYPE_VOID || function->returns == HG_TYPE_STRUCT)
			return true;
		hg_mistaken_value(&parse->yaml, &own->entry, "'value' beside 'errno', as the function returns %s",
		                  hg_type_name(function->returns));
		return false;
	}
	return !by_class || !by_class->entry.value || resolve_by_class(parse, by_class, function, entry);
}
