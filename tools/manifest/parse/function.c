#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"
#include "manifest/object/forwards.h"
#include "manifest/parse/parse.h"

static const char *const key_names[HG_FUNCTION_KEYS] = {
    [HG_KEY_RETURNS] = "returns",
    [HG_KEY_CREATE] = "create",
    [HG_KEY_FROM] = "from",
    [HG_KEY_WHEN] = "when",
    [HG_KEY_PARENT] = "parent",
    [HG_KEY_OP] = "op",
    [HG_KEY_FREE] = "free",
    [HG_KEY_FREED] = "freed",
    [HG_KEY_ENDS] = "ends",
    [HG_KEY_WHILE_FREEING] = "while_freeing",
    [HG_KEY_REJECT] = "reject",
    [HG_KEY_ZERO] = "zero",
    [HG_KEY_DEFERRED] = "deferred",
    [HG_KEY_STACK_BYTES] = "stack_bytes",
    [HG_KEY_SRET] = "sret",
    [HG_KEY_CONCURRENT] = "concurrent",
    [HG_KEY_CHILDREN] = "children",
    [HG_KEY_PARKS] = "parks",
    [HG_KEY_TIMEOUT] = "timeout",
    [HG_KEY_ACQUIRE] = "acquire",
    [HG_KEY_SINK] = "sink",
    [HG_KEY_RELEASE] = "release",
    [HG_KEY_FLOATING] = "floating",
    [HG_KEY_CALLBACKS] = "callbacks",
    [HG_KEY_CHILDREN_OF] = "children_of",
    [HG_KEY_NULL] = "null",
    [HG_KEY_OPTIONAL] = "optional",
    [HG_KEY_SINCE] = "since",
    [HG_KEY_REENTRANT] = "reentrant",
    [HG_KEY_MAY_END] = "may_end",
    [HG_KEY_CLOSE] = "close",
    [HG_KEY_ATTACH] = "attach",
    [HG_KEY_DETACH] = "detach",
    [HG_KEY_DETACHES] = "detaches",
    [HG_KEY_ATTACHED] = "attached",
};

/* The preload object exports these itself. */
static bool is_reserved(const char *name)
{
	for (unsigned i = 0; i < HG_FORWARD_COUNT; i++)
		if (strcmp(name, hg_forwards[i].name) == 0)
			return true;
	return false;
}

bool hg_check_function_name(struct hg_parse *parse, const struct hg_yaml_entry *entry)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.$";

	if (is_reserved(entry->key)) {
		hg_mistake(&parse->yaml, entry->name, entry->key, "a function that handleguard itself interposes",
		           "a function of the library");
		return false;
	}
	if (!entry->key[strspn(entry->key, letters)])
		return true;
	hg_mistake(&parse->yaml, entry->name, entry->key, "no name of a function", "a symbol's name without a version");
	return false;
}

static bool refuse_function(struct hg_parse *parse, const struct hg_yaml_entry *entry, const char *name)
{
	const struct hg_manifest *manifest = parse->manifest;
	const char **names = hg_allocate(manifest->function_count, sizeof(*names));
	char *found = name ? hg_format("the unknown function '%.60s'", name) : hg_copy_text("no function's name", 64);

	for (size_t i = 0; i < manifest->function_count; i++)
		names[i] = manifest->functions[i].name;
	char *wanted = hg_choice(name ? name : "", names, manifest->function_count);
	hg_mistake(&parse->yaml, entry->value, entry->key, found, "%s", wanted);
	free(wanted);
	free(found);
	free(names);
	return false;
}

bool hg_find_function(struct hg_parse *parse, const struct hg_yaml_entry *entry, size_t *number)
{
	const struct hg_manifest *manifest = parse->manifest;
	const char *name = hg_scalar(entry->value);

	for (*number = 0; name && *number < manifest->function_count; ++*number)
		if (strcmp(name, manifest->functions[*number].name) == 0)
			return true;
	return refuse_function(parse, entry, name);
}

