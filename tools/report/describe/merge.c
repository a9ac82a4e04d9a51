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

struct merged_manifest {
	struct merged_manifest *prev, *next;
	struct hg_resolved_manifest manifest;
	size_t room; /* for functions that it does not name */
};

/* All recordings that were added, which may be at rest by now: nothing here is theirs. */
struct hg_merged {
	struct merged_function *functions;
	struct merged_class *classes;
	struct merged_manifest *manifests; /* list */
	uint64_t calls;
	struct hg_recording *all; /* null: not made yet */
};

static void drop(struct hg_merged *merged)
{
	HASH_CLEAR(hh, merged->functions);
	HASH_CLEAR(hh, merged->classes);
}

static struct hg_merged *merged_of(struct hg_model *model)
{
	if (!model->merged) {
		model->merged = hg_model_take(model, sizeof(*model->merged));
		model->drop_merged = drop;
	}
	return model->merged;
}

static const char *own(struct hg_model *model, const char *text)
{
	return text ? hg_model_string(model, text) : NULL;
}

/* ---- Functions ---- */

static void own_texts(struct hg_model *model, struct hg_coverage *coverage)
{
	const char **const texts[] = {&coverage->function, &coverage->class,     &coverage->library,
	                              &coverage->manifest, &coverage->patterns,  &coverage->object,
	                              &coverage->used_by,  &coverage->reached_in};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		*texts[i] = own(model, *texts[i]);
}

static struct merged_function *get_function(struct hg_model *model, struct merged_function **table,
                                            const struct hg_coverage *coverage)
{
	struct merged_function *found;
	void *mark = hg_model_mark(model);
	const char *key = hg_model_printf(model, "%s|%s|%s", coverage->manifest, coverage->class, coverage->function);

	HASH_FIND_STR(*table, key, found);
	if (found) {
		hg_model_forget(model, mark);
		return found;
	}
	found = hg_model_take(model, sizeof(*found));
	found->key = key;
	found->coverage = *coverage;
	found->coverage.calls = 0;
	found->coverage.reached = NULL;
	own_texts(model, &found->coverage);
	HASH_ADD_KEYPTR(hh, *table, found->key, strlen(found->key), found);
	return found;
}

static bool is_bound(enum hg_symbol_state state)
{
	return state == HG_SYMBOL_BOUND || state == HG_SYMBOL_EMBEDDED;
}

/* Of several objects that the library is linked into, the one that most passes by in. */
static void take_reached(struct hg_model *model, struct hg_coverage *merged, const struct hg_coverage *coverage)
{
	if (!coverage->reached || coverage->reached == merged->reached ||
	    (merged->reached && hg_passed_by(merged->reached) >= hg_passed_by(coverage->reached)))
		return;
	merged->by_process = coverage->by_process;
	merged->reached = coverage->reached == &coverage->by_process ? &merged->by_process : coverage->reached;
	merged->reached_in = own(model, coverage->reached_in);
	merged->exported = coverage->exported;
}

static void add_function(struct hg_model *model, struct merged_function *merged, const struct hg_coverage *coverage)
{
	merged->coverage.calls += coverage->calls;
	merged->coverage.roles |= coverage->roles;
	merged->coverage.by_table |= coverage->by_table;
	take_reached(model, &merged->coverage, coverage);
	if (hg_reach_wins(coverage->reach, merged->coverage.reach)) {
		merged->coverage.reach = coverage->reach;
		merged->coverage.object = own(model, coverage->object);
		merged->coverage.used_by = own(model, coverage->used_by);
	}
	if (is_bound(merged->coverage.state))
		return;
	if (is_bound(coverage->state) || coverage->state == HG_SYMBOL_MISSING) {
		merged->coverage.state = coverage->state;
		merged->coverage.library = own(model, coverage->library);
	}
}

/* ---- Classes ---- */

