#include "manifest/yaml/nodes.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"
#include "common/nearest.h"
#include "manifest/yaml/limits.h"
#include "manifest/yaml/syntax.h"

enum { MOST_TOLD = 100 };

/* A mistake is one line, whatever the keys and values are that it names. */
static char *on_one_line(char *text)
{
	for (char *c = text; *c; c++)
		if (iscntrl((unsigned char)*c))
			*c = ' ';
	return text;
}

static void keep(struct hg_yaml *yaml, struct hg_mark mark, char *text)
{
	hg_notes_add(&yaml->mistakes, mark, on_one_line(text));
}

static struct hg_mark mark_of(yaml_mark_t mark)
{
	return (struct hg_mark){(uint32_t)mark.line + 1, (uint32_t)mark.column + 1};
}

struct hg_mark hg_mark_of(const yaml_node_t *node)
{
	return mark_of(node->start_mark);
}

enum { DESCRIPTION = 96 };

static const char *quote(const char *text, char buffer[DESCRIPTION])
{
	size_t length = strlen(text), shown = length > 60 ? 57 : length;

	snprintf(buffer, DESCRIPTION, "'%.*s%s'", (int)shown, text, shown < length ? "..." : "");
	return buffer;
}

static const char *describe_many(const char *what, const char *part, size_t count, char buffer[DESCRIPTION])
{
	if (count)
		snprintf(buffer, DESCRIPTION, "a %s of %zu %s%s", what, count, part, count == 1 ? "" : "s");
	else
		snprintf(buffer, DESCRIPTION, "an empty %s", what);
	return buffer;
}

/* What a person would call the node; into `buffer`, which is returned. */
static const char *describe(const yaml_node_t *node, char buffer[DESCRIPTION])
{
	const char *text = hg_scalar(node);
	struct hg_value value;

	if (node->type == YAML_MAPPING_NODE)
		return describe_many("map", "key", hg_pair_count(node), buffer);
	if (node->type == YAML_SEQUENCE_NODE)
		return describe_many("list", "item", hg_item_count(node), buffer);
	if (!text)
		return "text with a NUL";
	if (!*text && hg_is_plain(node))
		return "nothing";
	quote(text, buffer);
	if (!hg_is_plain(node) && hg_parse_value(text, &value)) /* a number in quotes is text */
		strcat(buffer, " in quotes");
	return buffer;
}

__attribute__((format(printf, 5, 0))) static void note(struct hg_yaml *yaml, const yaml_node_t *at, const char *key,
                                                       const char *found, const char *expected, va_list arguments)
{
	char *wanted = NULL;

	if (vasprintf(&wanted, expected, arguments) < 0)
		wanted = NULL;
	keep(yaml, hg_mark_of(at), hg_format("key '%s': found %s, expected %s", key, found, wanted ? wanted : "?"));
	free(wanted);
}

void hg_mistake(struct hg_yaml *yaml, const yaml_node_t *at, const char *key, const char *found, const char *expected,
                ...)
{
	va_list arguments;

	va_start(arguments, expected);
	note(yaml, at, key, found, expected, arguments);
	va_end(arguments);
}

void hg_mistaken_value(struct hg_yaml *yaml, const struct hg_yaml_entry *entry, const char *expected, ...)
{
	char buffer[DESCRIPTION];
	va_list arguments;

	va_start(arguments, expected);
	note(yaml, entry->value, entry->key, describe(entry->value, buffer), expected, arguments);
	va_end(arguments);
}

void hg_missing_key(struct hg_yaml *yaml, const yaml_node_t *map, const char *key, const char *remedy)
{
	keep(yaml, hg_mark_of(map), hg_format("key '%s' is missing; %s", key, remedy));
}

