/* Which handles a function is given and which it hands out. */
#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"
#include "manifest/parse/parse.h"

/* Whether at most one of the two can be meant. */
static bool excludes(const struct hg_image_choice *one, const struct hg_image_choice *other)
{
	return one->argument && one->argument == other->argument && one->value != other->value;
}

/* Such a handle stands in no argument. */
static bool is_constant(uint8_t indirect)
{
	return indirect == HG_CONSTANT;
}

static bool refuse_second_use(struct hg_parse *parse, const struct hg_yaml_entry *entry,
                              const struct hg_manifest_function *function, const struct hg_image_use *use)
{
	for (size_t i = 0; i < function->use_count; i++) {
		const struct hg_image_use *earlier = &function->uses[i];
		/* A struct can hold several handles, and another argument can decide what one is. */
		if (earlier->all || use->all || earlier->argument != use->argument || earlier->offset != use->offset ||
		    is_constant(earlier->indirect) != is_constant(use->indirect) ||
		    (is_constant(use->indirect) && earlier->class_index != use->class_index) ||
		    excludes(&earlier->choice, &use->choice))
			continue;
		hg_mistaken_value(&parse->yaml, entry, "each argument to be used once by 'op' and 'free' together");
		return false;
	}
	return true;
}

/* What a function returns it was not given. */
static bool refuse_result(struct hg_parse *parse, const struct hg_yaml_entry *entry, const struct hg_image_use *use)
{
	if (use->indirect == HG_JAVA_ARRAY && use->argument == HG_JAVA_RESULT)
		hg_mistaken_value(&parse->yaml, entry, "{java_array: N}, an argument");
	return use->indirect != HG_JAVA_ARRAY || use->argument != HG_JAVA_RESULT;
}

static bool parse_use(struct hg_parse *parse, const struct hg_yaml_entry *entry, struct hg_image_use use,
                      struct hg_manifest_function *function)
{
	if (function->use_count == HG_USE_MAX) {
		hg_mistaken_value(&parse->yaml, entry, "at most %u handles a function", HG_USE_MAX);
		return false;
	}
	const char *text = hg_scalar(entry->value);
	if (use.all || use.frees == HG_USE_FREES)
		use.all = text && strcmp(text, "all") == 0 ? (use.all ? HG_ALL_OF_PARENT : HG_ALL) : HG_ALL_ONE;
	if (use.all == HG_ALL)
		parse->manifest->classes[use.class_index].flags |= HG_CLASS_TORN_DOWN;
	if ((!use.all && !hg_parse_place(parse, entry, function, &use)) || !refuse_result(parse, entry, &use) ||
	    !refuse_second_use(parse, entry, function, &use))
		return false;
	function->uses[function->use_count++] = use;
	return true;
}

static bool ends_one_at_once(const struct hg_image_use *use)
{
	return hg_use_ends(use) && !use->all;
}

/* If a function can end one of several handles, an argument must say which. */
static bool check_one_end(struct hg_parse *parse, const struct hg_yaml_entry *map,
                          const struct hg_manifest_function *function)
{
	for (size_t i = 0; i < function->use_count; i++)
		for (size_t j = 0; j < i; j++) {
			const struct hg_image_use *one = &function->uses[i], *other = &function->uses[j];
			if (!ends_one_at_once(one) || one->frees != other->frees || other->all ||
			    excludes(&one->choice, &other->choice))
				continue;
			hg_mistaken_value(&parse->yaml, map,
			                  "one class, as a function ends one handle, or an 'if' for each");
			return false;
		}
	return true;
}

/* {CLASS: ARG or [ARGS], ...}; a free ends one handle, an acquire is of one. */
static bool parse_use_map(struct hg_parse *parse, const struct hg_yaml_entry *map, struct hg_image_use use,
                          struct hg_manifest_function *function)
{
	size_t count = hg_pair_count(map->value);
	struct hg_yaml_entry *pairs = hg_allocate(count, sizeof(*pairs));
	bool good = hg_read_pairs(&parse->yaml, map, pairs);

