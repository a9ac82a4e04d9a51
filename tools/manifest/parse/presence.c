/* What a manifest says of functions that a library may lack, and of those that it does not guard. */
#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"
#include "manifest/parse/parse.h"

bool hg_parse_presence(struct hg_parse *parse, const struct hg_yaml_entry *keys, struct hg_manifest_function *function)
{
	const struct hg_yaml_entry *optional = &keys[HG_KEY_OPTIONAL], *since = &keys[HG_KEY_SINCE];
	const char *version = since->value ? hg_scalar(since->value) : NULL;

	if (optional->value && !hg_read_bool(&parse->yaml, optional, &function->optional))
		return false;
	if (!since->value)
		return true;
	if (!version || !*version) {
		hg_mistaken_value(&parse->yaml, since, "the first version that has the function, such as \"3.44\"");
		return false;
	}
	function->since = hg_copy_text(version, strlen(version));
	return true;
}

static bool add_names(struct hg_parse *parse, const struct hg_yaml_entry *reason)
{
	struct hg_manifest *manifest = parse->manifest;
	size_t count = hg_item_count(reason->value);
	struct hg_manifest_unguarded *longer = hg_allocate(manifest->unguarded_count + count, sizeof(*longer));
	bool good = true;

	if (manifest->unguarded_count)
		memcpy(longer, manifest->unguarded, manifest->unguarded_count * sizeof(*longer));
	free(manifest->unguarded);
	manifest->unguarded = longer;
	for (size_t i = 0; i < count; i++) {
		struct hg_yaml_entry item = hg_item(&parse->yaml, reason, i);
		const char *name = hg_scalar(item.value);
		if (!name || !*name) {
			hg_mistaken_value(&parse->yaml, &item, "the name of a function, or FUNCTION.ARGUMENT");
			good = false;
			continue;
		}
		longer[manifest->unguarded_count++] =
		    (struct hg_manifest_unguarded){hg_copy_text(name, strlen(name)), hg_mark_of(item.value)};
	}
	return good;
}

bool hg_parse_unguarded(struct hg_parse *parse, const struct hg_yaml_entry *entry)
{
	size_t count = hg_pair_count(entry->value);
	struct hg_yaml_entry *reasons = hg_allocate(count, sizeof(*reasons));
	bool good = hg_read_pairs(&parse->yaml, entry, reasons);

	for (size_t i = 0; i < count; i++)
		if (reasons[i].key)
			good &= add_names(parse, &reasons[i]);
	free(reasons);
	return good;
}
