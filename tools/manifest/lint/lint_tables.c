/* What is unwise about a table of functions that the library hands out. */
#include "manifest/lint/lint.h"

static bool makes(const struct hg_manifest_function *function, uint32_t class)
{
	for (size_t i = 0; i < function->make_count; i++)
		if (function->makes[i].class_index == class)
			return true;
	return false;
}

static bool ends(const struct hg_manifest_function *function, uint32_t class)
{
	for (size_t i = 0; i < function->use_count; i++)
		if (function->uses[i].class_index == class && hg_use_ends(&function->uses[i]))
			return true;
	return false;
}

/* Whether a function of the table, or null: of the manifest, does so. */
static bool any(const struct hg_manifest *manifest, const struct hg_manifest_table *table,
                bool (*does)(const struct hg_manifest_function *function, uint32_t class), uint32_t class)
{
	size_t count = table ? table->entry_count : manifest->function_count;

	for (size_t i = 0; i < count; i++)
		if (does(&manifest->functions[table ? table->entries[i].function : i], class))
			return true;
	return false;
}

void hg_lint_table(struct hg_lint *lint, const struct hg_manifest_table *table)
{
	const struct hg_manifest *manifest = hg_linted(lint);

	for (uint32_t class = 0; class < manifest->class_count; class ++)
		if (any(manifest, table, makes, class) && any(manifest, NULL, ends, class) &&
		    !any(manifest, table, ends, class))
			hg_warn(lint, HG_LINT_TABLE_WITHOUT_END, table->mark,
			        "table '%s' has what creates handles of class '%s', but nothing that ends them: if the "
			        "library's table does, such calls pass the guards by; name it in 'entries'",
			        table->name, manifest->classes[class].name);
}
