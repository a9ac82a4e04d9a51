#include "manifest/check/check.h"

#include "manifest/check/faults.h"

static size_t end(struct hg_faults *faults, FILE *output)
{
	size_t count = faults->notes.count;

	hg_notes_print(&faults->notes, faults->manifest->path, "error: ", count, output);
	hg_notes_drop(&faults->notes);
	return count;
}

size_t hg_manifest_check(const struct hg_checked *checked, FILE *output)
{
	struct hg_faults faults = {.manifest = checked->manifest};

	hg_check_presence(checked, &faults);
	if (checked->prototypes)
		hg_check_types(checked, &faults);
	hg_check_unnamed(checked, &faults);
	return end(&faults, output);
}

size_t hg_manifest_check_presence(const struct hg_checked *checked, FILE *output)
{
	struct hg_faults faults = {.manifest = checked->manifest};

	hg_check_presence(checked, &faults);
	return end(&faults, output);
}
