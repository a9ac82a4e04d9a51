#include "manifest/prototype/words.h"

#include <ctype.h>
#include <string.h>

/* Up to an underline, a digit, or a capital after a small letter. */
static size_t word_length(const char *at)
{
	size_t length = 0;

	while (isalpha((unsigned char)at[length]) &&
	       !(length && isupper((unsigned char)at[length]) && islower((unsigned char)at[length - 1])))
		length++;
	return length;
}

const char *hg_next_word(const char *at, size_t *length)
{
	while (*at && !isalpha((unsigned char)*at))
		at++;
	*length = word_length(at);
	return *length ? at : NULL;
}

bool hg_is_one_of(const char *word, size_t length, const char *const *words)
{
	for (; *words; words++)
		if (strlen(*words) == length && strncasecmp(word, *words, length) == 0)
			return true;
	return false;
}

bool hg_has_word(const char *name, const char *const *words)
{
	size_t length;

	for (const char *at = hg_next_word(name, &length); at; at = hg_next_word(at + length, &length))
		if (hg_is_one_of(at, length, words))
			return true;
	return false;
}

bool hg_names_free(const char *name)
{
	static const char *const frees[] = {"free",     "destroy", "close",    "delete", "unref",   "release",
	                                    "dispose",  "fini",    "finish",   "end",    "cleanup", "term",
	                                    "finalize", "deinit",  "shutdown", NULL};

	return hg_has_word(name, frees);
}

bool hg_looks_like_free(const struct hg_prototype *prototype)
{
	if (prototype->parameter_count == 0 || !hg_names_free(prototype->name))
		return false;
	const struct hg_c_type *type = prototype->parameters[0].type;
	return (type->kind == HG_C_POINTER && !type->to->is_const && type->to->kind != HG_C_FUNCTION) ||
	       hg_c_identity(type);
}