	if (good && use.frees == HG_USE_ACQUIRES && count > 1) {
		hg_mistaken_value(&parse->yaml, map, "one class, as a function acquires one handle");
		good = false;
	}
	for (size_t i = 0; good && i < count; i++) {
		size_t items = hg_item_count(pairs[i].value);
		good &= hg_find_class(parse, pairs[i].name, pairs[i].key, pairs[i].key, &use.class_index);
		if (good && (items == 0 || (use.frees && pairs[i].value->type == YAML_SEQUENCE_NODE))) {
			hg_mistaken_value(&parse->yaml, &pairs[i], "the number of an argument");
			good = false;
		}
		for (size_t j = 0; good && j < items; j++) {
			struct hg_yaml_entry item = hg_item(&parse->yaml, &pairs[i], j);
			good &= parse_use(parse, &item, use, function);
		}
	}
	free(pairs);
	return good && check_one_end(parse, map, function);
}

static bool parse_claims(struct hg_parse *parse, const struct hg_yaml_entry *keys,
                         struct hg_manifest_function *function)
{
	const struct hg_yaml_entry *acquire = &keys[HG_KEY_ACQUIRE], *release = &keys[HG_KEY_RELEASE];
	bool sinks = false;
	bool good = !keys[HG_KEY_SINK].value || hg_read_bool(&parse->yaml, &keys[HG_KEY_SINK], &sinks);

	if (acquire->value)
		good &= parse_use_map(parse, acquire, (struct hg_image_use){.frees = HG_USE_ACQUIRES, .sinks = sinks},
		                      function);
	if (release->value)
		good &= parse_use_map(parse, release, (struct hg_image_use){.frees = HG_USE_RELEASES}, function);
	return good;
}

bool hg_parse_uses(struct hg_parse *parse, const struct hg_yaml_entry *keys, struct hg_manifest_function *function)
{
	const struct hg_yaml_entry *op = &keys[HG_KEY_OP], *end = &keys[HG_KEY_FREE];
	struct hg_image_use op_use = {.allowed_while_freeing = keys[HG_KEY_WHILE_FREEING].value != NULL};
	struct hg_image_use free_use = {.frees = keys[HG_KEY_ENDS].value ? HG_USE_ENDS_LATER : HG_USE_FREES,
	                                .all = keys[HG_KEY_CHILDREN_OF].value ? HG_ALL_OF_PARENT : HG_ALL_ONE};
	bool free_first = op->value && end->value && end->name->start_mark.index < op->name->start_mark.index;
	bool concurrent = false;
	bool good = !keys[HG_KEY_CONCURRENT].value || hg_read_bool(&parse->yaml, &keys[HG_KEY_CONCURRENT], &concurrent);

	op_use.concurrent = free_use.concurrent = concurrent;
	function->uses = hg_allocate(HG_USE_MAX, sizeof(*function->uses));
	if (free_first)
		good &= parse_use_map(parse, end, free_use, function);
	if (op->value)
		good &= parse_use_map(parse, op, op_use, function);
	if (end->value && !free_first)
		good &= parse_use_map(parse, end, free_use, function);
	if (keys[HG_KEY_CLOSE].value)
		good &=
		    parse_use_map(parse, &keys[HG_KEY_CLOSE], (struct hg_image_use){.ways = HG_USE_CLOSES}, function);
	return good && hg_parse_children_of(parse, keys, function) && parse_claims(parse, keys, function);
}

/* Null has no meaning where nothing is given; and a create has one condition. */
static bool check_from(struct hg_parse *parse, const struct hg_yaml_entry *entry, const struct hg_image_use *use,
                       const struct hg_image_make *make)
{
	if (use->none == HG_NONE_UNSAID && !(use->choice.argument && make->choice.argument))
		return true;
	hg_mistaken_value(&parse->yaml, entry, "%s",
	                  use->none ? "no 'null': nothing is given there" : "one 'if' for a create");
	return false;
}

/* `return` or ARG. */
static bool parse_from(struct hg_parse *parse, const struct hg_yaml_entry *entry,
                       const struct hg_manifest_function *function, struct hg_image_make *make)
{
	struct hg_manifest_class *class = &parse->manifest->classes[make->class_index];
	const char *text = entry->value ? hg_scalar(entry->value) : "return";
	struct hg_image_use use = {.class_index = make->class_index};
	hg_wide number;

	make->from_return = text && strcmp(text, "return") == 0;
	if (make->from_return)
		return true;
	if (text && !hg_parse_integer(text + (*text == '*'), &number)) {
		hg_mistaken_value(&parse->yaml, entry, "return, or where the handle is: N or \"*N\", 0 to %u, or a map",
		                  hg_argument_max(function));
		return false;
	}
	if (!hg_parse_place(parse, entry, function, &use) || !check_from(parse, entry, &use, make))
		return false;
	make->place = hg_place_of_use(&use);
	make->choice = use.choice.argument ? use.choice : make->choice;
	if (!use.indirect && class->type == HG_TYPE_POINTER)
		class->flags |= HG_CLASS_IN_PLACE;
	return true;
}

