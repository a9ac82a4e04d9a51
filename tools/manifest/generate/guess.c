#include "manifest/generate/guess.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"

size_t hg_guess_ask(struct hg_guess *guess, const char *question, ...)
{
	char **longer = realloc(guess->questions, (guess->question_count + 1) * sizeof(*longer)), *text = NULL;
	va_list arguments;

	va_start(arguments, question);
	if (!longer || vasprintf(&text, question, arguments) < 0)
		abort();
	va_end(arguments);
	guess->questions = longer;
	longer[guess->question_count++] = text;
	return guess->question_count;
}

size_t hg_guess_class_of(const struct hg_guess *guess, const char *identity)
{
	size_t i = 0;

	while (i < guess->class_count && (!identity || strcmp(guess->classes[i].identity, identity) != 0))
		i++;
	return i;
}

const char *hg_guess_carried(const struct hg_c_type *type, bool *address)
{
	const char *identity = hg_c_identity(type);

	*address = !identity && type->kind == HG_C_POINTER && hg_c_identity(type->to);
	return *address ? hg_c_identity(type->to) : identity;
}

/* ---- The library's prefix ---- */

static size_t first_word(const char *name)
{
	size_t length = strcspn(name, "_");

	return name[length] ? length + 1 : 0;
}

static size_t count_prefix(const struct hg_exports *exports, const struct hg_prototypes *prototypes, const char *prefix,
                           size_t length)
{
	size_t count = 0;

	for (const struct hg_prototype *at = prototypes->table; at; at = at->hh.next)
		count += strncmp(at->name, prefix, length) == 0 && hg_exports_has(exports, at->name);
	return count;
}

void hg_guess_prefix(struct hg_guess *guess, const struct hg_prototypes *prototypes)
{
	const char *best = "";
	size_t best_length = 0, best_count = 0;

	for (const struct hg_prototype *at = prototypes->table; at; at = at->hh.next) {
		size_t length = first_word(at->name);
		if (!length || !hg_exports_has(guess->exports, at->name) ||
		    (length == best_length && strncmp(at->name, best, length) == 0))
			continue;
		size_t count = count_prefix(guess->exports, prototypes, at->name, length);
		if (count > best_count) {
			best = at->name;
			best_length = length;
			best_count = count;
		}
	}
	guess->prefix = hg_copy_text(best, best_length);
}

void hg_guess_make(struct hg_guess *guess, const char *basis, bool by_names, const struct hg_exports *exports,
                   struct hg_prototypes *prototypes, const struct hg_manifest *manifest)
{
	memset(guess, 0, sizeof(*guess));
	guess->basis = basis;
	guess->by_names = by_names;
	guess->exports = exports;
	if (by_names)
		hg_guess_ask(guess,
		             "Names alone were known, so each line is a guess: is the handle the first argument "
		             "everywhere, and what "
		             "do the functions return ('returns')? Generate with --header instead, if there is one.");
	hg_guess_prefix(guess, prototypes);
	hg_guess_untyped(guess, prototypes);
	hg_guess_classes(guess, prototypes);
	if (manifest)
		hg_guess_told_classes(guess, prototypes, manifest);
	hg_guess_roles(guess, prototypes);
}

void hg_guess_drop(struct hg_guess *guess)
{
	for (size_t i = 0; i < guess->class_count; i++)
		free(guess->classes[i].name);
	for (size_t i = 0; i < guess->question_count; i++)
		free(guess->questions[i]);
	for (size_t i = 0; i < guess->identity_count; i++)
		free(guess->identities[i]);
	free(guess->identities);
	free(guess->classes);
	free(guess->functions);
	free(guess->questions);
	free(guess->prefix);
}
