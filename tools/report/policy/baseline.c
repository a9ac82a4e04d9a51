/* A baseline is an earlier report in JSON: what it has found is known. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"
#include "report/policy/policy.h"

static bool complain(FILE *errors, const char *path, const char *what)
{
	fprintf(errors, "%s: is no baseline: %s; make one with handleguard report --format=json\n", path, what);
	return false;
}

static bool read_fingerprint(const json_t *finding, uint64_t *fingerprint)
{
	const char *text = json_string_value(json_object_get(finding, "fingerprint"));

	if (!text || strlen(text) != 16 || strspn(text, "0123456789abcdef") != 16)
		return false;
	*fingerprint = strtoull(text, NULL, 16);
	return true;
}

static int compare(const void *one, const void *other)
{
	uint64_t x = *(const uint64_t *)one, y = *(const uint64_t *)other;

	return (x > y) - (x < y);
}

static bool take(struct hg_policy *policy, const json_t *findings)
{
	size_t count = json_array_size(findings);

	policy->known = hg_allocate(count, sizeof(*policy->known));
	for (size_t i = 0; i < count; i++)
		if (!read_fingerprint(json_array_get(findings, i), &policy->known[i]))
			return false;
	qsort(policy->known, count, sizeof(*policy->known), compare);
	/* Call sites in one function have one fingerprint. */
	for (size_t i = 0; i < count; i++)
		if (i == 0 || policy->known[i] != policy->known[i - 1])
			policy->known[policy->known_count++] = policy->known[i];
	return true;
}

bool hg_policy_read_baseline(struct hg_policy *policy, const char *path, FILE *errors)
{
	json_error_t mistake;
	json_t *report = json_load_file(path, 0, &mistake);
	const char *schema = json_string_value(json_object_get(report, "schema"));
	const json_t *findings = json_object_get(report, "findings");
	bool good = false;

	if (!report)
		complain(errors, path, mistake.text);
	else if (!schema || strcmp(schema, "handleguard-report/1") != 0)
		complain(errors, path, "its 'schema' is not 'handleguard-report/1'");
	else if (!json_is_array(findings) || !take(policy, findings))
		complain(errors, path, "its 'findings' have no fingerprints of 16 digits");
	else
		good = true;
	json_decref(report);
	policy->baseline = path;
	return good;
}
