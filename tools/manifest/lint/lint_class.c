/* What is unwise about a class as a whole. */
#include "format/record.h"
#include "manifest/lint/lint.h"

/* What the functions of a manifest do with the handles of a class. */
struct class_use {
	bool named, created, ended;
};

/* Whether a free of the parent ends the children too. */
static bool ends_children(const struct hg_manifest *manifest, uint32_t parent)
{
	for (size_t i = 0; i < manifest->function_count; i++)
		for (size_t j = 0; j < manifest->functions[i].use_count; j++) {
			const struct hg_image_use *use = &manifest->functions[i].uses[j];
			if (use->class_index == parent && hg_use_ends(use) && use->children == HG_CHILDREN_ENDED)
				return true;
		}
	return false;
}

static void add_makes(const struct hg_manifest *manifest, const struct hg_manifest_function *function, uint32_t index,
                      struct class_use *found)
{
	for (size_t i = 0; i < function->make_count; i++) {
		const struct hg_image_make *make = &function->makes[i];
		if (make->class_index != index)
			continue;
		found->created = true;
		found->ended |= make->parent_class != HG_NONE && ends_children(manifest, make->parent_class);
	}
}

static struct class_use use_of(const struct hg_manifest *manifest, uint32_t index)
{
	struct class_use found = {0};

	for (size_t i = 0; i < manifest->function_count; i++) {
		const struct hg_manifest_function *function = &manifest->functions[i];
		for (size_t j = 0; j < function->use_count; j++) {
			found.named |= function->uses[j].class_index == index;
			found.ended |= function->uses[j].class_index == index && hg_use_ends(&function->uses[j]);
		}
		add_makes(manifest, function, index, &found);
	}
	found.named |= found.created;
	return found;
}

void hg_lint_class(struct hg_lint *lint, uint32_t index)
{
	const struct hg_manifest_class *class = &hg_linted(lint)->classes[index];
	struct class_use use = use_of(hg_linted(lint), index);

	if (!use.named)
		hg_warn(lint, HG_LINT_CLASS_UNUSED, class->mark, "class '%s' is named by no function; leave it out",
		        class->name);
	else if (!use.created)
		hg_warn(
		    lint, HG_LINT_CLASS_NOT_CREATED, class->mark,
		    "class '%s' is created by no function, so that no leak is seen and no report says where a handle "
		    "came from; write 'create' at the function that makes such handles",
		    class->name);
	if (use.named && !use.ended)
		hg_warn(
		    lint, HG_LINT_CLASS_NOT_FREED, class->mark,
		    "class '%s' is freed by no function, so that no race is seen; write 'free' at the function that "
		    "ends such handles, or 'children: end' at the free of the parent that they end with",
		    class->name);
	if (class->deadline_ms == 0 && class->drain != HG_DRAIN_DEFER + 1)
		hg_warn(lint, HG_LINT_DEADLINE_ZERO, class->deadline_mark,
		        "class '%s' has a deadline of 0, so that a free that meets an op is turned away at once; give "
		        "'deadline_ms' longer than the longest op takes, or 'drain: defer'",
		        class->name);
}
