/* Some libraries hand out untyped pointers (void *). Which kind of thing each is, is told by names: `ctx_free(void
 * *ctx)` frees what `ctx_new` returns and what other functions have as a parameter of the same name, or at the front
 * under the same stem. Such parameters and results are given a type of that name here, and are then treated as all
 * others. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"
#include "manifest/generate/guess.h"
#include "manifest/generate/names.h"

struct kind {
	char *name;       /* of the parameter, trimmed */
	const char *free; /* a function that frees one */
	size_t stem;      /* the length of that function's name before the last word */
	bool is_created;
};

struct kinds {
	struct kind *list;
	size_t count;
};

/* `context_`, `poller_p_` -> `context`, `poller`. */
static char *trimmed(const char *name)
{
	size_t length = strlen(name);

	while (length && name[length - 1] == '_')
		length--;
	if (length > 2 && strncmp(name + length - 2, "_p", 2) == 0)
		length -= 2;
	return hg_copy_text(name, length);
}

static bool is_same(const char *parameter, const char *kind)
{
	char *name = parameter ? trimmed(parameter) : NULL;
	bool same = name && strcmp(name, kind) == 0;

	free(name);
	return same;
}

/* The untyped pointer that the type is, or points to; null: none. */
static struct hg_c_type *untyped(struct hg_c_type *type)
{
	struct hg_c_type *at = type->kind == HG_C_POINTER && type->to->kind == HG_C_POINTER ? type->to : type;

	return at->kind == HG_C_POINTER && at->to->kind == HG_C_VOID && !hg_c_identity(at) && !at->to->is_const ? at
	                                                                                                        : NULL;
}

static void give_type(struct hg_c_type *type, const char *name)
{
	struct hg_c_type *at = untyped(type);

	if (!at)
		return;
	free(at->to->alias);
	at->to->alias = hg_copy_text(name, strlen(name));
}

static void add_kind(struct kinds *kinds, const struct hg_guess *guess, const struct hg_prototype *prototype)
{
	const char *parameter = prototype->parameters[0].name;
	size_t stem = hg_stem(prototype->name, hg_words_free);

	if (!parameter && stem <= strlen(guess->prefix))
		return; /* as little as `x_free(void *)` says, it frees memory */
	char *name = parameter ? trimmed(parameter) : hg_copy_text(prototype->name, stem ? stem - 1 : 0);
	struct kind *longer = realloc(kinds->list, (kinds->count + 1) * sizeof(*longer));
	if (!longer)
		abort();
	kinds->list = longer;
	longer[kinds->count++] = (struct kind){name, prototype->name, stem, false};
}

static void find_kinds(struct kinds *kinds, const struct hg_guess *guess, struct hg_prototypes *prototypes)
{
	for (struct hg_prototype *at = prototypes->table; at; at = at->hh.next)
		if (hg_exports_has(guess->exports, at->name) && at->parameter_count &&
		    untyped(at->parameters[0].type) &&
		    (hg_ends_with_word(at->name, hg_words_free) || hg_ends_with_word(at->name, hg_words_end)))
			add_kind(kinds, guess, at);
}

/* Whether the function's name begins as that of the kind's free does, and says more than the library's prefix. */
static bool is_of_stem(const struct hg_guess *guess, const struct kind *kind, const char *name)
{
	return kind->stem > strlen(guess->prefix) && strncmp(name, kind->free, kind->stem) == 0;
}

static void type_parameters(const struct hg_guess *guess, struct kinds *kinds, struct hg_prototype *prototype)
{
	for (size_t i = 0; i < prototype->parameter_count; i++) {
		struct hg_c_parameter *parameter = &prototype->parameters[i];
		for (size_t k = 0; k < kinds->count; k++) {
			struct kind *kind = &kinds->list[k];
			if (!untyped(parameter->type))
				break;
			if (!is_same(parameter->name, kind->name) &&
			    !(i == 0 && is_of_stem(guess, kind, prototype->name)))
				continue;
			kind->is_created |= parameter->type->to->kind == HG_C_POINTER &&
			                    !hg_ends_with_word(prototype->name, hg_words_free);
			give_type(parameter->type, kind->name);
		}
	}
}

/* Kinds of the same name are one, which several functions free. */
static void note_created(struct kinds *kinds, const char *name)
{
	for (size_t k = 0; k < kinds->count; k++)
		kinds->list[k].is_created |= strcmp(kinds->list[k].name, name) == 0;
}

static void type_result(const struct hg_guess *guess, struct kinds *kinds, struct hg_prototype *prototype)
{
	for (size_t k = 0; k < kinds->count; k++) {
		struct kind *kind = &kinds->list[k];
		if (!untyped(prototype->returns) || !is_of_stem(guess, kind, prototype->name) ||
		    !hg_ends_with_word(prototype->name, hg_words_create))
			continue;
		note_created(kinds, kind->name);
		give_type(prototype->returns, kind->name);
	}
}

/* Whether the name is the library's prefix and one word: `x_socket` is likely to make what `x_close` frees. */
static bool is_short_name(const struct hg_guess *guess, const char *name)
{
	size_t length = strlen(guess->prefix);

	return length && strncmp(name, guess->prefix, length) == 0 && !strchr(name + length, '_');
}

/* Whether a function whose result no stem explains may create one: of a kind that nothing creates yet. */
static bool may_create(const struct hg_guess *guess, const struct kind *kind, const char *name, bool by_verb)
{
	bool is_named = strlen(kind->name) > 2 && hg_after_word(name, (const char *[]){kind->name, NULL});

	return !kind->is_created && (is_named || (kind->stem <= strlen(guess->prefix) && is_short_name(guess, name) &&
	                                          by_verb == hg_ends_with_word(name, hg_words_create) &&
	                                          !hg_after_word(name, hg_words_memory)));
}

/* The results that are left: each of the only kind that it may be of. */
static void type_rest(const struct hg_guess *guess, struct kinds *kinds, struct hg_prototypes *prototypes, bool by_verb)
{
	for (struct hg_prototype *at = prototypes->table; at; at = at->hh.next) {
		if (!hg_exports_has(guess->exports, at->name) || !untyped(at->returns))
			continue;
		size_t left = 0;
		struct kind *open = NULL;
		for (size_t k = 0; k < kinds->count; k++) {
			struct kind *kind = &kinds->list[k];
			if (!may_create(guess, kind, at->name, by_verb) ||
			    (open && strcmp(open->name, kind->name) == 0))
				continue;
			open = kind;
			left++;
		}
		if (left != 1)
			continue;
		note_created(kinds, open->name);
		give_type(at->returns, open->name);
	}
}

void hg_guess_untyped(const struct hg_guess *guess, struct hg_prototypes *prototypes)
{
	struct kinds kinds = {0};

	find_kinds(&kinds, guess, prototypes);
	for (struct hg_prototype *at = prototypes->table; at; at = at->hh.next)
		if (hg_exports_has(guess->exports, at->name)) {
			type_parameters(guess, &kinds, at);
			type_result(guess, &kinds, at);
		}
	type_rest(guess, &kinds, prototypes, false); /* `x_socket`, and only then `x_open` */
	type_rest(guess, &kinds, prototypes, true);
	for (size_t k = 0; k < kinds.count; k++)
		free(kinds.list[k].name);
	free(kinds.list);
}
