/* What the end of a handle means for the handles that were made from it: one word for all of them, or by their class.
 */
#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"
#include "manifest/parse/parse.h"

/* In the order of enum hg_children. */
static const char *const words[] = {"orphan", "end", "refuse", "keep"};

#define WORDS (sizeof(words) / sizeof(*words))

/* Who may not refuse, and what else is expected of it; NULL: it may. */
struct unrefusing {
	const char *beside, *expected;
};

/* Beside a release: whether it is the last one its caller cannot know. */
static const struct unrefusing release = {"'refuse' beside 'release'",
                                          "orphan, end or keep: a release drops one claim, whatever there is"};
static const struct unrefusing create = {
    "'refuse' beside 'create'", "orphan, end or keep: that it refuses says the function that frees, with 'freed'"};

static bool parse_word(struct hg_parse *parse, const struct hg_yaml_entry *entry, const struct unrefusing *who,
                       uint8_t *children)
{
	size_t index;

	if (!hg_read_word(&parse->yaml, entry, words, WORDS, &index))
		return false;
	*children = (uint8_t)index;
	if (!who || index != HG_CHILDREN_REFUSED)
		return true;
	hg_mistake(&parse->yaml, entry->value, entry->key, who->beside, "%s", who->expected);
	return false;
}

/* --- by class --- */

/* Whether a map of the parent's class says the same of every class. `meant`: by class index. */
static bool says_the_same(const struct hg_manifest *manifest, uint32_t parent, unsigned map, const uint8_t *meant)
{
	for (uint32_t child = 0; child < manifest->class_count; child++)
		if (hg_manifest_children(manifest, parent, HG_CHILDREN_BY_CLASS + map, child) != meant[child])
			return false;
	return true;
}

static void add_map(struct hg_manifest *manifest, uint32_t parent, const uint8_t *meant)
{
	unsigned map = manifest->classes[parent].maps++;
	struct hg_image_means *more = hg_allocate(manifest->mean_count + manifest->class_count, sizeof(*more));

	if (manifest->mean_count)
		memcpy(more, manifest->means, manifest->mean_count * sizeof(*more));
	free(manifest->means);
	manifest->means = more;
	for (uint32_t child = 0; child < manifest->class_count; child++) {
		if (meant[child] == HG_CHILDREN_ORPHANED)
			continue;
		manifest->means[manifest->mean_count++] = (struct hg_image_means){
		    .parent_class = parent, .child_class = child, .map = (uint8_t)map, .children = meant[child]};
	}
}

/* The number of the map of this class that says so, which is added if there is none. */
static bool find_map(struct hg_parse *parse, const struct hg_yaml_entry *entry, uint32_t parent, const uint8_t *meant,
                     uint8_t *children)
{
	struct hg_manifest *manifest = parse->manifest;
	unsigned map = 0;

	while (map < manifest->classes[parent].maps && !says_the_same(manifest, parent, map, meant))
		map++;
	if (map == HG_CHILDREN_MAPS) {
		hg_mistaken_value(&parse->yaml, entry, "at most %d different maps for handles of class '%s'",
		                  HG_CHILDREN_MAPS, manifest->classes[parent].name);
		return false;
	}
	if (map == manifest->classes[parent].maps)
		add_map(manifest, parent, meant);
	*children = (uint8_t)(HG_CHILDREN_BY_CLASS + map);
	return true;
}

/* {CLASS: WORD, ...}: what is meant, by class index. Classes that are not named: ORPHANED. */
static uint8_t *parse_map(struct hg_parse *parse, const struct hg_yaml_entry *entry, const struct unrefusing *who)
{
	size_t count = hg_pair_count(entry->value);
	struct hg_yaml_entry *pairs = hg_allocate(count, sizeof(*pairs));
	uint8_t *meant = hg_allocate(parse->manifest->class_count, sizeof(*meant));
	bool good = hg_read_pairs(&parse->yaml, entry, pairs);

	for (size_t i = 0; good && i < count; i++) {
		uint32_t class;
		good = hg_find_class(parse, pairs[i].name, pairs[i].key, pairs[i].key, &class) &&
		       parse_word(parse, &pairs[i], who, &meant[class]);
	}
	free(pairs);
	if (good)
		return meant;
	free(meant);
	return NULL;
}

/* What is said, for handles of each of these classes. */
static bool parse_for(struct hg_parse *parse, const struct hg_yaml_entry *entry, const struct unrefusing *who,
                      const uint32_t *parents, size_t count, uint8_t *children)
{
	if (entry->value->type != YAML_MAPPING_NODE) {
		bool good = parse_word(parse, entry, who, children);
		for (size_t i = 1; good && i < count; i++)
			children[i] = children[0];
		return good;
	}
	uint8_t *meant = parse_map(parse, entry, who);
	bool good = meant;
	for (size_t i = 0; good && i < count; i++)
		good = find_map(parse, entry, parents[i], meant, &children[i]);
	free(meant);
	return good;
}

