/* Tables of functions that the library hands out: which function does, where the table is then, and which of the
 * manifest's functions stand in it. */
#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"
#include "manifest/parse/parse.h"

enum { KEY_FROM, KEY_AT, KEY_ENTRIES, KEYS };
enum { NUMBER_MAX = 4095 };

static const char *const keys[KEYS] = {"from", "at", "entries"};

static size_t function_named(const struct hg_manifest *manifest, const char *name)
{
	size_t i = 0;

	while (i < manifest->function_count && strcmp(manifest->functions[i].name, name) != 0)
		i++;
	return i;
}

/* One that does nothing but hand a table out stands nowhere else. There is room for one a table. */
static bool parse_from(struct hg_parse *parse, const struct hg_yaml_entry *entry, struct hg_manifest_table *table)
{
	struct hg_manifest *manifest = parse->manifest;
	const char *name = hg_scalar(entry->value);

	if (!name || !*name) {
		hg_mistaken_value(&parse->yaml, entry, "the name of the function that hands the table out");
		return false;
	}
	if (!hg_check_function_name(parse, &(struct hg_yaml_entry){name, entry->value, NULL}))
		return false;
	table->from = function_named(manifest, name);
	if (table->from < manifest->function_count)
		return true;
	manifest->functions[manifest->function_count++] =
	    (struct hg_manifest_function){.name = hg_copy_text(name, strlen(name)),
	                                  .mark = hg_mark_of(entry->value),
	                                  .returns = HG_TYPE_POINTER,
	                                  .reject = {.type = HG_TYPE_POINTER},
	                                  .stack_bytes = parse->stack_bytes};
	return true;
}

static bool parse_at(struct hg_parse *parse, const struct hg_yaml_entry *entry, struct hg_manifest_table *table)
{
	const char *text = entry->value ? hg_scalar(entry->value) : "return";
	bool starred = text && *text == '*';
	hg_wide number = 0;

	table->place = HG_TABLE_RESULT;
	if (text && strcmp(text, "return") == 0)
		return true;
	table->place = starred ? HG_TABLE_STORED : HG_TABLE_ARGUMENT;
	if (text && (starred || hg_is_plain(entry->value)) && hg_parse_integer(text + starred, &number) &&
	    number >= 0 && number <= HG_ARGUMENT_MAX) {
		table->argument = (uint8_t)number;
		return true;
	}
	hg_mistaken_value(&parse->yaml, entry,
	                  "where the table is: 'return', \"*N\" if its address is stored where argument N points, or N "
	                  "if argument N is its address, with N from 0 to %d",
	                  HG_ARGUMENT_MAX);
	return false;
}

static bool is_free_number(struct hg_parse *parse, const struct hg_yaml_entry *pair,
                           const struct hg_manifest_table *table, uint32_t number)
{
	for (size_t i = 0; i < table->entry_count; i++) {
		if (table->entries[i].number != number)
			continue;
		char *found = hg_format("%u, the number of %s", number,
		                        parse->manifest->functions[table->entries[i].function].name);
		hg_mistake(&parse->yaml, pair->value, pair->key, found, "a number of its own");
		free(found);
		return false;
	}
	return true;
}

static bool parse_entry(struct hg_parse *parse, const struct hg_yaml_entry *pair, struct hg_manifest_table *table)
{
	struct hg_yaml_entry name = {pair->key, pair->name, pair->name};
	struct hg_image_entry entry = {0};
	hg_wide number;
	size_t function;

	if (!hg_find_function(parse, &name, &function) || !hg_read_integer(&parse->yaml, pair, 0, NUMBER_MAX, &number))
		return false;
	entry.number = (uint32_t)number;
	entry.function = (uint32_t)function;
	if (!is_free_number(parse, pair, table, entry.number))
		return false;
	table->entries[table->entry_count++] = entry;
	parse->manifest->functions[function].in_table = true;
	return true;
}

static bool parse_entries(struct hg_parse *parse, const struct hg_yaml_entry *entry, struct hg_manifest_table *table)
{
	size_t count = hg_pair_count(entry->value);
	struct hg_yaml_entry *pairs = hg_allocate(count + 1, sizeof(*pairs));
	bool good = count > 0 && hg_read_pairs(&parse->yaml, entry, pairs);

	table->entries = hg_allocate(count + 1, sizeof(*table->entries));
	if (!count)
		hg_mistaken_value(&parse->yaml, entry,
		                  "a map from functions to their numbers in the table, counted from 0 in pointers");
	for (size_t i = 0; i < count; i++)
		good &= pairs[i].key && parse_entry(parse, &pairs[i], table);
	free(pairs);
	return good;
}

/* Which functions hand tables out comes first: they can stand in tables themselves. */
static bool parse_head(struct hg_parse *parse, const struct hg_yaml_entry *entry, struct hg_yaml_entry *values,
                       struct hg_manifest_table *table)
{
	if (!hg_read_map(&parse->yaml, entry, keys, KEYS, values))
		return false;
	table->name = hg_copy_text(entry->key, strlen(entry->key));
	table->mark = hg_mark_of(entry->name);
	if (!values[KEY_FROM].value || !values[KEY_ENTRIES].value) {
		bool from = !values[KEY_FROM].value;
		hg_missing_key(&parse->yaml, entry->value, from ? "from" : "entries",
		               from ? "give it the function that hands the table out"
		                    : "say which functions stand in the table, and where");
		return false;
	}
	return parse_from(parse, &values[KEY_FROM], table) && parse_at(parse, &values[KEY_AT], table);
}

static void make_room(struct hg_manifest *manifest, size_t tables)
{
	struct hg_manifest_function *longer = hg_allocate(manifest->function_count + tables, sizeof(*longer));

	if (manifest->function_count)
		memcpy(longer, manifest->functions, manifest->function_count * sizeof(*longer));
	free(manifest->functions);
	manifest->functions = longer;
	manifest->tables = hg_allocate(tables + 1, sizeof(*manifest->tables));
}

bool hg_parse_tables(struct hg_parse *parse, const struct hg_yaml_entry *entry)
{
	struct hg_manifest *manifest = parse->manifest;
	size_t count = hg_pair_count(entry->value);
	struct hg_yaml_entry *pairs = hg_allocate(count + 1, sizeof(*pairs));
	struct hg_yaml_entry(*values)[KEYS] = hg_allocate(count + 1, sizeof(*values));
	bool good = hg_read_pairs(&parse->yaml, entry, pairs);

	make_room(manifest, count);
	for (size_t i = 0; good && i < count; i++)
		good &= parse_head(parse, &pairs[i], values[i], &manifest->tables[manifest->table_count++]);
	for (size_t i = 0; good && i < count; i++)
		good &= parse_entries(parse, &values[i][KEY_ENTRIES], &manifest->tables[i]);
	free(values);
	free(pairs);
	return good;
}
