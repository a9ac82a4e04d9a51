/* What is said of an op that blocks: for lint, and for a free that has it woken (wake.c). */
#include <string.h>

#include "manifest/parse/parse.h"

static bool parse_timeout(struct hg_parse *parse, const struct hg_yaml_entry *entry,
                          struct hg_manifest_function *function)
{
	const char *text = hg_scalar(entry->value);
	struct hg_reject_spec spec;

	function->times_out = HG_TIMES_OUT_NEVER;
	if (text && strcmp(text, "never") == 0)
		return true;
	function->times_out = HG_TIMES_OUT;
	if (!hg_parse_reject(parse, entry, true, &spec))
		return false;
	if (!spec.has_value || function->returns == HG_TYPE_VOID) {
		hg_mistaken_value(&parse->yaml, entry,
		                  function->returns == HG_TYPE_VOID ? "never, as the function returns void"
		                                                    : "a value, {value: V, errno: NAME}, or never");
		return false;
	}
	function->timeout.type = function->returns;
	function->timeout.error = spec.error;
	return hg_resolve_value(parse, &spec, function->returns, &function->timeout.value);
}

bool hg_parse_blocking(struct hg_parse *parse, const struct hg_yaml_entry *keys, struct hg_manifest_function *function)
{
	const struct hg_yaml_entry *parks = &keys[HG_KEY_PARKS], *timeout = &keys[HG_KEY_TIMEOUT];
	bool good = !parks->value || hg_read_bool(&parse->yaml, parks, &function->parks);

	for (size_t i = 0; i < function->use_count; i++)
		function->uses[i].parks = function->parks && function->uses[i].frees == HG_USE_OP;
	return (!timeout->value || parse_timeout(parse, timeout, function)) && good;
}