/* N, or {value: N}. */
static bool parse_parent_place(struct hg_parse *parse, const struct hg_yaml_entry *entry,
                               const struct hg_manifest_function *function, struct hg_image_make *make)
{
	struct hg_image_use use = {.class_index = make->parent_class};

	if (entry->value->type != YAML_MAPPING_NODE)
		return hg_parse_argument(parse, entry, hg_argument_max(function), &make->parent_argument, NULL);
	if (!hg_parse_place(parse, entry, function, &use))
		return false;
	if (use.indirect == HG_CONSTANT) {
		make->parent_constant = 1;
		make->parent_value = use.offset;
		return true;
	}
	hg_mistaken_value(&parse->yaml, entry, "the number of an argument, 0 to %u, or {value: N}",
	                  hg_argument_max(function));
	return false;
}

/* {CLASS: ARG} */
static bool parse_parent(struct hg_parse *parse, const struct hg_yaml_entry *entry,
                         const struct hg_manifest_function *function, struct hg_image_make *make)
{
	struct hg_yaml_entry pair;

	make->parent_class = HG_NONE;
	if (!entry->value)
		return true;
	if (!hg_read_class_pair(parse, entry, &pair, &make->parent_class) ||
	    !parse_parent_place(parse, &pair, function, make))
		return false;
	parse->manifest->classes[make->parent_class].flags |= HG_CLASS_PARENT;
	parse->manifest->classes[make->class_index].flags |= HG_CLASS_CHILD;
	return true;
}

static bool refuse_second_make(struct hg_parse *parse, const struct hg_yaml_entry *from,
                               const struct hg_manifest_function *function, const struct hg_image_make *make)
{
	for (size_t i = 0; i < function->make_count; i++) {
		const struct hg_image_make *earlier = &function->makes[i];
		if (earlier->from_return != make->from_return || earlier->place.argument != make->place.argument ||
		    earlier->place.offset != make->place.offset ||
		    is_constant(earlier->place.indirect) != is_constant(make->place.indirect) ||
		    excludes(&earlier->choice, &make->choice))
			continue;
		hg_mistake(&parse->yaml, from->value, from->key, "two creates from one place",
		           "a 'from' of its own for each");
		return false;
	}
	return true;
}

/* What an op is on cannot be new: "it uses what is there" and "it makes what is there" are two functions. */
static bool check_not_used(struct hg_parse *parse, const struct hg_yaml_entry *from,
                           const struct hg_manifest_function *function, const struct hg_image_make *make)
{
	for (size_t i = 0; !make->from_return && !make->place.indirect && i < function->use_count; i++) {
		const struct hg_image_use *use = &function->uses[i];
		if (use->indirect || use->all || use->argument != make->place.argument || hg_use_ends(use) ||
		    excludes(&use->choice, &make->choice))
			continue;
		hg_mistake(&parse->yaml, from->value, from->key, "an argument that the function uses",
		           "another argument: what a call fills is no handle before");
		return false;
	}
	return true;
}

enum { MAKE_CLASS, MAKE_FROM, MAKE_WHEN, MAKE_PARENT, MAKE_IF, MAKE_FLOATING, MAKE_CHILDREN, MAKE_KEYS };

static bool parse_make(struct hg_parse *parse, const struct hg_yaml_entry *values,
                       struct hg_manifest_function *function)
{
	const struct hg_yaml_entry *class = &values[MAKE_CLASS];
	const struct hg_yaml_entry *place = values[MAKE_FROM].value ? &values[MAKE_FROM] : class;
	struct hg_image_make make = {0};