static bool check_roles(struct hg_parse *parse, const struct hg_yaml_entry *entry, const struct hg_yaml_entry *keys)
{
	static const enum hg_function_key roles[] = {HG_KEY_CREATE,  HG_KEY_OP,    HG_KEY_FREE,   HG_KEY_ACQUIRE,
	                                             HG_KEY_RELEASE, HG_KEY_CLOSE, HG_KEY_ATTACH, HG_KEY_DETACH};

	for (size_t i = 0; i < sizeof(roles) / sizeof(*roles); i++)
		if (keys[roles[i]].value)
			return true;
	hg_mistake(&parse->yaml, entry->name, entry->key, "a function without a role",
	           "at least one of 'create', 'op', 'free', 'acquire', 'release', 'close', 'attach' and 'detach'");
	return false;
}

/* A key that means something only beside another one. */
static bool check_needs(struct hg_parse *parse, const struct hg_yaml_entry *keys, enum hg_function_key key,
                        enum hg_function_key needed)
{
	char found[64];

	if (!keys[key].value || keys[needed].value)
		return true;
	snprintf(found, sizeof(found), "no '%s' beside it", key_names[needed]);
	hg_mistake(&parse->yaml, keys[key].name, keys[key].key, found, "'%s' in the same function", key_names[needed]);
	return false;
}

/* When a free ends its handle: as it is called, or only when it returns. */
static bool parse_ends(struct hg_parse *parse, const struct hg_yaml_entry *keys)
{
	const struct hg_yaml_entry *entry = &keys[HG_KEY_ENDS];
	const char *text = entry->value ? hg_scalar(entry->value) : "on_return";

	if (text && strcmp(text, "on_return") == 0)
		return check_needs(parse, keys, HG_KEY_ENDS, HG_KEY_FREE);
	hg_mistaken_value(&parse->yaml, entry, "on_return");
	return false;
}

static bool refuses(struct hg_parse *parse, const struct hg_manifest_function *function)
{
	bool refuses = false;

	for (size_t i = 0; i < function->use_count; i++)
		for (uint32_t child = 0; child < parse->manifest->class_count; child++)
			refuses |= hg_manifest_children(parse->manifest, function->uses[i].class_index,
			                                function->uses[i].children, child) == HG_CHILDREN_REFUSED;
	return refuses;
}

/* A library that refuses says so by its result. */
static bool parse_children(struct hg_parse *parse, const struct hg_yaml_entry *keys,
                           struct hg_manifest_function *function)
{
	if (!keys[HG_KEY_RELEASE].value && !check_needs(parse, keys, HG_KEY_CHILDREN, HG_KEY_FREE))
		return false;
	return hg_parse_children(parse, keys, function) &&
	       (!refuses(parse, function) || check_needs(parse, keys, HG_KEY_CHILDREN, HG_KEY_FREED));
}

/* What the class says of threads is about ops and frees; a release is one of several holders', wherever that is. */
static bool check_concurrent(struct hg_parse *parse, const struct hg_yaml_entry *keys)
{
	const struct hg_yaml_entry *entry = &keys[HG_KEY_CONCURRENT];

	if (!entry->value || keys[HG_KEY_OP].value || keys[HG_KEY_FREE].value)
		return true;
	hg_mistake(&parse->yaml, entry->name, entry->key, "neither 'op' nor 'free' beside it",
	           "one of them in the same function");
	return false;
}

static bool parse_while_freeing(struct hg_parse *parse, const struct hg_yaml_entry *keys)
{
	static const char *const words[] = {"allow"};
	const struct hg_yaml_entry *entry = &keys[HG_KEY_WHILE_FREEING];
	const char *text = entry->value ? hg_scalar(entry->value) : "allow";

	if (text && strcmp(text, words[0]) == 0)
		return check_needs(parse, keys, HG_KEY_WHILE_FREEING, HG_KEY_OP);
	hg_mistaken_value(&parse->yaml, entry, "allow");
	return false;
}

/* What a function returns if its manifest does not say: the handle that it creates, or else an int. */
static enum hg_type implied_returns(struct hg_parse *parse, const struct hg_manifest_function *function)
{
	for (size_t i = 0; i < function->make_count; i++)
		if (function->makes[i].from_return)
			return parse->manifest->classes[function->makes[i].class_index].type;
	return function->sret ? HG_TYPE_VOID : HG_TYPE_I32;
}

static bool parse_returns(struct hg_parse *parse, const struct hg_yaml_entry *entry,
                          struct hg_manifest_function *function)
{
	size_t count = 0, index;

