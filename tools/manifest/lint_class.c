/* What is unwise about a class as a whole. */
#include "format/record.h"
#include "lint.h"

/* What the functions of a manifest do with the handles of a class. */
struct class_use {
	bool named, created, ended;
};

static struct class_use use_of(const struct hg_manifest *manifest, uint32_t index)
{
	struct class_use found = {0};

	for (size_t i = 0; i < manifest->function_count; i++) {
		const struct hg_manifest_function *function = &manifest->functions[i];
		for (size_t j = 0; j < function->use_count; j++) {
			found.named |= function->uses[j].class_index == index;
			found.ended |= function->uses[j].class_index == index && hg_use_ends(&function->uses[j]);
		}
		for (size_t j = 0; j < function->make_count; j++)
			found.created |= function->makes[j].class_index == index;
	}
	found.named |= found.created;
	return found;
}

void hg_lint_class(struct hg_lint *lint, uint32_t index)
{
	const struct hg_manifest_class *class = &hg_linted(lint)->classes[index];
	struct class_use use = use_of(hg_linted(lint), index);

	if (!use.named)
		hg_warn(lint, (struct hg_lint_place){class->mark, class->name, "classes"},
		        "a class that no function names", "to leave it out");
	else if (!use.created)
		hg_warn(
		    lint, (struct hg_lint_place){class->mark, class->name, "create"}, "it in no function",
		    "it in the one that makes such handles: else no leak is seen, and no report says where a handle "
		    "came from");
	if (use.named && !use.ended)
		hg_warn(lint, (struct hg_lint_place){class->mark, class->name, "free"}, "it in no function",
		        "it in the one that ends such handles: else no race is seen");
	if (class->deadline_ms == 0 && class->drain != HG_DRAIN_DEFER + 1)
		hg_warn(
		    lint, (struct hg_lint_place){class->deadline_mark, class->name, "deadline_ms"}, "0",
		    "longer than the longest op, or 'drain: defer': a free that meets an op leaks the handle at once");
}
