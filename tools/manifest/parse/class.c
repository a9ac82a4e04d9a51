#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"
#include "manifest/parse/parse.h"

enum {
	KEY_TYPE,
	KEY_NONE,
	KEY_REJECT,
	KEY_DEADLINE_MS,
	KEY_DRAIN,
	KEY_AFTER_DEADLINE,
	KEY_CLOSED,
	KEY_EXCLUSIVE,
	KEY_THREAD,
	KEY_QUARANTINE,
	KEY_SHARING, /* the first of them */
	KEY_OUTLIVE = KEY_SHARING + HG_SHARING_KEYS,
	KEY_NULL,
	KEY_FORK,
	KEY_WAKE,
	KEY_CREATES,
	KEY_AT_EXIT,
	KEY_OWN_CALLS,
	KEY_COUNT
};

static const char *const keys[] = {"type",     "none",      "reject",   "deadline_ms", "drain",  "after_deadline",
                                   "closed",   "exclusive", "thread",   "quarantine",  "shared", "holders",
                                   "severing", "limit",     "outlive",  "null",        "fork",   "wake",
                                   "creates",  "at_exit",   "own_calls"};
static const char *const drains[] = {"wait", "defer", "auto"}, *const after_deadlines[] = {"defer", "leak"};

static bool parse_type(struct hg_parse *parse, const struct hg_yaml_entry *entry, struct hg_manifest_class *class)
{
	size_t count = 0, index;

	while (hg_class_type_words[count])
		count++;
	class->type = HG_TYPE_POINTER;
	if (!entry->value)
		return true;
	if (!hg_read_word(&parse->yaml, entry, hg_class_type_words, count, &index))
		return false;
	class->type = hg_type_of_word(hg_class_type_words[index]);
	return true;
}

/* A value that names no handle may be written signed or unsigned: it is compared after masking. */
static void none_range(enum hg_type type, hg_wide *low, hg_wide *high)
{
	unsigned bits = 8 * hg_type_width(type);

	*low = -((hg_wide)1 << (bits - 1));
	*high = ((hg_wide)1 << bits) - 1;
}

static bool parse_none(struct hg_parse *parse, const struct hg_yaml_entry *entry, struct hg_manifest_class *class)
{
	size_t count = entry->value ? hg_item_count(entry->value) : class->type == HG_TYPE_POINTER;
	hg_wide low, high, value = 0;
	bool good = true;

	class->nones = hg_allocate(count, sizeof(*class->nones));
	class->none_count = count;
	none_range(class->type, &low, &high);
	if (entry->value && entry->value->type != YAML_SEQUENCE_NODE) {
		hg_mistaken_value(&parse->yaml, entry, "a list of integers");
		return false;
	}
	for (size_t i = 0; entry->value && i < count; i++) {
		struct hg_yaml_entry item = hg_item(&parse->yaml, entry, i);
		good &= hg_read_integer(&parse->yaml, &item, low, high, &value);
		class->nones[i] = (int64_t)value;
	}
	return good;
}

static bool parse_deadline(struct hg_parse *parse, const struct hg_yaml_entry *entry, struct hg_manifest_class *class)
{
	hg_wide value = -1;
	bool good = !entry->value || hg_read_integer(&parse->yaml, entry, 0, HG_DEADLINE_MS_MAX, &value);

	class->deadline_ms = (int64_t)value;
	if (entry->value)
		class->deadline_mark = hg_mark_of(entry->value);
	return good;
}

/* One of some words that each say otherwise than the run does; 0: none. */
static bool parse_way(struct hg_parse *parse, const struct hg_yaml_entry *entry, const char *const *words, size_t count,
                      uint32_t *way)
{
	size_t index;

	if (!entry->value)
		return true;
	if (!hg_read_word(&parse->yaml, entry, words, count, &index))
		return false;
	*way = (uint32_t)index + 1;
	return true;
}

static bool parse_fact(struct hg_parse *parse, const struct hg_yaml_entry *entry, uint32_t flag,
                       struct hg_manifest_class *class)
{
	bool holds = false;
	bool good = !entry->value || hg_read_bool(&parse->yaml, entry, &holds);

	class->flags |= holds ? flag : 0;
	return good;
}