	function->returns = implied_returns(parse, function);
	if (!entry->value)
		return true;
	while (hg_type_words[count])
		count++;
	if (!hg_read_word(&parse->yaml, entry, hg_type_words, count, &index))
		return false;
	function->returns = hg_type_of_word(hg_type_words[index]);
	if (!function->sret || function->returns == HG_TYPE_VOID)
		return true;
	hg_mistaken_value(&parse->yaml, entry, "no 'returns' beside 'sret', which says that a struct is returned");
	return false;
}

/* A handle that a function returns must be as wide as the result. */
static bool check_returned_handles(struct hg_parse *parse, const struct hg_yaml_entry *keys,
                                   const struct hg_manifest_function *function)
{
	for (size_t i = 0; i < function->make_count; i++) {
		const struct hg_manifest_class *class = &parse->manifest->classes[function->makes[i].class_index];
		enum hg_type returns = function->returns;
		if (!function->makes[i].from_return || (!function->sret && !hg_type_is_real(returns) &&
		                                        hg_type_width(returns) == hg_type_width(class->type)))
			continue;
		hg_mistake(&parse->yaml, keys[HG_KEY_CREATE].value, "create",
		           function->sret ? "a handle from the result beside 'sret'" : "a handle from the result",
		           "a result as wide as class '%s' (%s), not %s", class->name, hg_type_name(class->type),
		           function->sret ? "a struct" : hg_type_name(returns));
		return false;
	}
	return true;
}

static bool parse_condition(struct hg_parse *parse, const struct hg_yaml_entry *entry, enum hg_type type,
                            struct hg_image_condition *condition)
{
	const char *text = entry->value ? hg_scalar(entry->value) : NULL;
	enum hg_test test;
	struct hg_value value;
	uint64_t bits;

	*condition = (struct hg_image_condition){HG_TEST_ALWAYS, type, 0};
	if (!entry->value)
		return true;
	if (type != HG_TYPE_POINTER && !hg_type_is_integer(type)) {
		hg_mistaken_value(&parse->yaml, entry, "no condition, as the function returns %s", hg_type_name(type));
		return false;
	}
	if (!text || !hg_parse_condition(text, &test, &value)) {
		hg_mistaken_value(
		    &parse->yaml, entry,
		    "\"OP VALUE\" with OP one of == != < <= > >= and VALUE an integer, errno name or null");
		return false;
	}
	if (!hg_value_bits(&value, type, &bits)) {
		hg_mistaken_value(&parse->yaml, entry, "a value that fits %s, which the function returns",
		                  hg_type_name(type));
		return false;
	}
	*condition = (struct hg_image_condition){test, type, (int64_t)bits};
	return true;
}

static bool parse_conditions(struct hg_parse *parse, const struct hg_yaml_entry *keys,
                             const struct hg_yaml_entry *whens, struct hg_manifest_function *function)
{
	bool good = check_needs(parse, keys, HG_KEY_FREED, HG_KEY_FREE);

	for (size_t i = 0; i < function->make_count; i++)
		good &= parse_condition(parse, &whens[i], function->returns, &function->makes[i].when);
	bool ties = keys[HG_KEY_ATTACH].value || keys[HG_KEY_DETACH].value;
	good &= parse_condition(parse, &keys[ties ? HG_KEY_WHEN : HG_KEY_FREED], function->returns, &function->freed);
	return good;
}

/* The class whose reject value holds for a function that names none: of its first handle. */
static const struct hg_reject_spec *class_reject(struct hg_parse *parse, const struct hg_manifest_function *function)
{
	if (function->use_count)
		return &parse->class_rejects[function->uses[0].class_index];
	for (size_t i = 0; i < function->make_count; i++)
		if (function->makes[i].parent_class != HG_NONE)
			return &parse->class_rejects[function->makes[i].parent_class];
	return NULL;
}

static bool parse_rejects(struct hg_parse *parse, const struct hg_yaml_entry *entry, const struct hg_yaml_entry *keys,
                          struct hg_manifest_function *function)
{
	struct hg_reject_spec own = {0}, deferred = {0};

