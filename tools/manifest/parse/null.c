/* What becomes of a call that is given no handle: NULL, or another value of `none`. A class says it for the plain
 * arguments of ops, a function for all of its handles, and the place of a handle for that one. */
#include <stdlib.h>

#include "common/allocate.h"
#include "manifest/parse/parse.h"

static bool refuse_without_none(struct hg_parse *parse, const struct hg_yaml_entry *entry,
                                const struct hg_manifest_class *class)
{
	char *found = hg_format("class '%.60s', of which no value names no handle", class->name);

	hg_mistake(&parse->yaml, entry->name, entry->key, found, "such values under 'none' in the class");
	free(found);
	return false;
}

bool hg_parse_null(struct hg_parse *parse, const struct hg_yaml_entry *entry, const struct hg_manifest_class *class,
                   enum hg_none *none)
{
	static const char *const words[] = {"pass", "reject"};
	size_t index;

	*none = HG_NONE_UNSAID;
	if (!entry->value)
		return true;
	if (!hg_read_word(&parse->yaml, entry, words, 2, &index))
		return false;
	if (class && !class->none_count)
		return refuse_without_none(parse, entry, class);
	*none = index ? HG_NONE_REFUSED : HG_NONE_PASSES;
	return true;
}

/* Frees of nothing, and elements that are none, mean nothing in most libraries: of those a class says nothing. */
static enum hg_none by_class(const struct hg_manifest_class *class, const struct hg_image_use *use)
{
	bool plain = use->indirect < HG_INDIRECT_STRUCT && !hg_use_ends(use);

	return plain && class->nulls ? class->nulls : HG_NONE_PASSES;
}

bool hg_settle_nulls(struct hg_parse *parse, const struct hg_yaml_entry *keys, struct hg_manifest_function *function)
{
	const struct hg_yaml_entry *entry = &keys[HG_KEY_NULL];
	enum hg_none said;

	if (!hg_parse_null(parse, entry, NULL, &said))
		return false;
	if (entry->value && !function->use_count) {
		hg_mistake(&parse->yaml, entry->name, entry->key, "a function that is given no handle",
		           "'op', 'free', 'acquire' or 'release' in the same function");
		return false;
	}
	for (size_t i = 0; i < function->use_count; i++) {
		struct hg_image_use *use = &function->uses[i];
		struct hg_manifest_class *class = &parse->manifest->classes[use->class_index];
		if (!use->none)
			use->none = (uint8_t)(said ? said : by_class(class, use));
		if (use->none != HG_NONE_REFUSED)
			continue;
		if (!class->none_count)
			return refuse_without_none(parse, entry, class);
		class->flags |= HG_CLASS_RECENT;
	}
	return true;
}
