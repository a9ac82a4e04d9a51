#include <stdlib.h>

#include "report/describe/group.h"
#include "report/policy/match.h"
#include "report/policy/policy.h"

/* Whether the fingerprint is in the baseline; where, through *at. */
static bool is_known(const struct hg_policy *policy, uint64_t fingerprint, size_t *at)
{
	size_t low = 0, high = policy->known_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (policy->known[middle] < fingerprint)
			low = middle + 1;
		else
			high = middle;
	}
	*at = low;
	return low < policy->known_count && policy->known[low] == fingerprint;
}

/* The first that fits and holds; all that fit are of use. */
static const struct hg_suppression *suppress(struct hg_policy *policy, struct hg_model *model,
                                             const struct hg_group *group)
{
	const struct hg_suppression *first = NULL;

	for (size_t i = 0; i < policy->suppression_count; i++) {
		struct hg_suppression *each = &policy->suppressions[i];
		if (!hg_suppression_fits(model, each, group))
			continue;
		each->met++;
		if (!first && !each->expired)
			first = each;
	}
	return first;
}

void hg_policy_apply(struct hg_policy *policy, struct hg_model *model)
{
	bool *met = calloc(policy->known_count + 1, sizeof(*met));
	size_t at;

	policy->known_met = 0;
	for (size_t i = 0; i < policy->suppression_count; i++)
		policy->suppressions[i].met = 0;
	for (struct hg_group *group = model->groups; group; group = group->hh.next) {
		if (policy->levels[group->kind] != 0)
			group->level = policy->levels[group->kind];
		group->suppressed = suppress(policy, model, group);
		group->known = is_known(policy, group->fingerprint, &at);
		policy->known_met += group->known && met && !met[at];
		if (group->known && met)
			met[at] = true;
	}
	free(met);
	model->policy = policy;
	hg_sort_groups(model);
}

void hg_policy_tell_idle(const struct hg_policy *policy, const char *program, FILE *out)
{
	for (size_t i = 0; i < policy->suppression_count; i++) {
		const struct hg_suppression *each = &policy->suppressions[i];
		if (each->expired)
			fprintf(out, "%s: %s:%u: this suppression expired on %s and accepts nothing any more: %s\n",
			        program, each->file, each->line, each->expires, each->reason);
		else if (each->met == 0)
			fprintf(out, "%s: %s:%u: no finding fits this suppression: %s\n", program, each->file,
			        each->line, each->reason);
	}
}

void hg_policy_drop(struct hg_policy *policy)
{
	for (size_t i = 0; i < policy->suppression_count; i++) {
		const struct hg_suppression *each = &policy->suppressions[i];
		char *const texts[] = {each->kind, each->class,       each->function, each->object,
		                       each->test, each->fingerprint, each->reason,   each->expires};
		for (size_t k = 0; k < sizeof(texts) / sizeof(*texts); k++)
			free(texts[k]);
	}
	free(policy->suppressions);
	free(policy->known);
	*policy = (struct hg_policy){0};
}
