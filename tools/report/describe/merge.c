#include "report/describe/merge.h"

#include <string.h>
#include <utlist.h>

#include "report/describe/reach.h"

struct merged_function {
	struct hg_coverage coverage;
	const char *key;
	UT_hash_handle hh;
};

struct merged_class {
	struct hg_resolved_class class;
	const char *key;
	UT_hash_handle hh;
};

static struct merged_function *get_function(struct hg_model *model, struct merged_function **table,
                                            const struct hg_coverage *coverage)
{
	struct merged_function *found;
	const char *key = hg_model_printf(model, "%s|%s|%s", coverage->manifest, coverage->class, coverage->function);

	HASH_FIND_STR(*table, key, found);
	if (found)
		return found;
	found = hg_model_take(model, sizeof(*found));
	found->key = key;
	found->coverage = *coverage;
	found->coverage.calls = 0;
	HASH_ADD_KEYPTR(hh, *table, found->key, strlen(found->key), found);
	return found;
}

static bool is_bound(enum hg_symbol_state state)
{
	return state == HG_SYMBOL_BOUND || state == HG_SYMBOL_EMBEDDED;
}

static void add_function(struct merged_function *merged, const struct hg_coverage *coverage)
{
	merged->coverage.calls += coverage->calls;
	merged->coverage.roles |= coverage->roles;
	if (hg_reach_wins(coverage->reach, merged->coverage.reach)) {
		merged->coverage.reach = coverage->reach;
		merged->coverage.object = coverage->object;
		merged->coverage.used_by = coverage->used_by;
	}
	if (is_bound(merged->coverage.state))
		return;
	if (is_bound(coverage->state) || coverage->state == HG_SYMBOL_MISSING) {
		merged->coverage.state = coverage->state;
		merged->coverage.library = coverage->library;
	}
}

static struct merged_class *get_class(struct hg_model *model, struct merged_class **table,
                                      const struct hg_resolved_class *class)
{
	struct merged_class *found;
	const char *key = hg_model_printf(model, "%s|%s", class->manifest, class->name);

	HASH_FIND_STR(*table, key, found);
	if (found)
		return found;
	found = hg_model_take(model, sizeof(*found));
	found->key = key;
	found->class.name = class->name;
	found->class.manifest = class->manifest;
	HASH_ADD_KEYPTR(hh, *table, found->key, strlen(found->key), found);
	return found;
}

static void add_class(struct merged_class *merged, const struct hg_resolved_class *class)
{
	merged->class.created += class->created;
	merged->class.adopted += class->adopted;
	merged->class.freed += class->freed;
	merged->class.leaked += class->leaked;
	merged->class.live += class->live;
}

static void list_functions(struct hg_model *model, struct hg_recording *all, struct merged_function *table)
{
	all->coverage = hg_model_take(model, (HASH_COUNT(table) + 1) * sizeof(*all->coverage));
	for (const struct merged_function *at = table; at; at = at->hh.next)
		all->coverage[all->coverage_count++] = at->coverage;
	HASH_CLEAR(hh, table);
}

static void list_classes(struct hg_model *model, struct hg_recording *all, struct merged_class *table)
{
	all->classes = hg_model_take(model, (HASH_COUNT(table) + 1) * sizeof(*all->classes));
	for (const struct merged_class *at = table; at; at = at->hh.next)
		all->classes[all->class_count++] = at->class;
	HASH_CLEAR(hh, table);
}

const struct hg_recording *hg_merge_recordings(struct hg_model *model)
{
	struct hg_recording *all = hg_model_take(model, sizeof(*all));
	struct merged_function *functions = NULL;
	struct merged_class *classes = NULL;
	const struct hg_recording *recording;

	DL_FOREACH(model->recordings, recording) {
		all->calls += recording->calls;
		for (size_t i = 0; i < recording->coverage_count; i++)
			add_function(get_function(model, &functions, &recording->coverage[i]), &recording->coverage[i]);
		for (size_t i = 0; i < recording->class_count; i++)
			add_class(get_class(model, &classes, &recording->classes[i]), &recording->classes[i]);
	}
	list_functions(model, all, functions);
	list_classes(model, all, classes);
	return all;
}
