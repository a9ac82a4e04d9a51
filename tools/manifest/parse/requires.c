/* Which handleguard a manifest is written for: one that needs a newer one says so, and nothing else of it is held
 * against what this one knows. */
#include <string.h>

#include "manifest/parse/parse.h"

enum { VERSION_PARTS = 3 };

/* MAJOR, MAJOR.MINOR or MAJOR.MINOR.PATCH; what is missing is 0. */
static bool parse_version(const char *text, unsigned parts[VERSION_PARTS])
{
	memset(parts, 0, VERSION_PARTS * sizeof(*parts));
	for (size_t i = 0; i < VERSION_PARTS; i++) {
		size_t digits = strspn(text, "0123456789");
		if (!digits || digits > 6)
			return false;
		for (; digits; digits--)
			parts[i] = parts[i] * 10 + (unsigned)(*text++ - '0');
		if (!*text)
			return true;
		if (*text++ != '.')
			return false;
	}
	return false;
}

static bool is_newer(const unsigned *one, const unsigned *other)
{
	size_t i = 0;

	while (i < VERSION_PARTS - 1 && one[i] == other[i])
		i++;
	return one[i] > other[i];
}

static yaml_node_t *find(struct hg_yaml *yaml, const yaml_node_t *map, const char *key, yaml_node_t **name)
{
	for (yaml_node_pair_t *pair = map->data.mapping.pairs.start; pair < map->data.mapping.pairs.top; pair++) {
		*name = yaml_document_get_node(&yaml->document, pair->key);
		const char *text = hg_scalar(*name);
		if (text && strcmp(text, key) == 0)
			return yaml_document_get_node(&yaml->document, pair->value);
	}
	return NULL;
}

bool hg_check_requirement(struct hg_parse *parse, const yaml_node_t *root, const char *version)
{
	static const char key[] = "requires";
	struct hg_yaml_entry entry = {.key = key};
	unsigned wanted[VERSION_PARTS], here[VERSION_PARTS];

	entry.value = find(&parse->yaml, root, key, &entry.name);
	if (!entry.value)
		return true;
	const char *text = hg_scalar(entry.value);
	if (!text || !parse_version(text, wanted)) {
		hg_mistaken_value(&parse->yaml, &entry, "a version of handleguard, such as 0.1 or 1.2.3");
		return false;
	}
	if (!parse_version(version, here) || !is_newer(wanted, here))
		return true;
	hg_mistaken_value(
	    &parse->yaml, &entry,
	    "%s or older, which this handleguard is: the manifest is written for a newer one; install that", version);
	return false;
}
