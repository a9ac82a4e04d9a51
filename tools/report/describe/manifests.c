#include "report/describe/manifests.h"

#include <inttypes.h>
#include <string.h>

#include "program/elf/exports.h"
#include "program/elf/unnamed.h"

/* ---- Functions that a manifest does not name ---- */

/* A manifest of a recording, as one who asks whether it names a function. */
struct naming {
	const struct hg_recording *recording;
	const char *manifest;
};

static bool is_named(const void *context, const char *function)
{
	const struct naming *naming = context;

	for (size_t i = 0; i < naming->recording->coverage_count; i++)
		if (strcmp(naming->recording->coverage[i].function, function) == 0 &&
		    strcmp(naming->recording->coverage[i].manifest, naming->manifest) == 0)
			return true;
	return false;
}

static size_t list_objects(struct hg_model *model, const struct hg_reader *reader, const char **objects)
{
	uint64_t limit = hg_reader_limit(reader, HG_EXTENT_MODULES);
	size_t count = 0;

	for (uint64_t i = 0; i < limit; i++) {
		const struct hg_record_module *module = hg_reader_module(reader, i);
		if (module)
			objects[count++] = hg_model_string(model, hg_reader_text(reader, module->path));
	}
	return count;
}

/* As the objects on disk tell. */
static void find_unnamed(struct hg_model *model, const struct hg_unnamed_question *question, const char *const *objects,
                         struct hg_fit *fit)
{
	struct hg_unnamed *table = hg_unnamed_find(question);

	fit->unnamed = hg_model_take(model, (HASH_COUNT(table) + 1) * sizeof(*fit->unnamed));
	for (const struct hg_unnamed *at = table; at; at = at->hh.next)
		fit->unnamed[fit->unnamed_count++] = (struct hg_unnamed_function){
		    hg_model_string(model, at->function), hg_model_string(model, objects[at->library]),
		    hg_model_string(model, objects[at->user])};
	hg_unnamed_drop(table);
}

enum { MOST_FITS = 64 };

/* Most processes of a run are of the same program: what was found for one holds for all that have loaded the same. */
static const struct hg_fit *fit_of(struct hg_model *model, const struct hg_unnamed_question *question,
                                   const char *const *objects, const struct hg_resolved_manifest *manifest)
{
	const char *key = hg_model_printf(model, "%s %016" PRIx64, manifest->name, manifest->hash);
	struct hg_fit *fit;

	for (size_t i = 0; i < question->object_count; i++)
		key = hg_model_printf(model, "%s\n%s", key, objects[i]);
	HASH_FIND_STR(model->fits, key, fit);
	if (fit)
		return fit;
	struct obstack *memory = model->memory;
	bool lasts = HASH_COUNT(model->fits) < MOST_FITS;
	model->memory = lasts ? &model->lasting : memory;
	fit = hg_model_take(model, sizeof(*fit));
	find_unnamed(model, question, objects, fit);
	if (lasts) {
		fit->key = hg_model_raw_text(model, key, strlen(key));
		HASH_ADD_KEYPTR(hh, model->fits, fit->key, strlen(fit->key), fit);
	}
	model->memory = memory;
	return fit;
}

static void fit_manifest(struct hg_model *model, const struct hg_recording *recording,
                         const struct hg_record_manifest *record, struct hg_resolved_manifest *manifest)
{
	const struct hg_reader *reader = &recording->reader;
	uint64_t limit = hg_reader_limit(reader, HG_EXTENT_MODULES);
	const char **objects = hg_model_take(model, (limit + 1) * sizeof(*objects));
	const char **files = hg_model_take(model, (limit + 1) * sizeof(*files));
	size_t count = list_objects(model, reader, objects);
	const char *sysroot = model->sources.sysroot;
	const struct naming naming = {recording, manifest->name};

	for (size_t i = 0; i < count; i++)
		files[i] = sysroot ? hg_model_printf(model, "%s%s", sysroot, objects[i]) : objects[i];
	const struct hg_fit *fit =
	    fit_of(model,
	           &(struct hg_unnamed_question){files, count, hg_reader_text(reader, record->patterns),
	                                         hg_reader_text(reader, record->unguarded), is_named, &naming},
	           objects, manifest);
	/* A copy, as paths may be redacted in place. */
	manifest->unnamed = hg_model_take(model, (fit->unnamed_count + 1) * sizeof(*manifest->unnamed));
	memcpy(manifest->unnamed, fit->unnamed, fit->unnamed_count * sizeof(*manifest->unnamed));
	manifest->unnamed_count = fit->unnamed_count;
}

