/* Handles that are attached to others after their birth, and detached from them. */
#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"
#include "manifest/parse/parse.h"

/* The keys of a map in `attach` or `detach`; whatever else stands there is a class. */
enum { TIE_PARENT, TIE_PLACE, TIE_GIVES, TIE_CLASS, TIE_KEYS };

static const char attach_form[] = "{CLASS: ARG, to: {CLASS: ARG}}, or a list of such maps",
                  detach_form[] = "{CLASS: ARG}, {CLASS: ARG, of: {CLASS: ARG}} or {CLASS: all, of: {CLASS: ARG}}";

/* Which of its keys an entry is. */
static unsigned key_of(const struct hg_yaml_entry *pair, bool attaches)
{
	const char *const keys[] = {attaches ? "to" : "of", attaches ? "place" : NULL, attaches ? "gives" : NULL};
	unsigned key = TIE_PARENT;

	while (key < TIE_CLASS && (!keys[key] || strcmp(pair->key, keys[key]) != 0))
		key++;
	return key;
}

/* Sorts the pairs of a map by what they are; a class there must be, and only one. */
static bool read_tie(struct hg_parse *parse, const struct hg_yaml_entry *map, bool attaches,
                     struct hg_yaml_entry values[TIE_KEYS])
{
	size_t count = hg_pair_count(map->value), classes = 0;
	struct hg_yaml_entry *pairs = hg_allocate(count, sizeof(*pairs));
	bool good = hg_read_pairs(&parse->yaml, map, pairs);

	for (size_t i = 0; good && i < count; i++) {
		unsigned key = key_of(&pairs[i], attaches);
		values[key] = pairs[i];
		classes += key == TIE_CLASS;
	}
	free(pairs);
	if (good && classes != 1)
		hg_mistaken_value(&parse->yaml, map, "%s", attaches ? attach_form : detach_form);
	return good && classes == 1;
}

static bool is_same(const struct hg_image_use *one, const struct hg_image_use *other)
{
	return one->all == other->all && one->argument == other->argument && one->class_index == other->class_index &&
	       one->indirect == other->indirect && one->offset == other->offset &&
	       one->choice.argument == other->choice.argument && one->choice.value == other->choice.value;
}

/* False: there are too many. */
static bool add_use(struct hg_parse *parse, const struct hg_yaml_entry *entry, struct hg_manifest_function *function,
                    const struct hg_image_use *use)
{
	if (function->use_count == HG_USE_MAX) {
		hg_mistaken_value(&parse->yaml, entry, "at most %u handles a function", HG_USE_MAX);
		return false;
	}
	function->uses[function->use_count++] = *use;
	return true;
}

/* The function's op on a handle which does none of those ways yet, as an op has one partner; it is added if there is
 * none. NULL after a mistake. */
static struct hg_image_use *find_use(struct hg_parse *parse, const struct hg_yaml_entry *entry,
                                     struct hg_manifest_function *function, const struct hg_image_use *wanted,
                                     unsigned ways)
{
	for (size_t i = 0; i < function->use_count; i++)
		if (is_same(&function->uses[i], wanted) && !(function->uses[i].ways & ways))
			return &function->uses[i];
	return add_use(parse, entry, function, wanted) ? &function->uses[function->use_count - 1] : NULL;
}

/* `to` and `of`: {CLASS: ARG}. */
static bool parse_parent(struct hg_parse *parse, const struct hg_yaml_entry *entry,
                         struct hg_manifest_function *function, uint8_t *partner)
{
	struct hg_image_use parent = {0};
	struct hg_yaml_entry pair;

	if (!hg_read_class_pair(parse, entry, &pair, &parent.class_index) ||
	    !hg_parse_argument(parse, &pair, hg_argument_max(function), &parent.argument, NULL))
		return false;
	parse->manifest->classes[parent.class_index].flags |= HG_CLASS_TIED;
	const struct hg_image_use *found = find_use(parse, &pair, function, &parent, 0);
	*partner = found ? (uint8_t)(found - function->uses + 1) : 0;
	return found;
}

/* {CLASS: all}: whatever is attached to the parent. */
static bool parse_all(struct hg_parse *parse, const struct hg_yaml_entry *class, struct hg_manifest_function *function,
                      struct hg_image_use *use)
{
	if (!use->partner) {
		hg_mistaken_value(&parse->yaml, class, "%s", detach_form);
		return false;
	}
	use->all = HG_ALL_OF_PARENT;
	use->argument = function->uses[use->partner - 1].argument;
	return add_use(parse, class, function, use);
}

/* The handle that is attached or detached, of which the rest is known. */
static bool parse_child(struct hg_parse *parse, const struct hg_yaml_entry *entry,
                        struct hg_manifest_function *function, struct hg_image_use *use)
{
	const char *text = hg_scalar(entry->value);
	struct hg_image_use said = *use;

	if (use->ways & HG_USE_DETACHES && text && strcmp(text, "all") == 0)
		return parse_all(parse, entry, function, use);
	if (!hg_parse_place(parse, entry, function, use))
		return false;
	if (use->partner && is_same(&function->uses[use->partner - 1], use)) {
		hg_mistaken_value(&parse->yaml, entry, "another handle than the one that it is attached to");
		return false;
	}
	struct hg_image_use *found = find_use(parse, entry, function, use, HG_USE_ATTACHES | HG_USE_DETACHES);
	if (!found)
		return false;
	found->ways |= said.ways;
	found->partner = said.partner;
	found->place = said.place;
	return true;
}

