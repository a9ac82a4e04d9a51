/* How an op is woken that is parked on a handle of a class: by which function of the manifest, called with what. */
#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"
#include "manifest/parse/parse.h"

enum { KEY_FUNCTION, KEY_ARGS, KEYS };

/* It is called on handles that somebody else owns: what it ended or made, nobody would know of. */
static bool only_uses(const struct hg_manifest_function *function)
{
	for (size_t i = 0; i < function->use_count; i++)
		if (function->uses[i].frees != HG_USE_OP)
			return false;
	return !function->make_count;
}

static bool parse_wake_function(struct hg_parse *parse, const struct hg_yaml_entry *entry,
                                struct hg_manifest_wake *wake)
{
	if (!hg_find_function(parse, entry, &wake->function))
		return false;
	if (only_uses(&parse->manifest->functions[wake->function]))
		return true;
	hg_mistaken_value(&parse->yaml, entry, "a function that only uses handles: its role is 'op'");
	return false;
}

/* Whether handles of the class are made from ones of the other: each step takes a class nearer to it. */
static bool comes_from(const struct hg_manifest *manifest, uint32_t class, uint32_t ancestor, size_t steps)
{
	for (size_t i = 0; steps && i < manifest->function_count; i++)
		for (size_t j = 0; j < manifest->functions[i].make_count; j++) {
			const struct hg_image_make *make = &manifest->functions[i].makes[j];
			if (make->class_index != class || make->parent_class == HG_NONE)
				continue;
			if (make->parent_class == ancestor ||
			    comes_from(manifest, make->parent_class, ancestor, steps - 1))
				return true;
		}
	return false;
}

static bool parse_parent(struct hg_parse *parse, const struct hg_yaml_entry *entry, const char *name, uint32_t class,
                         struct hg_image_wake_argument *argument)
{
	enum { STEPS = 8 }; /* as many ancestors as a free looks at */
	const struct hg_manifest *manifest = parse->manifest;

	argument->what = HG_WAKE_PARENT;
	if (!hg_find_class(parse, entry->value, entry->key, name, &argument->class_index))
		return false;
	if (comes_from(manifest, class, argument->class_index, STEPS))
		return true;
	hg_mistaken_value(&parse->yaml, entry, "'parent CLASS' with a class that handles of class '%s' are made from",
	                  manifest->classes[class].name);
	return false;
}

/* `handle`, `parent CLASS` or a number. */
static bool parse_argument(struct hg_parse *parse, const struct hg_yaml_entry *entry, uint32_t class,
                           struct hg_image_wake_argument *argument)
{
	static const char parent[] = "parent ";
	const char *text = hg_scalar(entry->value);
	hg_wide number;

	*argument = (struct hg_image_wake_argument){HG_WAKE_HANDLE, 0, 0};
	if (text && strcmp(text, "handle") == 0)
		return true;
	if (text && strncmp(text, parent, strlen(parent)) == 0)
		return parse_parent(parse, entry, text + strlen(parent), class, argument);
	argument->what = HG_WAKE_NUMBER;
	if (text && hg_parse_integer(text, &number) && number >= INT64_MIN && number <= INT64_MAX) {
		argument->number = (int64_t)number;
		return true;
	}
	hg_mistaken_value(&parse->yaml, entry, "'handle', 'parent CLASS' or a number");
	return false;
}

static bool parse_arguments(struct hg_parse *parse, const struct hg_yaml_entry *entry, uint32_t class,
                            struct hg_manifest_wake *wake)
{
	size_t count = entry->value ? hg_item_count(entry->value) : 1;
	bool good = true;

	if (entry->value && (entry->value->type != YAML_SEQUENCE_NODE || count > HG_WAKE_ARGUMENTS)) {
		hg_mistaken_value(&parse->yaml, entry, "a list of at most %d of 'handle', 'parent CLASS' and numbers",
		                  HG_WAKE_ARGUMENTS);
		return false;
	}
	wake->argument_count = (uint32_t)count;
	for (size_t i = 0; entry->value && i < count; i++) {
		struct hg_yaml_entry item = hg_item(&parse->yaml, entry, i);
		good &= parse_argument(parse, &item, class, &wake->arguments[i]);
	}
	return good;
}

static bool parse_wake(struct hg_parse *parse, const struct hg_yaml_entry *entry, uint32_t class)
{
	static const char *const keys[KEYS] = {"function", "args"};
	struct hg_manifest_wake *wake = &parse->manifest->classes[class].wake;
	struct hg_yaml_entry values[KEYS];

	wake->wanted = entry->value != NULL;
	if (!wake->wanted)
		return true;
	if (!hg_read_map(&parse->yaml, entry, keys, KEYS, values))
		return false;
	if (!values[KEY_FUNCTION].value) {
		hg_missing_key(&parse->yaml, entry->value, "function", "give it the name of a function");
		return false;
	}
	bool good = parse_wake_function(parse, &values[KEY_FUNCTION], wake);
	return parse_arguments(parse, &values[KEY_ARGS], class, wake) && good;
}

bool hg_parse_wakes(struct hg_parse *parse)
{
	bool good = true;

	for (uint32_t i = 0; i < parse->manifest->class_count; i++)
		good &= parse_wake(parse, &parse->class_wakes[i], i);
	return good;
}
