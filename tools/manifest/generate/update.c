#include "manifest/generate/update.h"

#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"
#include "manifest/check/handle_types.h"
#include "manifest/generate/print.h"

struct news {
	struct hg_guess *guess;
	const struct hg_exports *all;
	const struct hg_manifest *manifest;
	bool *known;     /* by class: the manifest has it */
	bool *is_new;    /* by function */
	bool *is_needed; /* by class: a new function uses it, and the manifest has it not */
};

static bool is_named(const struct hg_manifest *manifest, const char *name)
{
	for (size_t i = 0; i < manifest->function_count; i++)
		if (strcmp(manifest->functions[i].name, name) == 0)
			return true;
	return false;
}

void hg_guess_find_known(struct hg_guess *guess, const struct hg_prototypes *prototypes,
                         const struct hg_manifest *manifest, bool *known)
{
	struct hg_checked checked = {manifest, guess->exports, prototypes};
	struct hg_handle_types types;

	hg_handle_types_find(&types, &checked);
	for (size_t i = 0; i < guess->class_count; i++) {
		struct hg_guess_class *class = &guess->classes[i];
		uint32_t index = hg_class_of_type(&types, class->identity);
		known[i] = index != HG_NONE;
		if (!known[i])
			continue;
		free(class->name);
		class->name = hg_copy_text(manifest->classes[index].name, strlen(manifest->classes[index].name));
	}
	hg_handle_types_drop(&types);
}

static void add_told(struct hg_guess *guess, const struct hg_manifest_class *class, const char *identity)
{
	struct hg_guess_class *longer = realloc(guess->classes, (guess->class_count + 1) * sizeof(*longer));

	if (!longer)
		abort();
	guess->classes = longer;
	guess->identities[guess->identity_count] = hg_copy_text(identity, strlen(identity));
	longer[guess->class_count++] = (struct hg_guess_class){.name = hg_copy_text(class->name, strlen(class->name)),
	                                                       .identity = guess->identities[guess->identity_count],
	                                                       .spelling = guess->identities[guess->identity_count],
	                                                       .type = class->type};
	guess->identity_count++;
}

void hg_guess_told_classes(struct hg_guess *guess, const struct hg_prototypes *prototypes,
                           const struct hg_manifest *manifest)
{
	struct hg_checked checked = {manifest, guess->exports, prototypes};
	struct hg_handle_types types;

	hg_handle_types_find(&types, &checked);
	guess->identities = hg_allocate(types.count, sizeof(*guess->identities));
	for (size_t i = 0; i < types.count; i++)
		if (types.names[i] && hg_guess_class_of(guess, types.names[i]) == guess->class_count)
			add_told(guess, &manifest->classes[i], types.names[i]);
	hg_handle_types_drop(&types);
}

static size_t find_new(struct news *news)
{
	size_t count = 0;

	for (size_t i = 0; i < news->guess->function_count; i++) {
		const struct hg_guess_function *function = &news->guess->functions[i];
		const char *name = function->prototype->name;
		news->is_new[i] = !function->is_left_out && !is_named(news->manifest, name) &&
		                  !hg_manifest_leaves_out(news->manifest, name, -1);
		count += news->is_new[i];
		for (size_t u = 0; news->is_new[i] && u < function->use_count; u++) {
			size_t class = function->uses[u].class_index;
			news->is_needed[class] = !news->known[class];
		}
	}
	return count;
}

/* ---- Where it belongs in the text ---- */

static bool begins_block(const char *line, const char *key)
{
	size_t length = strlen(key);

	return strncmp(line, key, length) == 0 && line[length] == ':' &&
	       line[length + 1 + strspn(line + length + 1, " ")] == '\n';
}

static const char *next_line(const char *line)
{
	const char *end = strchr(line, '\n');

	return end ? end + 1 : line + strlen(line);
}

