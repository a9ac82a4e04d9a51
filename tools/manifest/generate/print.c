#include "manifest/generate/print.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"
#include "manifest/generate/entry.h"
#include "manifest/prototype/words.h"

enum { COLUMNS = 120, LABEL = 6 };

/* ---- Text in comments ---- */

/* Breaks the text between words; each further line begins with `before`. */
static void print_wrapped(FILE *out, const char *text, size_t at, const char *before)
{
	for (const char *word = text; *word;) {
		size_t length = strcspn(word, " ");
		if (at + 1 + length > COLUMNS) {
			fprintf(out, "\n%s", before);
			at = strlen(before);
		} else if (word > text) {
			fputc(' ', out);
			at++;
		}
		fprintf(out, "%.*s", (int)length, word);
		at += length;
		word += length + (word[length] == ' ');
	}
	fputc('\n', out);
}

__attribute__((format(printf, 3, 4))) static void print_comment(FILE *out, const char *indent, const char *format, ...)
{
	char *text = NULL, *before = hg_format("%s# ", indent);
	va_list arguments;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		abort();
	va_end(arguments);
	fputs(before, out);
	print_wrapped(out, text, strlen(before), before);
	free(before);
	free(text);
}

/* ---- Classes ---- */

void hg_guess_print_class(const struct hg_guess *guess, const struct hg_guess_class *class, FILE *out)
{
	char *question = class->question ? hg_format(" [%zu]", class->question) : hg_copy_text("", 0);

	(void)guess;
	if (class->is_caller_owned)
		print_comment(out, "  ", "'%s': memory of the caller's, which %s empties%s", class->spelling,
		              class->first_free, question);
	else
		print_comment(out, "  ", "'%s': handed out by %s, freed by %s%s", class->spelling, class->first_create,
		              class->first_free, question);
	fprintf(out, "  %s: {", class->name);
	if (class->type != HG_TYPE_POINTER)
		fprintf(out, "type: %s, none: [-1], ", hg_type_name(class->type));
	if (class->is_shared)
		fputs("shared: acquire, ", out);
	if (class->is_shared && class->is_led_to)
		fputs("creates: some, ", out);
	fputs("reject: -1}\n", out);
	free(question);
}

/* ---- Functions ---- */

void hg_guess_print_function(const struct hg_guess *guess, const struct hg_guess_function *function, FILE *out)
{
	char *entry = hg_guess_entry(guess, function), *comment = hg_copy_text("", 0);

	if (function->reason || function->question) {
		free(comment);
		comment = function->question ? hg_format("  # %s%s[%zu]", function->reason ? function->reason : "",
		                                         function->reason ? " " : "", function->question)
		                             : hg_format("  # %s", function->reason);
	}
	char *before = hg_format("%*s", (int)(strlen(function->prototype->name) + 5), "");
	if (strlen(entry) + strlen(comment) <= COLUMNS) {
		fprintf(out, "%s%s\n", entry, comment);
	} else {
		if (*comment)
			fprintf(out, "  %s\n", comment + 2);
		fputs("  ", out);
		print_wrapped(out, entry + 2, 2, before);
	}
	free(before);
	free(comment);
	free(entry);
}

/* The class under which a function stands: of what it creates or frees, or else of its first handle. */
static size_t class_of(const struct hg_guess_function *function)
{
	for (size_t i = 0; i < function->use_count; i++)
		if (function->uses[i].role != HG_GUESS_OP)
			return function->uses[i].class_index;
	return function->uses[0].class_index;
}

static void print_functions(const struct hg_guess *guess, FILE *out)
{
	for (size_t class = 0; class < guess->class_count; class ++) {
		fprintf(out, "\n  # %s\n", guess->classes[class].spelling);
		for (size_t i = 0; i < guess->function_count; i++)
			if (!guess->functions[i].is_left_out && class_of(&guess->functions[i]) == class)
				hg_guess_print_function(guess, &guess->functions[i], out);
	}
}