bool hg_is_plain(const yaml_node_t *node)
{
	return node->type == YAML_SCALAR_NODE && node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

/* A scalar with a NUL in it is none: nothing in a manifest may have one. */
const char *hg_scalar(const yaml_node_t *node)
{
	if (node->type != YAML_SCALAR_NODE || strlen((const char *)node->data.scalar.value) != node->data.scalar.length)
		return NULL;
	return (const char *)node->data.scalar.value;
}

static void keep_syntax_mistake(struct hg_yaml *yaml, const yaml_parser_t *parser)
{
	struct hg_mark mark;
	char *words = hg_syntax_mistake(parser, &mark);

	keep(yaml, mark, words);
}

/* A second document would otherwise go unread. */
static void refuse_second_document(struct hg_yaml *yaml, yaml_parser_t *parser, const char *what)
{
	yaml_document_t second;
	yaml_node_t *root;

	if (!yaml_parser_load(parser, &second)) {
		keep_syntax_mistake(yaml, parser);
		return;
	}
	root = yaml_document_get_root_node(&second);
	if (root)
		keep(yaml, hg_mark_of(root),
		     hg_format("key 'handleguard': found a second document, expected one %s a file", what));
	yaml_document_delete(&second);
}

bool hg_yaml_load(struct hg_yaml *yaml, const char *path, const char *what, const char *text, size_t size)
{
	yaml_parser_t parser;
	struct hg_mark mark;

	memset(yaml, 0, sizeof(*yaml));
	yaml->path = path;
	char *excess = hg_yaml_excess(text, size, &mark);
	if (excess) {
		keep(yaml, mark, excess);
		return false;
	}
	if (!yaml_parser_initialize(&parser))
		return false;
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, size);
	if (!yaml_parser_load(&parser, &yaml->document))
		keep_syntax_mistake(yaml, &parser);
	else if (!yaml_document_get_root_node(&yaml->document))
		keep(yaml, (struct hg_mark){1, 1},
		     hg_format("key 'handleguard': found an empty file, expected a %s", what));
	else
		refuse_second_document(yaml, &parser, what);
	yaml_parser_delete(&parser);
	return yaml->mistakes.count == 0;
}

size_t hg_yaml_report(struct hg_yaml *yaml, FILE *errors)
{
	size_t count = yaml->mistakes.count;

	hg_notes_print(&yaml->mistakes, yaml->path, "", MOST_TOLD, errors);
	if (count > MOST_TOLD)
		fprintf(errors, "%s: there are %zu more mistakes\n", yaml->path, count - MOST_TOLD);
	return count;
}

void hg_yaml_release(struct hg_yaml *yaml)
{
	hg_notes_drop(&yaml->mistakes);
	yaml_document_delete(&yaml->document);
}

/* The words with commas between them; to be freed. */
static char *join(const char *const *words, size_t count)
{
	char *joined = hg_copy_text("", 0);

	for (size_t i = 0; i < count; i++) {
		char *longer = hg_format("%s%s%s", joined, i ? ", " : "", words[i]);
		free(joined);
		joined = longer;
	}
	return joined;
}

char *hg_choice(const char *text, const char *const *words, size_t count)
{
	const char *meant = hg_nearest(text, words, count);
	char *joined = join(words, count);
	char *wanted =
	    meant ? hg_format("one of %s (did you mean '%s'?)", joined, meant) : hg_format("one of %s", joined);

	free(joined);
	return wanted;
}

/* Makes an entry of the key of a pair. False after noting that the key cannot be used. */
static bool take_pair(struct hg_yaml *yaml, const struct hg_yaml_entry *map, const yaml_node_pair_t *pair,
                      struct hg_yaml_entry *entry)
{
	char buffer[DESCRIPTION];

	entry->name = yaml_document_get_node(&yaml->document, pair->key);
	entry->value = yaml_document_get_node(&yaml->document, pair->value);
	entry->key = hg_scalar(entry->name);
	if (entry->key && *entry->key)
		return true;
	hg_mistake(yaml, entry->name, map->key, describe(entry->name, buffer), "a name for the key");
	return false;
}

static bool expect_map(struct hg_yaml *yaml, const struct hg_yaml_entry *map)
{
	if (map->value->type == YAML_MAPPING_NODE)
		return true;
	hg_mistaken_value(yaml, map, "a map");
	return false;
}

static bool refuse_duplicate(struct hg_yaml *yaml, const struct hg_yaml_entry *entry,
                             const struct hg_yaml_entry *earlier)
{
	struct hg_mark mark = hg_mark_of(earlier->name);

	hg_mistake(yaml, entry->name, entry->key, "the key a second time",
	           "each key once (the first is at line %u, column %u)", mark.line, mark.column);
	return false;
}

static bool place(struct hg_yaml *yaml, const struct hg_yaml_entry *entry, const char *const *keys, size_t count,
                  struct hg_yaml_entry *entries)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(entry->key, keys[i]) != 0)
			continue;
		if (entries[i].name)
			return refuse_duplicate(yaml, entry, &entries[i]);
		entries[i] = *entry;
		return true;
	}
	char *wanted = hg_choice(entry->key, keys, count);
	hg_mistake(yaml, entry->name, entry->key, "an unknown key", "%s", wanted);
	free(wanted);
	return false;
}

