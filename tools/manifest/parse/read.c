#include "manifest/parse/read.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "common/allocate.h"
#include "common/file_text.h"
#include "common/files.h"
#include "manifest/parse/parse.h"

#define FORMAT_VERSION 1

enum {
	KEY_HANDLEGUARD,
	KEY_LIBRARY,
	KEY_DEFAULTS,
	KEY_CLASSES,
	KEY_FUNCTIONS,
	KEY_TABLES,
	KEY_UNGUARDED,
	KEY_REQUIRES,
	KEY_COUNT
};

static const char *const key_names[] = {"handleguard", "library", "defaults",  "classes",
                                        "functions",   "tables",  "unguarded", "requires"};

static bool check_version(struct hg_parse *parse, const struct hg_yaml_entry *entry)
{
	hg_wide version = 0;
	const char *text = hg_scalar(entry->value);

	if (text && hg_is_plain(entry->value) && hg_parse_integer(text, &version) && version == FORMAT_VERSION)
		return true;
	hg_mistaken_value(&parse->yaml, entry, "%d, the version of the manifest's format", FORMAT_VERSION);
	return false;
}

static bool parse_libraries(struct hg_parse *parse, const struct hg_yaml_entry *entry)
{
	struct hg_manifest *manifest = parse->manifest;
	size_t count = hg_item_count(entry->value);
	bool good = true;

	manifest->libraries = hg_allocate(count, sizeof(*manifest->libraries));
	if (!count)
		hg_mistaken_value(&parse->yaml, entry, "at least one pattern of a soname");
	for (size_t i = 0; i < count; i++) {
		struct hg_yaml_entry item = hg_item(&parse->yaml, entry, i);
		const char *text = hg_scalar(item.value);
		if (text && *text) {
			manifest->libraries[manifest->library_count++] = hg_copy_text(text, strlen(text));
			continue;
		}
		hg_mistaken_value(&parse->yaml, &item, "the pattern of a soname, such as libnet.so.*");
		good = false;
	}
	return good && count;
}

static bool parse_defaults(struct hg_parse *parse, const struct hg_yaml_entry *entry)
{
	static const char *const names[] = {"stack_bytes"};
	struct hg_yaml_entry stack_bytes;

	return !entry->value || (hg_read_map(&parse->yaml, entry, names, 1, &stack_bytes) &&
	                         hg_parse_stack_bytes(parse, &stack_bytes, &parse->stack_bytes));
}

static bool parse_functions(struct hg_parse *parse, const struct hg_yaml_entry *functions)
{
	struct hg_manifest *manifest = parse->manifest;
	size_t count = hg_pair_count(functions->value);
	struct hg_yaml_entry *pairs = hg_allocate(count, sizeof(*pairs));
	bool good = hg_read_pairs(&parse->yaml, functions, pairs);

	manifest->functions_mark = hg_mark_of(functions->name);
	manifest->functions = hg_allocate(count, sizeof(*manifest->functions));
	for (size_t i = 0; i < count; i++)
		if (pairs[i].key)
			good &= hg_parse_function(parse, &pairs[i], &manifest->functions[manifest->function_count++]);
	free(pairs);
	return good;
}

static bool check_required(struct hg_parse *parse, const yaml_node_t *root, const struct hg_yaml_entry *keys)
{
	bool good = true;

	for (size_t i = 0; i < KEY_COUNT; i++) {
		if (keys[i].value || i == KEY_DEFAULTS || i == KEY_TABLES || i == KEY_UNGUARDED || i == KEY_REQUIRES)
			continue;
		hg_missing_key(&parse->yaml, root, key_names[i], "every manifest has it at its top");
		good = false;
	}
	return good;
}

/* Reads the parts in the order in which they refer to each other, whatever their order in the file. Without sound
 * classes every function would be a mistake. */
static bool parse_root(struct hg_parse *parse)
{
	yaml_node_t *node = yaml_document_get_root_node(&parse->yaml.document);
	struct hg_yaml_entry root = {"handleguard", node, node}, keys[KEY_COUNT];

	if (node->type != YAML_MAPPING_NODE) {
		hg_mistaken_value(&parse->yaml, &root, "a map that says 'handleguard: %d'", FORMAT_VERSION);
		return false;
	}
	if (!hg_check_requirement(parse, node, HG_VERSION))
		return false;
	bool good = hg_read_map(&parse->yaml, &root, key_names, KEY_COUNT, keys);
	good &= check_required(parse, node, keys);
	if (keys[KEY_HANDLEGUARD].value && !check_version(parse, &keys[KEY_HANDLEGUARD]))
		return false;
	if (keys[KEY_LIBRARY].value)
		good &= parse_libraries(parse, &keys[KEY_LIBRARY]);
	good &= parse_defaults(parse, &keys[KEY_DEFAULTS]);
	if (keys[KEY_CLASSES].value)
		good &= hg_parse_classes(parse, &keys[KEY_CLASSES]);
	if (keys[KEY_FUNCTIONS].value && parse->manifest->class_count)
		good &= parse_functions(parse, &keys[KEY_FUNCTIONS]) && hg_parse_wakes(parse) &&
		        hg_settle_given(parse, &keys[KEY_FUNCTIONS]) &&
		        (!keys[KEY_TABLES].value || hg_parse_tables(parse, &keys[KEY_TABLES]));
	good &= !keys[KEY_UNGUARDED].value || hg_parse_unguarded(parse, &keys[KEY_UNGUARDED]);
	return good;
}

static char *name_of(const char *path)
{
	const char *base = hg_base_name(path);
	size_t suffix = hg_has_suffix(base, ".yaml") ? strlen(".yaml") : 0;

	return hg_copy_text(base, strlen(base) - suffix);
}

struct hg_manifest *hg_manifest_parse(const char *path, const char *text, size_t size, FILE *errors)
{
	struct hg_manifest *manifest = hg_allocate(1, sizeof(*manifest));
	struct hg_parse parse = {.manifest = manifest, .stack_bytes = HG_STACK_DEFAULT};
	bool good;

	manifest->name = name_of(path);
	manifest->path = hg_copy_text(path, strlen(path));
	manifest->hash = XXH3_64bits(text, size);
	good = hg_yaml_load(&parse.yaml, path, "manifest", text, size) && parse_root(&parse);
	if (hg_yaml_report(&parse.yaml, errors) || !good) {
		hg_manifest_free(manifest);
		manifest = NULL;
	}
	hg_yaml_release(&parse.yaml);
	free(parse.class_names);
	free(parse.class_rejects);
	free(parse.class_wakes);
	return manifest;
}

struct hg_manifest *hg_manifest_read(const char *path, FILE *errors)
{
	size_t size;
	char *text = hg_file_text(path, "manifest", HG_MOST_YAML, &size, errors);
	struct hg_manifest *manifest = text ? hg_manifest_parse(path, text, size, errors) : NULL;

	free(text);
	return manifest;
}
