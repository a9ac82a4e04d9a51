/* What is unwise about what a function attaches to a handle. */
#include "manifest/lint/lint.h"

static bool is_detached(const struct hg_manifest *manifest, uint32_t class)
{
	for (size_t i = 0; i < manifest->function_count; i++)
		for (size_t j = 0; j < manifest->functions[i].use_count; j++) {
			const struct hg_image_use *use = &manifest->functions[i].uses[j];
			if (use->class_index == class && (use->ways & HG_USE_DETACHES || use->place))
				return true;
		}
	return false;
}

/* Whether there is a free of the parent, and one of them ends these children. */
static bool is_ended(const struct hg_manifest *manifest, uint32_t parent, uint32_t child)
{
	for (size_t i = 0; i < manifest->function_count; i++)
		for (size_t j = 0; j < manifest->functions[i].use_count; j++) {
			const struct hg_image_use *use = &manifest->functions[i].uses[j];
			if (use->class_index == parent && hg_use_ends(use) &&
			    hg_manifest_children(manifest, parent, use->children, child) == HG_CHILDREN_ENDED)
				return true;
		}
	return false;
}

void hg_lint_ties(struct hg_lint *lint, const struct hg_manifest_function *function)
{
	const struct hg_manifest *manifest = hg_linted(lint);

	for (size_t i = 0; i < function->use_count; i++) {
		const struct hg_image_use *use = &function->uses[i];
		const struct hg_manifest_class *class = &manifest->classes[use->class_index];
		uint32_t parent = use->partner ? function->uses[use->partner - 1].class_index : 0;
		if (use->ways & HG_USE_GIVES && !is_ended(manifest, parent, use->class_index))
			hg_warn(lint, HG_LINT_GIVEN_NOT_ENDED, function->mark,
			        "%s gives handles of class '%s' to one of class '%s', and no free of that class ends "
			        "them; write 'children: {%s: end}' at the one that does, or leave 'gives' out",
			        function->name, class->name, manifest->classes[parent].name, class->name);
		else if (use->ways & HG_USE_ATTACHES && !(use->ways & HG_USE_GIVES) &&
		         !is_detached(manifest, use->class_index))
			hg_warn(lint, HG_LINT_ATTACHED_FOR_EVER, function->mark,
			        "%s attaches handles of class '%s', and no function detaches them, so that ops on what "
			        "one is attached to are turned away once it is freed; write 'detach' at the function "
			        "that undoes it, or 'detaches: true' at their free if that does",
			        function->name, class->name);
	}
}