/* A key whose words each stand for flags. */
static bool parse_flag(struct hg_parse *parse, const struct hg_yaml_entry *entry, const char *const *words,
                       size_t count, const uint32_t *flags, struct hg_manifest_class *class)
{
	size_t index;

	if (!entry->value)
		return true;
	if (!hg_read_word(&parse->yaml, entry, words, count, &index))
		return false;
	class->flags |= flags[index];
	return true;
}

/* Whether other values are told of, or turned away too. */
static bool parse_closed(struct hg_parse *parse, const struct hg_yaml_entry *entry, struct hg_manifest_class *class)
{
	static const char *const words[] = {"false", "true", "reject"};
	static const uint32_t flags[] = {0, HG_CLASS_CLOSED,
	                                 HG_CLASS_CLOSED | HG_CLASS_STRAY_REFUSED | HG_CLASS_RECENT};

	return parse_flag(parse, entry, words, 3, flags, class);
}

/* Whether some handles come from where no guard sees it. */
static bool parse_creates(struct hg_parse *parse, const struct hg_yaml_entry *entry, struct hg_manifest_class *class)
{
	static const char *const words[] = {"some"};
	static const uint32_t flags[] = {HG_CLASS_UNSEEN};

	if (!parse_flag(parse, entry, words, 1, flags, class))
		return false;
	if (!entry->value || !(class->flags & HG_CLASS_CLOSED))
		return true;
	hg_mistake(&parse->yaml, entry->value, entry->key, "'some' beside 'closed'",
	           "one of the two: where not every create is seen, no value can be told to be a stray");
	return false;
}

/* Whether the library ends all handles by itself as the process ends. */
static bool parse_at_exit(struct hg_parse *parse, const struct hg_yaml_entry *entry, struct hg_manifest_class *class)
{
	static const char *const words[] = {"ends"};
	static const uint32_t flags[] = {HG_CLASS_ENDS_AT_EXIT | HG_CLASS_TORN_DOWN};

	return parse_flag(parse, entry, words, 1, flags, class);
}

/* Whether what the library creates, takes and drops in the course of its own work is looked at. */
static bool parse_own_calls(struct hg_parse *parse, const struct hg_yaml_entry *entry, struct hg_manifest_class *class)
{
	static const char *const words[] = {"pass"};
	static const uint32_t flags[] = {HG_CLASS_OWN_CALLS_PASS};

	return parse_flag(parse, entry, words, 1, flags, class);
}

/* Whether a forked child may use what it has inherited: not while its parent is there, or never. */
static bool parse_fork(struct hg_parse *parse, const struct hg_yaml_entry *entry, struct hg_manifest_class *class)
{
	static const char *const words[] = {"owner", "owner_strict"};
	static const uint32_t flags[] = {HG_CLASS_OWN_PROCESS, HG_CLASS_OWN_PROCESS | HG_CLASS_OWN_PROCESS_STRICT};

	return parse_flag(parse, entry, words, 2, flags, class);
}

/* Only what is an address can be held back. */
static bool parse_quarantine(struct hg_parse *parse, const struct hg_yaml_entry *entry, struct hg_manifest_class *class)
{
	bool wanted = false;

	if (entry->value && !hg_read_bool(&parse->yaml, entry, &wanted))
		return false;
	class->flags |= wanted ? HG_CLASS_QUARANTINE : 0;
	if (!wanted || class->type == HG_TYPE_POINTER)
		return true;
	hg_mistaken_value(&parse->yaml, entry, "false, or 'type: pointer': other handles are no memory");
	return false;
}

static bool parse_exclusive(struct hg_parse *parse, const struct hg_yaml_entry *values, struct hg_manifest_class *class)
{
	static const char *const exclusives[] = {"report", "serialise"}, *const threads[] = {"creator"};
	static const uint32_t exclusive_flags[] = {HG_CLASS_EXCLUSIVE, HG_CLASS_SERIALISED},
	                      thread_flags[] = {HG_CLASS_OWN_THREAD};
	bool good = parse_flag(parse, &values[KEY_EXCLUSIVE], exclusives, 2, exclusive_flags, class);

	return parse_flag(parse, &values[KEY_THREAD], threads, 1, thread_flags, class) && good;
}

static bool check_name(struct hg_parse *parse, const struct hg_yaml_entry *entry)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:-";

	if (!entry->key[strspn(entry->key, letters)])
		return true;
	hg_mistake(&parse->yaml, entry->name, entry->key, "an odd class name", "letters, digits and _ . : - only");
	return false;
}