bool hg_read_map(struct hg_yaml *yaml, const struct hg_yaml_entry *map, const char *const *keys, size_t count,
                 struct hg_yaml_entry *entries)
{
	bool good = true;

	memset(entries, 0, count * sizeof(*entries));
	if (!expect_map(yaml, map))
		return false;
	for (yaml_node_pair_t *pair = map->value->data.mapping.pairs.start; pair < map->value->data.mapping.pairs.top;
	     pair++) {
		struct hg_yaml_entry entry;
		good &= take_pair(yaml, map, pair, &entry) && place(yaml, &entry, keys, count, entries);
	}
	return good;
}

size_t hg_pair_count(const yaml_node_t *map)
{
	if (map->type != YAML_MAPPING_NODE)
		return 0;
	return (size_t)(map->data.mapping.pairs.top - map->data.mapping.pairs.start);
}

static int compare_entries(const void *a, const void *b)
{
	const struct hg_yaml_entry *x = *(const struct hg_yaml_entry *const *)a,
	                           *y = *(const struct hg_yaml_entry *const *)b;
	int order = strcmp(x->key, y->key);

	return order ? order : (x > y) - (x < y);
}

/* By sorting: a manifest may have some thousand functions. */
static bool refuse_duplicates(struct hg_yaml *yaml, const struct hg_yaml_entry *pairs, size_t count)
{
	const struct hg_yaml_entry **sorted = hg_allocate(count, sizeof(const struct hg_yaml_entry *));
	bool good = true;

	for (size_t i = 0; i < count; i++)
		sorted[i] = &pairs[i];
	qsort(sorted, count, sizeof(*sorted), compare_entries);
	for (size_t i = 1; i < count; i++)
		if (strcmp(sorted[i - 1]->key, sorted[i]->key) == 0)
			good = refuse_duplicate(yaml, sorted[i], sorted[i - 1]);
	free(sorted);
	return good;
}

bool hg_read_pairs(struct hg_yaml *yaml, const struct hg_yaml_entry *map, struct hg_yaml_entry *pairs)
{
	size_t count = hg_pair_count(map->value);
	bool good = true;

	if (!expect_map(yaml, map))
		return false;
	if (!count) {
		hg_mistaken_value(yaml, map, "at least one entry");
		return false;
	}
	for (size_t i = 0; i < count; i++)
		good &= take_pair(yaml, map, &map->value->data.mapping.pairs.start[i], &pairs[i]);
	return good && refuse_duplicates(yaml, pairs, count);
}

size_t hg_item_count(const yaml_node_t *node)
{
	if (node->type != YAML_SEQUENCE_NODE)
		return 1;
	return (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
}

struct hg_yaml_entry hg_item(struct hg_yaml *yaml, const struct hg_yaml_entry *list, size_t index)
{
	struct hg_yaml_entry item = *list;

	if (list->value->type == YAML_SEQUENCE_NODE)
		item.value = yaml_document_get_node(&yaml->document, list->value->data.sequence.items.start[index]);
	return item;
}

bool hg_read_integer(struct hg_yaml *yaml, const struct hg_yaml_entry *entry, hg_wide low, hg_wide high, hg_wide *value)
{
	const char *text = hg_scalar(entry->value);

	if (text && hg_is_plain(entry->value) && hg_parse_integer(text, value) && *value >= low && *value <= high)
		return true;
	if (high > INT64_MAX)
		hg_mistaken_value(yaml, entry, "an integer from %lld to %llu", (long long)low,
		                  (unsigned long long)high);
	else
		hg_mistaken_value(yaml, entry, "an integer from %lld to %lld", (long long)low, (long long)high);
	return false;
}

bool hg_read_bool(struct hg_yaml *yaml, const struct hg_yaml_entry *entry, bool *value)
{
	const char *text = hg_scalar(entry->value);

	*value = text && strcmp(text, "true") == 0;
	if (text && hg_is_plain(entry->value) && (*value || strcmp(text, "false") == 0))
		return true;
	hg_mistaken_value(yaml, entry, "true or false");
	return false;
}

bool hg_read_word(struct hg_yaml *yaml, const struct hg_yaml_entry *entry, const char *const *words, size_t count,
                  size_t *index)
{
	const char *text = hg_scalar(entry->value);

	for (*index = 0; text && *index < count; (*index)++)
		if (strcmp(text, words[*index]) == 0)
			return true;
	char *wanted = hg_choice(text ? text : "", words, count);
	hg_mistaken_value(yaml, entry, "%s", wanted);
	free(wanted);
	return false;
}
