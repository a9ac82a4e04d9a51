/* What is unwise about a class as a whole. */
#include "format/record.h"
#include "manifest/lint/lint.h"

/* What the functions of a manifest do with the handles of a class. */
struct class_use {
	bool named, created, ended, constant;
};

static bool is_end(const struct hg_manifest *manifest, uint32_t parent, unsigned said, uint32_t child)
{
	return hg_manifest_children(manifest, parent, said, child) == HG_CHILDREN_ENDED;
}

/* What the creates of the parent say of whatever ends it. */
static bool ends_as_made(const struct hg_manifest *manifest, uint32_t parent, uint32_t child)
{
	for (size_t i = 0; i < manifest->function_count; i++)
		for (size_t j = 0; j < manifest->functions[i].make_count; j++) {
			const struct hg_image_make *make = &manifest->functions[i].makes[j];
			if (make->class_index == parent && make->children &&
			    is_end(manifest, parent, make->children - 1, child))
				return true;
		}
	return false;
}

/* Whether a free of the parent ends these children too. */
static bool ends_children(const struct hg_manifest *manifest, uint32_t parent, uint32_t child)
{
	for (size_t i = 0; i < manifest->function_count; i++)
		for (size_t j = 0; j < manifest->functions[i].use_count; j++) {
			const struct hg_image_use *use = &manifest->functions[i].uses[j];
			if (use->class_index == parent && hg_use_ends(use) &&
			    is_end(manifest, parent, use->children, child))
				return true;
		}
	return ends_as_made(manifest, parent, child);
}

static void add_makes(const struct hg_manifest *manifest, const struct hg_manifest_function *function, uint32_t index,
                      struct class_use *found)
{
	for (size_t i = 0; i < function->make_count; i++) {
		const struct hg_image_make *make = &function->makes[i];
		if (make->class_index != index)
			continue;
		found->created = true;
		found->ended |= make->parent_class != HG_NONE && ends_children(manifest, make->parent_class, index);
	}
}

static struct class_use use_of(const struct hg_manifest *manifest, uint32_t index)
{
	struct class_use found = {0};

	for (size_t i = 0; i < manifest->function_count; i++) {
		const struct hg_manifest_function *function = &manifest->functions[i];
		for (size_t j = 0; j < function->use_count; j++) {
			const struct hg_image_use *use = &function->uses[j];
			found.named |= use->class_index == index;
			found.constant |= use->class_index == index && use->indirect == HG_CONSTANT;
			found.ended |= use->class_index == index && (hg_use_ends(use) || use->ways & HG_USE_MAY_END);
		}
		add_makes(manifest, function, index, &found);
	}
	found.named |= found.created;
	return found;
}

/* Whether a call can be turned away for want of a handle of the class. */
static bool refuses_none(const struct hg_manifest *manifest, uint32_t index)
{
	for (size_t i = 0; i < manifest->function_count; i++)
		for (size_t j = 0; j < manifest->functions[i].use_count; j++) {
			const struct hg_image_use *use = &manifest->functions[i].uses[j];
			if (use->class_index == index && use->none == HG_NONE_REFUSED)
				return true;
		}
	return false;
}

static bool any_parks(const struct hg_manifest *manifest, uint32_t index)
{
	for (size_t i = 0; i < manifest->function_count; i++)
		for (size_t j = 0; j < manifest->functions[i].use_count; j++) {
			const struct hg_image_use *use = &manifest->functions[i].uses[j];
			if (use->class_index == index && use->parks)
				return true;
		}
	return false;
}

/* A class whose one handle is the library itself, for the sake of who may be in it at once: it need not begin nor end.
 */
static bool is_always_there(const struct hg_manifest_class *class, const struct class_use *use)
{
	static const uint32_t who = HG_CLASS_EXCLUSIVE | HG_CLASS_SERIALISED | HG_CLASS_OWN_THREAD;

	return use->constant && !use->created && !use->ended && class->flags & who;
}

void hg_lint_class(struct hg_lint *lint, uint32_t index)
{
	const struct hg_manifest_class *class = &hg_linted(lint)->classes[index];
	struct class_use use = use_of(hg_linted(lint), index);
	bool always = is_always_there(class, &use);

	if (!use.named)
		hg_warn(lint, HG_LINT_CLASS_UNUSED, class->mark, "class '%s' is named by no function; leave it out",
		        class->name);
	else if (!use.created && !always && !(class->flags & HG_CLASS_UNSEEN))
		hg_warn(
		    lint, HG_LINT_CLASS_NOT_CREATED, class->mark,
		    "class '%s' is created by no function, so that a new handle which has the value of a freed one is "
		    "taken for that one: calls of correct programs are turned away; write 'create' at the function "
		    "that makes such handles, or 'creates: some' if it cannot be seen",
		    class->name);
	if (use.named && !use.ended && !always && !(class->flags & HG_CLASS_ENDS_AT_EXIT))
		hg_warn(
		    lint, HG_LINT_CLASS_NOT_FREED, class->mark,
		    "class '%s' is freed by no function, so that no race is seen; write 'free' at the function that "
		    "ends such handles, or 'children: end' at the free of the parent that they end with",
		    class->name);
	if (use.named && class->nulls == HG_NONE_REFUSED && !refuses_none(hg_linted(lint), index))
		hg_warn(
		    lint, HG_LINT_NULL_UNUSED, class->mark,
		    "class '%s' says 'null: reject', but no function is given its handles in a plain argument that it "
		    "does not free or let pass; write 'null: reject' at the functions or arguments that are meant",
		    class->name);
	if (class->wake.wanted && !any_parks(hg_linted(lint), index))
		hg_warn(lint, HG_LINT_WAKE_UNUSED, class->mark,
		        "class '%s' says what wakes its ops, but none of them parks, so that none is ever woken; write "
		        "'parks: true' at those that block until something wakes them",
		        class->name);
	if (class->deadline_ms == 0 && class->drain != HG_DRAIN_DEFER + 1)
		hg_warn(lint, HG_LINT_DEADLINE_ZERO, class->deadline_mark,
		        "class '%s' has a deadline of 0, so that a free that meets an op is turned away at once; give "
		        "'deadline_ms' longer than the longest op takes, or 'drain: defer'",
		        class->name);
}
