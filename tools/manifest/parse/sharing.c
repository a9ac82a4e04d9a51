/* What a manifest says of handles that several holders share. */
#include <stdlib.h>

#include "common/allocate.h"
#include "manifest/parse/parse.h"

static const char *const names[HG_SHARING_KEYS] = {"shared", "holders", "severing", "limit"};

#define LIMIT_MAX 1000000000

/* A key that means something only in a class of shared handles. */
static bool check_shared(struct hg_parse *parse, const struct hg_yaml_entry *values, enum hg_sharing_key key)
{
	if (!values[key].value || values[HG_SHARING_SHARED].value)
		return true;
	hg_mistake(&parse->yaml, values[key].name, names[key], "no 'shared' beside it", "'shared' in the same class");
	return false;
}

static bool parse_word(struct hg_parse *parse, const struct hg_yaml_entry *entry, const char *const words[2],
                       const uint32_t flags[2], struct hg_manifest_class *class)
{
	size_t index;

	if (!entry->value)
		return true;
	if (!hg_read_word(&parse->yaml, entry, words, 2, &index))
		return false;
	class->flags |= flags[index];
	return true;
}

static bool parse_limit(struct hg_parse *parse, const struct hg_yaml_entry *entry, struct hg_manifest_class *class)
{
	hg_wide value = 0;

	if (entry->value && !hg_read_integer(&parse->yaml, entry, 1, LIMIT_MAX, &value))
		return false;
	class->limit = (uint32_t)value;
	return true;
}

bool hg_parse_sharing(struct hg_parse *parse, const struct hg_yaml_entry *values, struct hg_manifest_class *class)
{
	static const char *const ways[] = {"create", "acquire"}, *const holders[] = {"call", "object"},
	                         *const severings[] = {"withhold", "pass"};
	static const uint32_t way_flags[] = {HG_CLASS_SHARED | HG_CLASS_JOINED, HG_CLASS_SHARED},
	                      holder_flags[] = {0, HG_CLASS_PER_OBJECT}, severing_flags[] = {0, HG_CLASS_SEVERING};
	bool good = parse_word(parse, &values[HG_SHARING_SHARED], ways, way_flags, class);

	good &= parse_word(parse, &values[HG_SHARING_HOLDERS], holders, holder_flags, class);
	good &= parse_word(parse, &values[HG_SHARING_SEVERING], severings, severing_flags, class);
	good &= parse_limit(parse, &values[HG_SHARING_LIMIT], class);
	return good && check_shared(parse, values, HG_SHARING_HOLDERS) &&
	       check_shared(parse, values, HG_SHARING_SEVERING);
}

/* Claims are only kept of handles whose class says so. */
static bool check_class(struct hg_parse *parse, const struct hg_yaml_entry *entry, uint32_t class_index)
{
	const struct hg_manifest_class *class = &parse->manifest->classes[class_index];

	if (class->flags & HG_CLASS_SHARED)
		return true;
	char *found = hg_format("class '%.60s', whose handles are not shared", class->name);
	hg_mistake(&parse->yaml, entry->name, entry->key, found, "a class that says 'shared'");
	free(found);
	return false;
}

static bool refuse_both(struct hg_parse *parse, const struct hg_yaml_entry *keys, enum hg_function_key key,
                        enum hg_function_key other)
{
	if (!keys[key].value || !keys[other].value)
		return true;
	char *found = hg_format("'%s' beside it", keys[other].key);
	hg_mistake(&parse->yaml, keys[key].name, keys[key].key, found, "one of the two in a function");
	free(found);
	return false;
}

static bool check_uses(struct hg_parse *parse, const struct hg_yaml_entry *keys,
                       const struct hg_manifest_function *function)
{
	bool good = true;

	for (size_t i = 0; good && i < function->use_count; i++) {
		const struct hg_image_use *use = &function->uses[i];
		const struct hg_manifest_class *class = &parse->manifest->classes[use->class_index];
		if (use->frees == HG_USE_ACQUIRES || use->frees == HG_USE_RELEASES)
			good =
			    check_class(parse, &keys[use->frees == HG_USE_ACQUIRES ? HG_KEY_ACQUIRE : HG_KEY_RELEASE],
			                use->class_index);
		if (use->frees != HG_USE_ENDS_LATER || !(class->flags & HG_CLASS_SHARED))
			continue;
		hg_mistake(&parse->yaml, keys[HG_KEY_ENDS].name, "ends", "a class whose handles are shared",
		           "no 'ends': the last holder ends the handle");
		good = false;
	}
	return good;
}

bool hg_check_claims(struct hg_parse *parse, const struct hg_yaml_entry *keys,
                     const struct hg_manifest_function *function)
{
	return refuse_both(parse, keys, HG_KEY_RELEASE, HG_KEY_FREE) &&
	       refuse_both(parse, keys, HG_KEY_ACQUIRE, HG_KEY_FREE) &&
	       refuse_both(parse, keys, HG_KEY_ACQUIRE, HG_KEY_RELEASE) && check_uses(parse, keys, function);
}

bool hg_parse_floating(struct hg_parse *parse, const struct hg_yaml_entry *entry, struct hg_image_make *make)
{
	bool floating = false;

	if (entry->value && !hg_read_bool(&parse->yaml, entry, &floating))
		return false;
	make->floating = floating;
	return !floating || check_class(parse, entry, make->class_index);
}
