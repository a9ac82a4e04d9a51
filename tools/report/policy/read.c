/* The file: handleguard: 1, levels: {KIND: LEVEL}, suppressions: a list of maps. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/allocate.h"
#include "common/file_text.h"
#include "manifest/yaml/nodes.h"
#include "report/model/names.h"
#include "report/policy/policy.h"

/* ---- Values ---- */

/* A text that is not empty, to be freed; NULL after noting the mistake. */
static char *read_text(struct hg_yaml *yaml, const struct hg_yaml_entry *entry, const char *expected)
{
	const char *text = hg_scalar(entry->value);

	if (text && text[strspn(text, " \t\n")] != '\0')
		return hg_copy_text(text, strlen(text));
	hg_mistaken_value(yaml, entry, "%s", expected);
	return NULL;
}

static char *read_kind(struct hg_yaml *yaml, const struct hg_yaml_entry *entry)
{
	const char *kinds[HG_KIND_COUNT];
	const char *text = hg_scalar(entry->value);
	size_t index;

	if (text && strpbrk(text, "*?["))
		return hg_copy_text(text, strlen(text));
	for (int kind = 0; kind < HG_KIND_COUNT; kind++)
		kinds[kind] = hg_kind_name((enum hg_kind)kind);
	return hg_read_word(yaml, entry, kinds, HG_KIND_COUNT, &index)
	           ? hg_copy_text(kinds[index], strlen(kinds[index]))
	           : NULL;
}

static char *read_fingerprint(struct hg_yaml *yaml, const struct hg_yaml_entry *entry)
{
	const char *text = hg_scalar(entry->value);

	if (text && strlen(text) == 16 && strspn(text, "0123456789abcdef") == 16)
		return hg_copy_text(text, 16);
	hg_mistaken_value(yaml, entry, "the 16 digits that a report tells, such as 0123456789abcdef");
	return NULL;
}

/* A day of the calendar, to be freed; NULL after noting the mistake. */
static char *read_day(struct hg_yaml *yaml, const struct hg_yaml_entry *entry)
{
	const char *text = hg_scalar(entry->value), *end;
	struct tm day = {0};
	char again[16] = "";

	if (text && strlen(text) == strlen("YYYY-MM-DD") && (end = strptime(text, "%Y-%m-%d", &day)) && *end == '\0' &&
	    timegm(&day) != -1 && strftime(again, sizeof(again), "%Y-%m-%d", &day) > 0 && strcmp(text, again) == 0)
		return hg_copy_text(text, strlen(text));
	hg_mistaken_value(yaml, entry, "the last day on which it holds, YYYY-MM-DD");
	return NULL;
}

/* In the whole world it is past the day. */
static bool is_past(const char *day)
{
	time_t now = time(NULL) - 12 * 3600;
	char today[16];

	strftime(today, sizeof(today), "%Y-%m-%d", gmtime(&now));
	return strcmp(day, today) < 0;
}

/* ---- One suppression ---- */

enum { KEY_KIND, KEY_CLASS, KEY_FUNCTION, KEY_OBJECT, KEY_TEST, KEY_FINGERPRINT, KEY_REASON, KEY_EXPIRES, KEY_COUNT };

static const char *const key_names[KEY_COUNT] = {"kind", "class",       "function", "object",
                                                 "test", "fingerprint", "reason",   "expires"};

static bool read_patterns(struct hg_yaml *yaml, const struct hg_yaml_entry *keys, struct hg_suppression *made)
{
	char **const texts[] = {[KEY_CLASS] = &made->class,
	                        [KEY_FUNCTION] = &made->function,
	                        [KEY_OBJECT] = &made->object,
	                        [KEY_TEST] = &made->test};
	bool good = true;

	for (size_t i = KEY_CLASS; i <= KEY_TEST; i++)
		if (keys[i].value)
			good &=
			    (*texts[i] = read_text(yaml, &keys[i], "a name, in which * stands for anything")) != NULL;
	if (keys[KEY_KIND].value)
		good &= (made->kind = read_kind(yaml, &keys[KEY_KIND])) != NULL;
	if (keys[KEY_FINGERPRINT].value)
		good &= (made->fingerprint = read_fingerprint(yaml, &keys[KEY_FINGERPRINT])) != NULL;
	return good;
}

/* What it would fit without a single key is everything. */
static bool narrows(struct hg_yaml *yaml, const struct hg_yaml_entry *item, const struct hg_yaml_entry *keys)
{
	for (size_t i = KEY_KIND; i <= KEY_FINGERPRINT; i++)
		if (keys[i].name)
			return true;
	hg_mistake(yaml, item->value, item->key, "nothing that says which findings are meant",
	           "at least one of kind, class, function, object, test, fingerprint");
	return false;
}