	if (keys[HG_KEY_REJECT].value && !hg_parse_reject(parse, &keys[HG_KEY_REJECT], true, &own))
		return false;
	bool good = hg_resolve_reject(parse, entry, &own, class_reject(parse, function), function);
	if (!keys[HG_KEY_DEFERRED].value)
		return good;
	return (keys[HG_KEY_RELEASE].value || check_needs(parse, keys, HG_KEY_DEFERRED, HG_KEY_FREE)) &&
	       hg_parse_reject(parse, &keys[HG_KEY_DEFERRED], false, &deferred) &&
	       hg_resolve_value(parse, &deferred, function->returns, &function->deferred) && good;
}

/* Reads the size of the struct that the function returns through a hidden pointer, or only that it returns one. */
static bool parse_sret(struct hg_parse *parse, const struct hg_yaml_entry *entry, struct hg_manifest_function *function)
{
	const char *text = entry->value && hg_is_plain(entry->value) ? hg_scalar(entry->value) : NULL;
	hg_wide bytes = 0;

	if (!entry->value || (text && strcmp(text, "false") == 0))
		return true;
	function->sret = true;
	if (text && strcmp(text, "true") == 0)
		return true;
	if (text && hg_parse_integer(text, &bytes) && bytes > 0 && bytes <= HG_ZERO_MAX) {
		function->sret_bytes = (uint32_t)bytes;
		return true;
	}
	hg_mistaken_value(&parse->yaml, entry, "the size of the struct in bytes, 1 to %d, or true or false",
	                  HG_ZERO_MAX);
	return false;
}

bool hg_parse_stack_bytes(struct hg_parse *parse, const struct hg_yaml_entry *entry, uint32_t *bytes)
{
	hg_wide value;

	if (!entry->value)
		return true;
	if (!hg_read_integer(&parse->yaml, entry, 0, HG_STACK_MAX, &value))
		return false;
	*bytes = (uint32_t)value;
	if (*bytes % 8)
		hg_mistaken_value(&parse->yaml, entry, "a multiple of 8");
	return *bytes % 8 == 0;
}

/* Whether the end of a handle calls back into the program. */
static bool parse_callbacks(struct hg_parse *parse, const struct hg_yaml_entry *keys,
                            struct hg_manifest_function *function)
{
	bool calls = false;

	if (!keys[HG_KEY_CALLBACKS].value)
		return true;
	if (!keys[HG_KEY_RELEASE].value && !check_needs(parse, keys, HG_KEY_CALLBACKS, HG_KEY_FREE))
		return false;
	if (!hg_read_bool(&parse->yaml, &keys[HG_KEY_CALLBACKS], &calls))
		return false;
	for (size_t i = 0; i < function->use_count; i++)
		function->uses[i].callbacks = calls && hg_use_ends(&function->uses[i]);
	return true;
}

/* A free inside an op of the same handle: the library puts it off by itself. */
static bool parse_reentrant(struct hg_parse *parse, const struct hg_yaml_entry *keys,
                            struct hg_manifest_function *function)
{
	static const char *const words[] = {"allow"};
	const struct hg_yaml_entry *entry = &keys[HG_KEY_REENTRANT];
	size_t index;

	if (!entry->value)
		return true;
	if (!keys[HG_KEY_RELEASE].value && !check_needs(parse, keys, HG_KEY_REENTRANT, HG_KEY_FREE))
		return false;
	if (!hg_read_word(&parse->yaml, entry, words, 1, &index))
		return false;
	for (size_t i = 0; i < function->use_count; i++)
		function->uses[i].ways |= hg_use_ends(&function->uses[i]) ? HG_USE_REENTRANT : 0;
	return true;
}

/* Whether the handles of an op may end by it, now or later. */
static bool parse_may_end(struct hg_parse *parse, const struct hg_yaml_entry *keys,
                          struct hg_manifest_function *function)
{
	bool may = false;

	if (!keys[HG_KEY_MAY_END].value)
		return true;
	if (!check_needs(parse, keys, HG_KEY_MAY_END, HG_KEY_OP) ||
	    !hg_read_bool(&parse->yaml, &keys[HG_KEY_MAY_END], &may))
		return false;
	for (size_t i = 0; i < function->use_count; i++)
		function->uses[i].ways |= may && function->uses[i].frees == HG_USE_OP ? HG_USE_MAY_END : 0;
	return true;
}