bool hg_parse_children(struct hg_parse *parse, const struct hg_yaml_entry *keys, struct hg_manifest_function *function)
{
	const struct hg_yaml_entry *entry = &keys[HG_KEY_CHILDREN];
	uint32_t parents[HG_USE_MAX];
	uint8_t children[HG_USE_MAX] = {0};
	size_t count = 0;

	if (!entry->value || (!keys[HG_KEY_FREE].value && !keys[HG_KEY_RELEASE].value))
		return true;
	for (size_t i = 0; i < function->use_count; i++)
		if (hg_use_ends(&function->uses[i]))
			parents[count++] = function->uses[i].class_index;
	if (!parse_for(parse, entry, keys[HG_KEY_RELEASE].value ? &release : NULL, parents, count, children))
		return false;
	for (size_t i = function->use_count; i--;)
		if (hg_use_ends(&function->uses[i]))
			function->uses[i].children = children[--count];
	function->children_said = true;
	return true;
}

bool hg_parse_made_children(struct hg_parse *parse, const struct hg_yaml_entry *entry, struct hg_image_make *make)
{
	uint8_t children = 0;

	if (!entry->value)
		return true;
	if (!parse_for(parse, entry, &create, &make->class_index, 1, &children))
		return false;
	make->children = children + 1u;
	return true;
}

/* --- of a handle that lives on --- */

/* The one free of the function, of all that was made from the handle; NULL after a mistake: there is no such one. */
static struct hg_image_use *find_clearing(struct hg_parse *parse, const struct hg_yaml_entry *keys,
                                          struct hg_manifest_function *function)
{
	struct hg_image_use *found = NULL;
	size_t frees = 0;

	for (size_t i = 0; i < function->use_count; i++) {
		frees += hg_use_ends(&function->uses[i]);
		if (function->uses[i].all == HG_ALL_OF_PARENT)
			found = &function->uses[i];
	}
	if (found && frees == 1)
		return found;
	hg_mistaken_value(&parse->yaml, &keys[HG_KEY_FREE], "{CLASS: all} of one class beside 'children_of'");
	return NULL;
}

static bool is_used(const struct hg_manifest_function *function, const struct hg_image_use *use)
{
	for (size_t i = 0; i < function->use_count; i++)
		if (!function->uses[i].all && function->uses[i].indirect != HG_CONSTANT &&
		    function->uses[i].argument == use->argument)
			return true;
	return false;
}

bool hg_parse_children_of(struct hg_parse *parse, const struct hg_yaml_entry *keys,
                          struct hg_manifest_function *function)
{
	const struct hg_yaml_entry *entry = &keys[HG_KEY_CHILDREN_OF];
	struct hg_yaml_entry pair;
	struct hg_image_use parent = {.concurrent = 1};

	if (!entry->value || !keys[HG_KEY_FREE].value)
		return true;
	struct hg_image_use *clearing = find_clearing(parse, keys, function);
	if (!clearing)
		return false;
	if (!hg_read_class_pair(parse, entry, &pair, &parent.class_index) ||
	    !hg_parse_argument(parse, &pair, hg_argument_max(function), &parent.argument, NULL))
		return false;
	clearing->argument = parent.argument;
	if (!is_used(function, &parent) && function->use_count < HG_USE_MAX)
		function->uses[function->use_count++] = parent;
	return true;
}

/* --- of what was given to a handle --- */

/* Notes the classes of which handles are given to handles of this one. False: there is none. */
static bool are_given(const struct hg_manifest *manifest, uint32_t parent, uint8_t *meant)
{
	bool any = false;

	for (size_t i = 0; i < manifest->function_count; i++)
		for (size_t j = 0; j < manifest->functions[i].use_count; j++) {
			const struct hg_image_use *uses = manifest->functions[i].uses;
			if (!(uses[j].ways & HG_USE_GIVES) || uses[uses[j].partner - 1].class_index != parent)
				continue;
			meant[uses[j].class_index] = HG_CHILDREN_ENDED;
			any = true;
		}
	return any;
}

/* In the functions that end handles of the class, and do not say what that means. */
static bool end_given(struct hg_parse *parse, const struct hg_yaml_entry *functions, uint32_t parent,
                      const uint8_t *meant)
{
	struct hg_manifest *manifest = parse->manifest;
	bool good = true;

	for (size_t i = 0; i < manifest->function_count; i++)
		for (size_t j = 0; good && j < manifest->functions[i].use_count; j++) {
			struct hg_image_use *use = &manifest->functions[i].uses[j];
			if (use->class_index == parent && hg_use_ends(use) && !manifest->functions[i].children_said)
				good = find_map(parse, functions, parent, meant, &use->children);
		}
	return good;
}

bool hg_settle_given(struct hg_parse *parse, const struct hg_yaml_entry *functions)
{
	bool good = true;

	for (uint32_t class = 0; good && class < parse->manifest->class_count; class ++) {
		uint8_t *meant = hg_allocate(parse->manifest->class_count, sizeof(*meant));
		if (are_given(parse->manifest, class, meant))
			good = end_given(parse, functions, class, meant);
		free(meant);
	}
	return good;
}
