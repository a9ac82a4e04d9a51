/* Of functions that are named like frees of the same handles, those that end something else: the connection that the
 * handle stands for, or an entry in it. `channel_close` beside `channel_free` is a call on the channel, and so is
 * `list_delete(list, name)` beside `list_free(list)`. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/allocate.h"
#include "manifest/generate/guess.h"
#include "manifest/generate/names.h"

static bool ends(enum hg_guess_role role)
{
	return role == HG_GUESS_FREE || role == HG_GUESS_FREE_ADDRESS || role == HG_GUESS_RELEASE;
}

static bool makes(enum hg_guess_role role)
{
	return role == HG_GUESS_CREATE || role == HG_GUESS_CREATE_OUT || role == HG_GUESS_CREATE_HERE;
}

static bool has_use(const struct hg_guess_function *function, size_t class_index, bool (*is_meant)(enum hg_guess_role))
{
	for (size_t i = 0; i < function->use_count; i++)
		if (function->uses[i].class_index == class_index && is_meant(function->uses[i].role))
			return true;
	return false;
}

/* ---- Words ---- */

/* These are said of memory; others (close, destroy, delete) as often of what it stands for. */
static bool is_said_of_memory(const char *name)
{
	static const char *const words[] = {"free", "unref", "release", "dispose", "deinit", "destruct", NULL};

	return hg_ends_with_word(name, words) || hg_after_word(name, words);
}

static bool closes(const char *name)
{
	return hg_ends_with_word(name, (const char *const[]){"close", NULL});
}

/* What is opened is closed: then a `free` beside it empties it. */
static bool is_only_opened(const struct hg_guess *guess, size_t class_index)
{
	static const char *const opens[] = {"open", NULL}, *const makings[] = {"new",  "alloc",  "create",
	                                                                       "init", "malloc", NULL};
	bool opened = false;

	for (size_t i = 0; i < guess->function_count; i++) {
		const char *name = guess->functions[i].prototype->name;
		if (!has_use(&guess->functions[i], class_index, makes))
			continue;
		if (hg_ends_with_word(name, makings))
			return false;
		opened |= hg_ends_with_word(name, opens);
	}
	return opened;
}

/* ---- Which of two ---- */

/* A name of what is to go: `delete(repository, name)`. */
static bool takes_text(const struct hg_prototype *prototype)
{
	for (size_t i = 0; i < prototype->parameter_count; i++) {
		const struct hg_c_type *type = prototype->parameters[i].type;
		if (type->kind == HG_C_POINTER && type->to->is_const && !hg_c_identity(type))
			return true;
	}
	return false;
}

/* `index_free` is to `index_new` what it is to no function of the class's that `index_conflict_cleanup` is. */
static bool is_paired(const struct hg_guess *guess, size_t class_index, const char *name)
{
	size_t stem = hg_stem(name, hg_words_free);

	for (size_t i = 0; i < guess->function_count; i++) {
		const char *other = guess->functions[i].prototype->name;
		if (has_use(&guess->functions[i], class_index, makes) && hg_stem(other, hg_words_create) == stem &&
		    strncasecmp(name, other, stem) == 0)
			return true;
	}
	return false;
}

static bool have_one_stem(const char *one, const char *other)
{
	size_t stem = hg_stem(one, hg_words_free);

	return stem == hg_stem(other, hg_words_free) && strncasecmp(one, other, stem) == 0;
}

static bool goes_on_from(const char *longer, const char *shorter)
{
	size_t stem = hg_stem(shorter, hg_words_free);

	return stem && hg_stem(longer, hg_words_free) > stem && strncasecmp(longer, shorter, stem) == 0;
}

static bool outweighs(const struct hg_guess *guess, size_t class_index, const struct hg_prototype *one,
                      const struct hg_prototype *other)
{
	bool of_memory = is_said_of_memory(one->name), other_of_memory = is_said_of_memory(other->name);

	if (takes_text(one) != takes_text(other))
		return takes_text(other);
	if (is_only_opened(guess, class_index) && closes(one->name) != closes(other->name))
		return closes(one->name) && is_paired(guess, class_index, one->name);
	/* Where there are two ways to make one, each may have its own to end it: `init` and `term`, `ctx_new` and
	 * `ctx_destroy`. */
	if (of_memory != other_of_memory)
		return of_memory &&
		       (have_one_stem(one->name, other->name) || !is_paired(guess, class_index, other->name));
	return goes_on_from(other->name, one->name) && is_paired(guess, class_index, one->name) &&
	       !is_paired(guess, class_index, other->name);
}

static const struct hg_prototype *heaviest(const struct hg_guess *guess, size_t class_index,
                                           const struct hg_prototype *than)
{
	for (size_t i = 0; i < guess->function_count; i++) {
		const struct hg_prototype *one = guess->functions[i].prototype;
		if (one != than && has_use(&guess->functions[i], class_index, ends) &&
		    outweighs(guess, class_index, one, than))
			return one;
	}
	return NULL;
}

/* ---- What becomes of it ---- */

/* The question whether it can fail is asked in vain then. */
static void ask_instead(struct hg_guess *guess, struct hg_guess_function *function, const struct hg_prototype *other)
{
	char *text = hg_format("%s is named like a free, but %s frees the same handles: is it the first step of an end "
	                       "('close'), another free, or, as is written, a call on the handle?",
	                       function->prototype->name, other->name);

	function->reason = "named like a free, beside another";
	if (function->question == HG_NO_QUESTION) {
		function->question = hg_guess_ask(guess, "%s", text);
		free(text);
		return;
	}
	free(guess->questions[function->question - 1]);
	guess->questions[function->question - 1] = text;
}

void hg_guess_outweighed(struct hg_guess *guess)
{
	const struct hg_prototype **by = hg_allocate(guess->function_count, sizeof(*by));

	for (size_t i = 0; i < guess->function_count; i++)
		for (size_t u = 0; u < guess->functions[i].use_count; u++)
			if (ends(guess->functions[i].uses[u].role))
				by[i] = heaviest(guess, guess->functions[i].uses[u].class_index,
				                 guess->functions[i].prototype);
	for (size_t i = 0; i < guess->function_count; i++) {
		struct hg_guess_function *function = &guess->functions[i];
		for (size_t u = 0; by[i] && u < function->use_count; u++)
			if (ends(function->uses[u].role)) {
				function->uses[u].role = HG_GUESS_OP;
				guess->classes[function->uses[u].class_index].frees--;
				guess->classes[function->uses[u].class_index].ops++;
			}
		if (by[i])
			ask_instead(guess, function, by[i]);
	}
	free(by);
}