/* Behind the last line of the block under a key at the text's left edge; null: there is no such block. */
static const char *end_of_block(const char *text, const char *key)
{
	const char *line = text, *end = NULL;

	while (*line && !begins_block(line, key))
		line = next_line(line);
	if (!*line)
		return NULL;
	for (end = line = next_line(line); *line && strchr(" #\n", *line); line = next_line(line))
		if (*line == ' ')
			end = next_line(line);
	return end;
}

/* ---- What is written ---- */

static void print_new_classes(const struct news *news, FILE *out)
{
	for (size_t i = 0; i < news->guess->class_count; i++)
		if (news->is_needed[i])
			hg_guess_print_class(news->guess, &news->guess->classes[i], out);
}

static void print_new_functions(const struct news *news, size_t count, FILE *out)
{
	if (count)
		fprintf(out, "\n  # New in %s, as %s has it.\n", news->guess->exports->soname, news->guess->basis);
	for (size_t i = 0; i < news->guess->function_count; i++)
		if (news->is_new[i])
			hg_guess_print_function(news->guess, &news->guess->functions[i], out);
}

/* The questions about what is new; those about the rest have been answered, or not, by whoever worked on the manifest.
 */
static void print_new_questions(const struct news *news, FILE *out)
{
	const struct hg_guess *guess = news->guess;
	bool *asked = hg_allocate(guess->question_count + 1, sizeof(*asked));

	for (size_t i = 0; i < guess->function_count; i++)
		if (news->is_new[i] && guess->functions[i].question)
			asked[guess->functions[i].question - 1] = true;
	for (size_t i = 0; i < guess->class_count; i++)
		if (news->is_needed[i] && guess->classes[i].question)
			asked[guess->classes[i].question - 1] = true;
	hg_guess_print_questions(guess, asked, out);
	free(asked);
}

static void summarize(const struct news *news, size_t count, FILE *summary)
{
	size_t gone = 0;

	fprintf(summary, "%s: %zu new functions%s", news->manifest->path, count, count ? ":" : "");
	for (size_t i = 0; i < news->guess->function_count; i++)
		if (news->is_new[i])
			fprintf(summary, " %s", news->guess->functions[i].prototype->name);
	for (size_t i = 0; i < news->manifest->function_count; i++)
		if (!hg_exports_has(news->all, news->manifest->functions[i].name))
			fprintf(summary, "%s %s",
			        gone++ ? "" : "; the library lacks:", news->manifest->functions[i].name);
	fputs("\n", summary);
}

static bool write_all(const struct news *news, size_t count, const char *text, FILE *out, FILE *summary)
{
	const char *classes = end_of_block(text, "classes"), *functions = end_of_block(text, "functions");

	if (!classes || !functions || classes > functions) {
		fprintf(
		    summary,
		    "%s: 'classes' and, after it, 'functions' must be written with a line for each entry for something "
		    "to be added\n",
		    news->manifest->path);
		return false;
	}
	fprintf(out, "%.*s", (int)(classes - text), text);
	print_new_classes(news, out);
	fprintf(out, "%.*s", (int)(functions - classes), classes);
	print_new_functions(news, count, out);
	fputs(functions, out);
	print_new_questions(news, out);
	summarize(news, count, summary);
	return true;
}

bool hg_guess_update(struct hg_guess *guess, const struct hg_exports *all, const struct hg_prototypes *prototypes,
                     const struct hg_manifest *manifest, const char *text, FILE *out, FILE *summary)
{
	struct news news = {
	    .guess = guess,
	    .all = all,
	    .manifest = manifest,
	    .known = hg_allocate(guess->class_count, sizeof(bool)),
	    .is_new = hg_allocate(guess->function_count, sizeof(bool)),
	    .is_needed = hg_allocate(guess->class_count, sizeof(bool)),
	};

	hg_guess_find_known(guess, prototypes, manifest, news.known);
	bool good = write_all(&news, find_new(&news), text, out, summary);
	free(news.known);
	free(news.is_new);
	free(news.is_needed);
	return good;
}