/* Everything that does not depend on what the function returns. */
static bool parse_plain(struct hg_parse *parse, const struct hg_yaml_entry *entry, const struct hg_yaml_entry *keys,
                        struct hg_manifest_function *function)
{
	bool good = hg_check_function_name(parse, entry);

	function->stack_bytes = parse->stack_bytes;
	good &= check_roles(parse, entry, keys);
	good &= parse_sret(parse, &keys[HG_KEY_SRET], function);
	good &= hg_parse_stack_bytes(parse, &keys[HG_KEY_STACK_BYTES], &function->stack_bytes);
	good &= hg_parse_zeros(parse, &keys[HG_KEY_ZERO], function);
	good &= parse_while_freeing(parse, keys);
	good &= check_concurrent(parse, keys);
	good &= parse_ends(parse, keys);
	good &= check_needs(parse, keys, HG_KEY_CHILDREN_OF, HG_KEY_FREE);
	good &= check_needs(parse, keys, HG_KEY_PARKS, HG_KEY_OP);
	good &= check_needs(parse, keys, HG_KEY_TIMEOUT, HG_KEY_OP);
	good &= check_needs(parse, keys, HG_KEY_SINK, HG_KEY_ACQUIRE);
	good &= hg_parse_presence(parse, keys, function);
	good &= hg_parse_uses(parse, keys, function) && hg_check_claims(parse, keys, function) &&
	        parse_children(parse, keys, function) && parse_callbacks(parse, keys, function) &&
	        parse_reentrant(parse, keys, function) && parse_may_end(parse, keys, function) &&
	        hg_parse_ties(parse, keys, function);
	return good;
}

static bool is_parent(const struct hg_image_use *use, const struct hg_image_make *make)
{
	if (make->parent_constant)
		return use->indirect == HG_CONSTANT && use->offset == make->parent_value;
	return use->indirect != HG_CONSTANT && use->argument == make->parent_argument;
}

static bool uses_parent(const struct hg_manifest_function *function, const struct hg_image_make *make)
{
	for (size_t i = 0; i < function->use_count; i++)
		if (function->uses[i].class_index == make->parent_class && is_parent(&function->uses[i], make))
			return true;
	return false;
}

/* A handle from which another one is made is in use meanwhile, whether the manifest says so or not. */
static void use_parents(struct hg_manifest_function *function)
{
	for (size_t i = 0; i < function->make_count; i++) {
		const struct hg_image_make *make = &function->makes[i];
		if (make->parent_class == HG_NONE || uses_parent(function, make) || function->use_count == HG_USE_MAX)
			continue;
		function->uses[function->use_count++] =
		    (struct hg_image_use){.class_index = make->parent_class,
		                          .argument = make->parent_argument,
		                          .indirect = make->parent_constant ? HG_CONSTANT : HG_DIRECT,
		                          .offset = make->parent_value,
		                          .concurrent = 1,
		                          .choice = make->choice};
	}
}

bool hg_parse_function(struct hg_parse *parse, const struct hg_yaml_entry *entry, struct hg_manifest_function *function)
{
	struct hg_yaml_entry keys[HG_FUNCTION_KEYS], *whens;
	bool good = hg_read_map(&parse->yaml, entry, key_names, HG_FUNCTION_KEYS, keys);

	function->name = hg_copy_text(entry->key, strlen(entry->key));
	function->mark = hg_mark_of(entry->name);
	if (!good)
		return false;
	good &= parse_plain(parse, entry, keys, function);
	bool makes_good = hg_parse_makes(parse, keys, function, &whens);
	/* without the creates it is unknown what the function returns, and more mistakes would be made up */
	if (makes_good && parse_returns(parse, &keys[HG_KEY_RETURNS], function)) {
		good &= check_returned_handles(parse, keys, function);
		good &= parse_conditions(parse, keys, whens, function);
		good &= parse_rejects(parse, entry, keys, function);
		good &= hg_parse_blocking(parse, keys, function);
		if (good)
			use_parents(function);
		good = good && hg_settle_nulls(parse, keys, function);
	} else {
		good = false;
	}
	free(whens);
	return good;
}
