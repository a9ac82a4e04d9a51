/* Which handle a function frees, if its name says that it frees one. */
#include <string.h>

#include "manifest/generate/guess.h"
#include "manifest/generate/names.h"
#include "manifest/prototype/words.h"

/* The only parameter that can be a handle, or the one whose type has a word of the function's name; of several the
 * last: `key_free(context, key)`. */
static size_t choose(const struct hg_guess *guess, const struct hg_prototype *prototype)
{
	size_t only = prototype->parameter_count, named = only, count = 0;
	bool address;

	for (size_t i = 0; i < prototype->parameter_count; i++) {
		const char *identity = hg_guess_carried(prototype->parameters[i].type, &address);
		if (!identity)
			continue;
		only = count++ == 0 ? i : only;
		if (hg_shares_word(identity, prototype->name, guess->prefix))
			named = i;
	}
	return count == 1 || named == prototype->parameter_count ? only : named;
}

/* Something else that the function could free: memory that is handed in beside the handle. */
static bool has_other_memory(const struct hg_prototype *prototype, size_t chosen)
{
	bool address;

	for (size_t i = 0; i < prototype->parameter_count; i++) {
		const struct hg_c_type *type = prototype->parameters[i].type;
		if (i != chosen && hg_c_is_plain_pointer(type) && !type->to->is_const &&
		    !hg_guess_carried(type, &address))
			return true;
	}
	return false;
}

/* `free_passwd(passwd *)`: what comes after the word names the type. */
static bool names_its_type(const struct hg_guess *guess, const struct hg_prototype *prototype, const char *rest)
{
	size_t chosen = choose(guess, prototype);
	bool address;

	if (chosen == prototype->parameter_count)
		return false;
	const char *identity = hg_guess_carried(prototype->parameters[chosen].type, &address);
	return hg_shares_word(rest, identity, guess->prefix);
}

size_t hg_guess_freed(const struct hg_guess *guess, const struct hg_prototype *prototype)
{
	size_t chosen = choose(guess, prototype);
	static const char *const asks[] = {"get", "is", "has", NULL}; /* `get_close(stream)`: whether, or how */
	const char *rest = hg_after_word(prototype->name, hg_words_free);

	if (chosen == prototype->parameter_count || hg_has_word(prototype->name, asks))
		return prototype->parameter_count;
	bool ends =
	    hg_ends_with_word(prototype->name, hg_words_free) || hg_ends_with_word(prototype->name, hg_words_end);
	if (!ends && !(rest && *rest && names_its_type(guess, prototype, rest)))
		return prototype->parameter_count;
	return has_other_memory(prototype, chosen) ? prototype->parameter_count : chosen;
}
