/* Whether the library is the one that the manifest is for, and has the functions that it names. */
#include <fnmatch.h>

#include "manifest/check/faults.h"

static bool is_meant(const struct hg_checked *checked)
{
	const struct hg_manifest *manifest = checked->manifest;

	for (size_t i = 0; i < manifest->library_count; i++)
		if (fnmatch(manifest->libraries[i], checked->exports->soname, 0) == 0)
			return true;
	return false;
}

static bool is_named(const void *context, const char *function)
{
	return hg_function_named(context, function);
}

void hg_check_presence(const struct hg_checked *checked, struct hg_faults *faults)
{
	const struct hg_manifest *manifest = checked->manifest;
	const struct hg_exports *exports = checked->exports;

	if (!is_meant(checked))
		hg_fault(faults, HG_CHECK_OTHER_LIBRARY, (struct hg_mark){1, 1},
		         "'library' does not match %s, so nobody who loads it is told to use this manifest; add its "
		         "soname there, or check another library",
		         exports->soname);
	for (size_t i = 0; i < manifest->function_count; i++) {
		const struct hg_manifest_function *function = &manifest->functions[i];
		if (function->optional || function->since || function->in_table ||
		    hg_exports_has(exports, function->name))
			continue;
		const char *meant = hg_exports_nearest(exports, function->name, is_named, manifest);
		hg_fault(
		    faults, HG_CHECK_ABSENT, function->mark,
		    "%s has no function %s%s%s%s; if only some versions have it, say 'since: VERSION' or 'optional: "
		    "true' there",
		    exports->soname, function->name, meant ? " (did you mean " : "", meant ? meant : "",
		    meant ? "?)" : "");
	}
}