	bool good = hg_find_class(parse, class->value, class->key, hg_scalar(class->value), &make.class_index);
	good &= parse_parent(parse, &values[MAKE_PARENT], function, &make);
	good &= hg_parse_choice(parse, &values[MAKE_IF], hg_argument_max(function), &make.choice);
	good = good && parse_from(parse, &values[MAKE_FROM], function, &make);
	good = good && check_not_used(parse, place, function, &make);
	good = good && hg_parse_floating(parse, &values[MAKE_FLOATING], &make);
	good = good && hg_parse_made_children(parse, &values[MAKE_CHILDREN], &make);
	if (!good || !refuse_second_make(parse, place, function, &make))
		return false;
	function->makes[function->make_count++] = make;
	return true;
}

static bool parse_make_map(struct hg_parse *parse, const struct hg_yaml_entry *map,
                           struct hg_manifest_function *function, struct hg_yaml_entry *when)
{
	static const char *const names[] = {"class", "from", "when", "parent", "if", "floating", "children"};
	struct hg_yaml_entry values[MAKE_KEYS];

	if (!hg_read_map(&parse->yaml, map, names, MAKE_KEYS, values))
		return false;
	if (!values[MAKE_CLASS].value) {
		hg_missing_key(&parse->yaml, map->value, "class", "give it the name of a class");
		return false;
	}
	*when = values[MAKE_WHEN];
	return parse_make(parse, values, function);
}

static bool refuse_beside(struct hg_parse *parse, const struct hg_yaml_entry *entry, const char *found,
                          const char *expected)
{
	if (entry->value)
		hg_mistake(&parse->yaml, entry->name, entry->key, found, "%s", expected);
	return !entry->value;
}

static bool refuse_all_beside(struct hg_parse *parse, const struct hg_yaml_entry *keys, const char *found,
                              const char *expected)
{
	bool good = refuse_beside(parse, &keys[HG_KEY_FROM], found, expected);

	if (!keys[HG_KEY_ATTACH].value && !keys[HG_KEY_DETACH].value)
		good &= refuse_beside(parse, &keys[HG_KEY_WHEN], found, expected);
	good &= refuse_beside(parse, &keys[HG_KEY_PARENT], found, expected);
	good &= refuse_beside(parse, &keys[HG_KEY_FLOATING], found, expected);
	return good;
}

static bool parse_make_list(struct hg_parse *parse, const struct hg_yaml_entry *keys,
                            struct hg_manifest_function *function, struct hg_yaml_entry *whens)
{
	const struct hg_yaml_entry *create = &keys[HG_KEY_CREATE];
	size_t count = hg_item_count(create->value);
	bool good = refuse_all_beside(parse, keys, "a list in 'create' beside it", "the key in the maps of that list");

	if (!count || create->value->type != YAML_SEQUENCE_NODE) {
		hg_mistaken_value(&parse->yaml, create, "the name of a class, or a list of maps");
		return false;
	}
	for (size_t i = 0; good && i < count; i++) {
		struct hg_yaml_entry item = hg_item(&parse->yaml, create, i);
		good &= parse_make_map(parse, &item, function, &whens[i]);
	}
	return good;
}

bool hg_parse_makes(struct hg_parse *parse, const struct hg_yaml_entry *keys, struct hg_manifest_function *function,
                    struct hg_yaml_entry **whens)
{
	const struct hg_yaml_entry *create = &keys[HG_KEY_CREATE];
	size_t count = create->value ? hg_item_count(create->value) : 0;

	function->makes = hg_allocate(count, sizeof(*function->makes));
	*whens = hg_allocate(count, sizeof(**whens));
	if (!create->value)
		return refuse_all_beside(parse, keys, "no 'create' beside it", "'create' in the same function");
	if (create->value->type != YAML_SCALAR_NODE)
		return parse_make_list(parse, keys, function, *whens);
	struct hg_yaml_entry values[MAKE_KEYS] = {
	    [MAKE_CLASS] = *create,
	    [MAKE_FROM] = keys[HG_KEY_FROM],
	    [MAKE_WHEN] = keys[HG_KEY_WHEN],
	    [MAKE_PARENT] = keys[HG_KEY_PARENT],
	    [MAKE_IF] = {0},
	    [MAKE_FLOATING] = keys[HG_KEY_FLOATING],
	};
	**whens = keys[HG_KEY_WHEN];
	return parse_make(parse, values, function);
}