static struct merged_class *get_class(struct hg_model *model, struct merged_class **table,
                                      const struct hg_resolved_class *class)
{
	struct merged_class *found;
	void *mark = hg_model_mark(model);
	const char *key = hg_model_printf(model, "%s|%s", class->manifest, class->name);

	HASH_FIND_STR(*table, key, found);
	if (found) {
		hg_model_forget(model, mark);
		return found;
	}
	found = hg_model_take(model, sizeof(*found));
	found->key = key;
	found->class.name = own(model, class->name);
	found->class.manifest = own(model, class->manifest);
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

/* ---- Manifests ---- */

static bool has_unnamed(const struct hg_resolved_manifest *manifest, const char *function)
{
	for (size_t i = 0; i < manifest->unnamed_count; i++)
		if (strcmp(manifest->unnamed[i].function, function) == 0)
			return true;
	return false;
}

static struct merged_manifest *get_manifest(struct hg_model *model, struct hg_merged *merged,
                                            const struct hg_recording *recording,
                                            const struct hg_resolved_manifest *like)
{
	struct merged_manifest *found;

	DL_FOREACH(merged->manifests, found)
		if (strcmp(found->manifest.name, like->name) == 0)
			return found;
	found = hg_model_take(model, sizeof(*found));
	found->manifest.name = own(model, like->name);
	found->manifest.hash = like->hash;
	found->manifest.of = recording;
	DL_APPEND(merged->manifests, found);
	return found;
}

static void add_unnamed(struct hg_model *model, struct merged_manifest *merged,
                        const struct hg_unnamed_function *function)
{
	struct hg_resolved_manifest *manifest = &merged->manifest;

	if (manifest->unnamed_count == merged->room) {
		merged->room = 2 * merged->room + 16;
		struct hg_unnamed_function *unnamed = hg_model_take(model, merged->room * sizeof(*unnamed));
		if (manifest->unnamed_count > 0)
			memcpy(unnamed, manifest->unnamed, manifest->unnamed_count * sizeof(*unnamed));
		manifest->unnamed = unnamed;
	}
	manifest->unnamed[manifest->unnamed_count++] = (struct hg_unnamed_function){
	    own(model, function->function), own(model, function->library), own(model, function->used_by)};
}

/* Where their texts differ, which is told elsewhere, the first one's hash stands for all. */
static void add_manifest(struct hg_model *model, struct merged_manifest *merged, const struct hg_recording *recording,
                         const struct hg_resolved_manifest *manifest)
{
	if (manifest->hash != merged->manifest.hash && !merged->manifest.other) {
		merged->manifest.other = recording;
		merged->manifest.other_hash = manifest->hash;
	}
	for (size_t i = 0; i < manifest->unnamed_count; i++)
		if (!has_unnamed(&merged->manifest, manifest->unnamed[i].function))
			add_unnamed(model, merged, &manifest->unnamed[i]);
}

/* ---- All ---- */

void hg_merge_recording(struct hg_model *model, const struct hg_recording *recording)
{
	struct hg_merged *merged = merged_of(model);

	merged->calls += recording->calls;
	for (size_t i = 0; i < recording->coverage_count; i++)
		add_function(model, get_function(model, &merged->functions, &recording->coverage[i]),
		             &recording->coverage[i]);
	for (size_t i = 0; i < recording->class_count; i++)
		add_class(get_class(model, &merged->classes, &recording->classes[i]), &recording->classes[i]);
	for (size_t i = 0; i < recording->manifest_count; i++)
		add_manifest(model, get_manifest(model, merged, recording, &recording->manifests[i]), recording,
		             &recording->manifests[i]);
}

static void list_functions(struct hg_model *model, struct hg_recording *all, const struct merged_function *table)
{
	all->coverage = hg_model_take(model, (HASH_COUNT(table) + 1) * sizeof(*all->coverage));
	for (const struct merged_function *at = table; at; at = at->hh.next)
		all->coverage[all->coverage_count++] = at->coverage;
}

static void list_classes(struct hg_model *model, struct hg_recording *all, const struct merged_class *table)
{
	all->classes = hg_model_take(model, (HASH_COUNT(table) + 1) * sizeof(*all->classes));
	for (const struct merged_class *at = table; at; at = at->hh.next)
		all->classes[all->class_count++] = at->class;
}

static void list_manifests(struct hg_model *model, struct hg_recording *all, const struct merged_manifest *list)
{
	const struct merged_manifest *each;
	size_t count = 0;

	DL_COUNT(list, each, count);
	all->manifests = hg_model_take(model, (count + 1) * sizeof(*all->manifests));
	DL_FOREACH(list, each)
		all->manifests[all->manifest_count++] = each->manifest;
}

struct hg_recording *hg_merged_recordings(struct hg_model *model)
{
	struct hg_merged *merged = merged_of(model);

	if (!merged->all) {
		merged->all = hg_model_take(model, sizeof(*merged->all));
		merged->all->calls = merged->calls;
		list_functions(model, merged->all, merged->functions);
		list_classes(model, merged->all, merged->classes);
		list_manifests(model, merged->all, merged->manifests);
	}
	return merged->all;
}