/* A class of which there is nothing to say may be written as `name:` with nothing behind it. */
static bool is_empty(const yaml_node_t *node)
{
	const char *text = hg_scalar(node);

	return text && !*text && hg_is_plain(node);
}

static bool parse_class(struct hg_parse *parse, const struct hg_yaml_entry *entry, uint32_t index)
{
	struct hg_manifest_class *class = &parse->manifest->classes[index];
	struct hg_reject_spec *reject = &parse->class_rejects[index];
	struct hg_yaml_entry values[KEY_COUNT] = {0};
	bool good = check_name(parse, entry);

	class->name = hg_copy_text(entry->key, strlen(entry->key));
	class->mark = hg_mark_of(entry->name);
	parse->class_names[index] = class->name;
	good &= is_empty(entry->value) || hg_read_map(&parse->yaml, entry, keys, KEY_COUNT, values);
	good &= parse_type(parse, &values[KEY_TYPE], class);
	good &= parse_none(parse, &values[KEY_NONE], class);
	good &= parse_deadline(parse, &values[KEY_DEADLINE_MS], class);
	good &= parse_way(parse, &values[KEY_DRAIN], drains, 3, &class->drain);
	good &= parse_way(parse, &values[KEY_AFTER_DEADLINE], after_deadlines, 2, &class->after_deadline);
	good &= parse_closed(parse, &values[KEY_CLOSED], class);
	good &= parse_at_exit(parse, &values[KEY_AT_EXIT], class);
	good &= parse_own_calls(parse, &values[KEY_OWN_CALLS], class);
	good &= parse_creates(parse, &values[KEY_CREATES], class);
	good &= parse_fact(parse, &values[KEY_OUTLIVE], HG_CLASS_OUTLIVING, class);
	good &= parse_exclusive(parse, values, class);
	good &= parse_quarantine(parse, &values[KEY_QUARANTINE], class);
	good &= hg_parse_null(parse, &values[KEY_NULL], class, &class->nulls);
	good &= parse_fork(parse, &values[KEY_FORK], class);
	good &= hg_parse_sharing(parse, &values[KEY_SHARING], class);
	parse->class_wakes[index] = values[KEY_WAKE];
	good &= !values[KEY_REJECT].value || hg_parse_reject(parse, &values[KEY_REJECT], true, reject);
	return good;
}

bool hg_parse_classes(struct hg_parse *parse, const struct hg_yaml_entry *classes)
{
	size_t count = hg_pair_count(classes->value);
	struct hg_yaml_entry *pairs = hg_allocate(count, sizeof(*pairs));
	bool good = hg_read_pairs(&parse->yaml, classes, pairs);

	parse->manifest->classes = hg_allocate(count, sizeof(*parse->manifest->classes));
	parse->class_names = hg_allocate(count, sizeof(*parse->class_names));
	parse->class_rejects = hg_allocate(count, sizeof(*parse->class_rejects));
	parse->class_wakes = hg_allocate(count, sizeof(*parse->class_wakes));
	for (uint32_t i = 0; i < count; i++) {
		if (!pairs[i].key || !pairs[i].value)
			continue;
		uint32_t index = (uint32_t)parse->manifest->class_count++;
		good &= parse_class(parse, &pairs[i], index);
	}
	free(pairs);
	return good;
}

bool hg_find_class(struct hg_parse *parse, const yaml_node_t *at, const char *key, const char *name, uint32_t *index)
{
	size_t count = parse->manifest->class_count;
	char *wanted;

	for (*index = 0; name && *index < count; (*index)++)
		if (strcmp(name, parse->class_names[*index]) == 0)
			return true;
	wanted = hg_choice(name ? name : "", parse->class_names, count);
	char *found = name ? hg_format("the unknown class '%.60s'", name) : hg_copy_text("no class's name", 64);
	hg_mistake(&parse->yaml, at, key, found, "%s", wanted);
	free(found);
	free(wanted);
	return false;
}

bool hg_read_class_pair(struct hg_parse *parse, const struct hg_yaml_entry *entry, struct hg_yaml_entry *pair,
                        uint32_t *index)
{
	if (hg_pair_count(entry->value) != 1) {
		hg_mistaken_value(&parse->yaml, entry, "one class and the number of an argument");
		return false;
	}
	return hg_read_pairs(&parse->yaml, entry, pair) &&
	       hg_find_class(parse, pair->name, pair->key, pair->key, index);
}