static bool parse_gives(struct hg_parse *parse, const struct hg_yaml_entry *values,
                        struct hg_manifest_function *function, struct hg_image_use *use)
{
	bool gives = false;

	if (!values[TIE_GIVES].value)
		return true;
	if (!hg_read_bool(&parse->yaml, &values[TIE_GIVES], &gives))
		return false;
	if (!gives)
		return true;
	if (values[TIE_PLACE].value) {
		hg_mistake(&parse->yaml, values[TIE_PLACE].name, "place", "'gives' beside it", "one of the two");
		return false;
	}
	if (parse->manifest->classes[use->class_index].flags & HG_CLASS_SHARED) {
		hg_mistake(&parse->yaml, values[TIE_GIVES].name, "gives", "a class that says 'shared'",
		           "a class whose handles have one holder");
		return false;
	}
	use->ways |= HG_USE_GIVES;
	parse->manifest->classes[function->uses[use->partner - 1].class_index].flags |= HG_CLASS_PARENT;
	return true;
}

static bool parse_tie(struct hg_parse *parse, const struct hg_yaml_entry *map, bool attaches,
                      struct hg_manifest_function *function)
{
	struct hg_yaml_entry values[TIE_KEYS] = {0};
	struct hg_image_use use = {.ways = attaches ? HG_USE_ATTACHES : HG_USE_DETACHES};
	const struct hg_yaml_entry *class = &values[TIE_CLASS], *place = &values[TIE_PLACE];

	if (!read_tie(parse, map, attaches, values) ||
	    !hg_find_class(parse, class->name, class->key, class->key, &use.class_index))
		return false;
	if (attaches && !values[TIE_PARENT].value) {
		hg_missing_key(&parse->yaml, map->value, "to", "say which handle it is attached to");
		return false;
	}
	if ((values[TIE_PARENT].value && !parse_parent(parse, &values[TIE_PARENT], function, &use.partner)) ||
	    (place->value && !hg_parse_argument(parse, place, hg_argument_max(function), &use.place, NULL)) ||
	    !parse_gives(parse, values, function, &use))
		return false;
	use.place += place->value != NULL;
	parse->manifest->classes[use.class_index].flags |= HG_CLASS_TIED;
	return parse_child(parse, class, function, &use);
}

static bool parse_list(struct hg_parse *parse, const struct hg_yaml_entry *entry, bool attaches,
                       struct hg_manifest_function *function)
{
	size_t count = entry->value ? hg_item_count(entry->value) : 0;
	bool good = true;

	if (entry->value && !count)
		hg_mistaken_value(&parse->yaml, entry, "%s", attaches ? attach_form : detach_form);
	for (size_t i = 0; good && i < count; i++) {
		struct hg_yaml_entry item = hg_item(&parse->yaml, entry, i);
		good = parse_tie(parse, &item, attaches, function);
	}
	return good && (!entry->value || count);
}

/* What a free says of what its handle is attached to: nothing is. */
static bool parse_detaches(struct hg_parse *parse, const struct hg_yaml_entry *entry,
                           struct hg_manifest_function *function)
{
	bool detaches = false, ends = false;

	if (!entry->value)
		return true;
	if (!hg_read_bool(&parse->yaml, entry, &detaches))
		return false;
	for (size_t i = 0; i < function->use_count; i++)
		if (hg_use_ends(&function->uses[i])) {
			function->uses[i].ways |= detaches ? HG_USE_DETACHES : 0;
			ends = true;
		}
	if (!ends)
		hg_mistake(&parse->yaml, entry->name, entry->key, "neither 'free' nor 'release' beside it",
		           "one of them in the same function");
	return ends;
}

static bool parse_attached(struct hg_parse *parse, const struct hg_yaml_entry *entry,
                           struct hg_manifest_function *function)
{
	static const char *const words[] = {"untouched"};
	size_t index;

	if (!entry->value)
		return true;
	if (!hg_read_word(&parse->yaml, entry, words, 1, &index))
		return false;
	for (size_t i = 0; i < function->use_count; i++)
		function->uses[i].ways |= HG_USE_SPARES;
	if (!function->use_count)
		hg_mistake(&parse->yaml, entry->name, entry->key, "a function that is given no handle",
		           "'op' or 'free' in the same function");
	return function->use_count;
}

static bool refuse_free(struct hg_parse *parse, const struct hg_yaml_entry *entry, const struct hg_yaml_entry *keys)
{
	if (!entry->value || (!keys[HG_KEY_FREE].value && !keys[HG_KEY_RELEASE].value))
		return true;
	hg_mistake(&parse->yaml, entry->name, entry->key, "a function that ends a handle", "one that ends none");
	return false;
}

bool hg_parse_ties(struct hg_parse *parse, const struct hg_yaml_entry *keys, struct hg_manifest_function *function)
{
	const struct hg_yaml_entry *attach = &keys[HG_KEY_ATTACH], *detach = &keys[HG_KEY_DETACH];

	return refuse_free(parse, attach, keys) && refuse_free(parse, detach, keys) &&
	       /* in this order they are done: a move first takes the handle from where it was */
	       parse_list(parse, detach, false, function) && parse_list(parse, attach, true, function) &&
	       parse_detaches(parse, &keys[HG_KEY_DETACHES], function) &&
	       parse_attached(parse, &keys[HG_KEY_ATTACHED], function);
}