/* ---- What is left out ---- */

static bool is_guessed(const struct hg_guess *guess, const char *name)
{
	for (size_t i = 0; i < guess->function_count; i++)
		if (strcmp(guess->functions[i].prototype->name, name) == 0)
			return true;
	return false;
}

static void print_names(const char *reason, char **names, size_t count, FILE *out)
{
	if (!count)
		return;
	fprintf(out, "  %s:\n    [", reason);
	char *list = hg_copy_text(names[0], strlen(names[0]));
	for (size_t i = 1; i < count; i++) {
		char *longer = hg_format("%s, %s", list, names[i]);
		free(list);
		list = longer;
	}
	char *whole = hg_format("%s]", list);
	print_wrapped(out, whole, 5, "     ");
	free(whole);
	free(list);
}

static void print_left_out(const struct hg_guess *guess, const struct hg_prototypes *prototypes, FILE *out)
{
	char **borrowed = hg_allocate(HASH_COUNT(prototypes->table), sizeof(*borrowed)), **frees;
	char **arrays = hg_allocate(HASH_COUNT(prototypes->table), sizeof(*arrays));
	size_t borrowed_count = 0, free_count = 0, array_count = 0;

	frees = hg_allocate(HASH_COUNT(prototypes->table), sizeof(*frees));
	for (size_t i = 0; i < guess->function_count; i++) {
		const struct hg_guess_function *function = &guess->functions[i];
		if (function->is_left_out && function->takes_array)
			arrays[array_count++] = function->prototype->name;
		else if (function->is_left_out)
			borrowed[borrowed_count++] = function->prototype->name;
	}
	for (const struct hg_prototype *at = prototypes->table; at; at = at->hh.next)
		if (hg_exports_has(guess->exports, at->name) && !is_guessed(guess, at->name) && hg_looks_like_free(at))
			frees[free_count++] = at->name;
	if (borrowed_count || array_count || free_count)
		fputs("\nunguarded:\n", out);
	print_names("what is returned was there before", borrowed, borrowed_count, out);
	print_names("handles in an array, of which nothing tells how long it is", arrays, array_count, out);
	print_names("named like a free, but of nothing that is known to be handed out as a handle", frees, free_count,
	            out);
	free(borrowed);
	free(arrays);
	free(frees);
}

void hg_guess_print_questions(const struct hg_guess *guess, const bool *asked, FILE *out)
{
	char label[32];
	bool first = true;

	for (size_t i = 0; i < guess->question_count; i++) {
		if (asked && !asked[i])
			continue;
		if (first)
			fputs("\n# What only a person can answer:\n", out);
		first = false;
		int length = snprintf(label, sizeof(label), "# [%zu]", i + 1);
		fprintf(out, "%-*s ", LABEL, label);
		print_wrapped(out, guess->questions[i], (size_t)(length > LABEL ? length : LABEL) + 1, "#      ");
	}
}

void hg_guess_print(const struct hg_guess *guess, const struct hg_prototypes *prototypes, FILE *out)
{
	print_comment(
	    out, "",
	    "%s, inferred from %s. What is written here is what names and types tell: whoever knows the library "
	    "should read it, and answer the questions at the end; their numbers stand beside what they are about.",
	    guess->exports->soname, guess->basis);
	fprintf(out, "handleguard: 1\nlibrary: %s\ndefaults: {stack_bytes: 0}\n\nclasses:%s\n", guess->exports->soname,
	        guess->class_count ? "" : " {}");
	for (size_t i = 0; i < guess->class_count; i++)
		hg_guess_print_class(guess, &guess->classes[i], out);
	fprintf(out, "\nfunctions:%s\n", guess->class_count ? "" : " {}");
	print_functions(guess, out);
	print_left_out(guess, prototypes, out);
	hg_guess_print_questions(guess, NULL, out);
}
