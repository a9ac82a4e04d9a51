/* Handles that a function is given in an array: a parameter that is written as one (`stream_t list[]`), or that points
 * to handles which the function leaves alone (`stream_t const *`). */
#include <string.h>

#include "manifest/generate/guess.h"
#include "manifest/prototype/words.h"

bool hg_guess_takes_array(const struct hg_c_parameter *parameter)
{
	const struct hg_c_type *type = parameter->type;

	return type->kind == HG_C_POINTER && (type->is_array || type->to->is_const);
}

/* Whether a number may say how many there are: by its name (`count`, `nfds`), or because it has none. */
static bool counts(const struct hg_c_parameter *parameter)
{
	static const char *const words[] = {"n",      "count", "cnt",   "num",    "number", "len",
	                                    "length", "size",  "items", "nitems", "nelem",  NULL};
	const char *name = parameter->name;

	return parameter->type->kind == HG_C_INTEGER && !parameter->type->name && parameter->number != HG_NO_NUMBER &&
	       (!name || name[0] == 'n' || hg_has_word(name, words));
}

/* What stands behind the array says so, or else what stands before it. */
int hg_guess_array_count(const struct hg_prototype *prototype, size_t index)
{
	if (index + 1 < prototype->parameter_count && counts(&prototype->parameters[index + 1]))
		return prototype->parameters[index + 1].number;
	if (index > 0 && counts(&prototype->parameters[index - 1]))
		return prototype->parameters[index - 1].number;
	return HG_NO_NUMBER;
}