static bool read_suppression(struct hg_yaml *yaml, const struct hg_yaml_entry *item, struct hg_suppression *made)
{
	struct hg_yaml_entry keys[KEY_COUNT];
	bool good = hg_read_map(yaml, item, key_names, KEY_COUNT, keys);

	if (!good)
		return false;
	made->file = yaml->path;
	made->line = hg_mark_of(item->value).line;
	good &= narrows(yaml, item, keys) && read_patterns(yaml, keys, made);
	if (!keys[KEY_REASON].value) {
		hg_missing_key(yaml, item->value, "reason", "every suppression says why its findings are accepted");
		return false;
	}
	made->reason = read_text(yaml, &keys[KEY_REASON], "why its findings are accepted, in words");
	if (keys[KEY_EXPIRES].value)
		good &= (made->expires = read_day(yaml, &keys[KEY_EXPIRES])) != NULL;
	made->expired = made->expires && is_past(made->expires);
	return good && made->reason;
}

/* ---- The file ---- */

static bool read_suppressions(struct hg_yaml *yaml, const struct hg_yaml_entry *list, struct hg_policy *policy)
{
	if (list->value->type != YAML_SEQUENCE_NODE) {
		hg_mistaken_value(yaml, list, "a list, each item of which begins with '- '");
		return false;
	}
	size_t count = hg_item_count(list->value), room = policy->suppression_count + count;
	struct hg_suppression *all = hg_allocate(room, sizeof(*all));
	bool good = true;

	if (policy->suppression_count > 0)
		memcpy(all, policy->suppressions, policy->suppression_count * sizeof(*all));
	free(policy->suppressions);
	policy->suppressions = all;
	for (size_t i = 0; i < count; i++) {
		struct hg_yaml_entry item = hg_item(yaml, list, i);
		good &= read_suppression(yaml, &item, &all[policy->suppression_count++]);
	}
	return good;
}

static bool read_levels(struct hg_yaml *yaml, const struct hg_yaml_entry *map, struct hg_policy *policy)
{
	static const char *const levels[] = {"note", "warning", "error"}; /* in the order of enum hg_level */
	const char *kinds[HG_KIND_COUNT];
	struct hg_yaml_entry entries[HG_KIND_COUNT];

	for (int kind = 0; kind < HG_KIND_COUNT; kind++)
		kinds[kind] = hg_kind_name((enum hg_kind)kind);
	bool good = hg_read_map(yaml, map, kinds, HG_KIND_COUNT, entries);
	for (int kind = 0; kind < HG_KIND_COUNT; kind++) {
		size_t level = 0;
		if (!entries[kind].value)
			continue;
		if (hg_read_word(yaml, &entries[kind], levels, 3, &level))
			policy->levels[kind] = (enum hg_level)(HG_LEVEL_NOTE + (int)level);
		else
			good = false;
	}
	return good;
}

static bool read_root(struct hg_yaml *yaml, struct hg_policy *policy)
{
	enum { HANDLEGUARD, LEVELS, SUPPRESSIONS, COUNT };
	static const char *const names[] = {"handleguard", "levels", "suppressions"};
	yaml_node_t *node = yaml_document_get_root_node(&yaml->document);
	struct hg_yaml_entry root = {"handleguard", node, node}, keys[COUNT];
	hg_wide version;
	bool good = hg_read_map(yaml, &root, names, COUNT, keys);

	if (good && !keys[HANDLEGUARD].value) {
		hg_missing_key(yaml, node, "handleguard", "a file of suppressions begins with 'handleguard: 1'");
		return false;
	}
	good = good && hg_read_integer(yaml, &keys[HANDLEGUARD], 1, 1, &version);
	if (good && keys[LEVELS].value)
		good &= read_levels(yaml, &keys[LEVELS], policy);
	if (good && keys[SUPPRESSIONS].value)
		good &= read_suppressions(yaml, &keys[SUPPRESSIONS], policy);
	return good;
}

bool hg_policy_read(struct hg_policy *policy, const char *path, FILE *errors)
{
	size_t size = 0;
	char *text = hg_file_text(path, "suppressions", HG_MOST_YAML, &size, errors);
	struct hg_yaml yaml;

	if (!text)
		return false;
	bool good = hg_yaml_load(&yaml, path, "file of suppressions", text, size) && read_root(&yaml, policy);
	good &= hg_yaml_report(&yaml, errors) == 0;
	hg_yaml_release(&yaml);
	free(text);
	return good;
}