/* As it was kept when the objects were there. */
static void take_kept(struct hg_model *model, const struct hg_reader *reader, struct hg_resolved_manifest *manifest)
{
	uint64_t limit = hg_reader_limit(reader, HG_EXTENT_UNNAMED);

	manifest->unnamed = hg_model_take(model, (limit + 1) * sizeof(*manifest->unnamed));
	for (uint64_t i = 0; i < limit; i++) {
		const struct hg_record_unnamed *kept = hg_reader_unnamed(reader, i);
		if (kept && strcmp(hg_reader_text(reader, kept->manifest), manifest->name) == 0)
			manifest->unnamed[manifest->unnamed_count++] =
			    (struct hg_unnamed_function){hg_model_string(model, hg_reader_text(reader, kept->function)),
			                                 hg_model_string(model, hg_reader_text(reader, kept->object)),
			                                 hg_model_string(model, hg_reader_text(reader, kept->used_by))};
	}
}

void hg_describe_manifests(struct hg_model *model, struct hg_recording *recording)
{
	const struct hg_reader *reader = &recording->reader;
	uint64_t limit = hg_reader_limit(reader, HG_EXTENT_MANIFESTS);
	bool kept = hg_reader_limit(reader, HG_EXTENT_REACHED) > 0;

	recording->manifest_count = 0;
	recording->manifests = hg_model_take(model, (limit + 1) * sizeof(*recording->manifests));
	for (uint64_t i = 0; i < limit; i++) {
		const struct hg_record_manifest *record = hg_reader_manifest(reader, i);
		if (!record)
			continue;
		struct hg_resolved_manifest *manifest = &recording->manifests[recording->manifest_count++];
		manifest->name = hg_model_string(model, hg_reader_text(reader, record->name));
		manifest->hash = record->hash;
		if (kept)
			take_kept(model, reader, manifest);
		else
			fit_manifest(model, recording, record, manifest);
	}
}

const char *hg_unnamed_words(struct hg_model *model, const struct hg_resolved_manifest *manifest, size_t most)
{
	const char *words = "";

	for (size_t i = 0; i < manifest->unnamed_count && i < most; i++)
		words = hg_model_printf(model, "%s%s%s", words, i > 0 ? ", " : "", manifest->unnamed[i].function);
	return manifest->unnamed_count > most ? hg_model_printf(model, "%s and %zu more (--format json has all)", words,
	                                                        manifest->unnamed_count - most)
	                                      : words;
}

/* ---- Manifests that differ ---- */

void hg_tell_differing_manifests(const struct hg_recording *all, const char *program, FILE *out)
{
	for (size_t i = 0; i < all->manifest_count; i++) {
		const struct hg_resolved_manifest *manifest = &all->manifests[i];
		if (manifest->other)
			fprintf(out,
			        "%s: the manifest %s was not the same in all recordings (%016" PRIx64
			        " in %s, %016" PRIx64 " in %s): what one shows, another need not have looked for\n",
			        program, manifest->name, manifest->hash, manifest->of->file, manifest->other_hash,
			        manifest->other->file);
	}
}

/* ---- Functions that the library lacks ---- */

enum { MOST_NAMED = 8 };

static bool is_absent(const struct hg_coverage *coverage, const struct hg_coverage *like)
{
	return coverage->reach == HG_REACH_ABSENT && strcmp(coverage->manifest, like->manifest) == 0 &&
	       strcmp(coverage->object, like->object) == 0;
}

static void tell_absent(const struct hg_recording *all, const struct hg_coverage *like, const char *program, FILE *out)
{
	const struct naming naming = {all, like->manifest};
	struct hg_exports exports;
	size_t count = 0;

	hg_exports_read(&exports, like->object, NULL);
	fprintf(out, "%s: the manifest %s names functions that %s does not have: ", program, like->manifest,
	        like->object);
	for (size_t i = 0; i < all->coverage_count; i++) {
		const struct hg_coverage *coverage = &all->coverage[i];
		if (!is_absent(coverage, like) || ++count > MOST_NAMED)
			continue;
		fputs(count > 1 ? ", " : "", out);
		hg_exports_print_meant(&exports, coverage->function, is_named, &naming, out);
	}
	if (count > MOST_NAMED)
		fprintf(out, " and %zu more", count - MOST_NAMED);
	fputs("; say 'since' or 'optional' there of what only other versions have\n", out);
	hg_exports_drop(&exports);
}

bool hg_tell_absent_functions(const struct hg_recording *all, const char *program, FILE *out)
{
	bool none = true;

	for (size_t i = 0; i < all->coverage_count; i++) {
		if (all->coverage[i].reach != HG_REACH_ABSENT)
			continue;
		size_t first = 0;
		while (!is_absent(&all->coverage[first], &all->coverage[i]))
			first++;
		if (first == i)
			tell_absent(all, &all->coverage[i], program, out);
		none = false;
	}
	return none;
}
