#include "manifest/check/handle_types.h"

#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"

/* How often functions of the manifest have that type for handles of that class. */
struct vote {
	uint32_t class_index;
	const char *identity;
	size_t count;
	bool is_made, is_ended;
};

struct votes {
	struct vote *list;
	size_t count;
};

static struct vote *vote_for(struct votes *votes, uint32_t class_index, const char *identity)
{
	for (size_t i = 0; i < votes->count; i++)
		if (votes->list[i].class_index == class_index && strcmp(votes->list[i].identity, identity) == 0)
			return &votes->list[i];
	struct vote *longer = realloc(votes->list, (votes->count + 1) * sizeof(*longer));
	if (!longer)
		abort();
	votes->list = longer;
	longer[votes->count] = (struct vote){.class_index = class_index, .identity = identity};
	return &longer[votes->count++];
}

static void add_vote(struct votes *votes, uint32_t class_index, const char *identity, bool makes, bool ends)
{
	if (!identity)
		return;
	struct vote *vote = vote_for(votes, class_index, identity);
	vote->count++;
	vote->is_made |= makes;
	vote->is_ended |= ends;
}

static const char *identity_behind(const struct hg_c_type *type, bool indirect)
{
	if (!indirect)
		return hg_c_identity(type);
	return type->kind == HG_C_POINTER ? hg_c_identity(type->to) : NULL;
}

static const char *identity_at(const struct hg_prototype *prototype, struct hg_image_place place)
{
	const struct hg_c_parameter *parameter = hg_prototype_argument(prototype, place.argument);

	/* what lies in structs and arrays of structs is not looked for */
	if (!parameter || place.indirect >= HG_INDIRECT_STRUCT)
		return NULL;
	return identity_behind(parameter->type, place.indirect == HG_INDIRECT);
}

const char *hg_use_identity(const struct hg_prototype *prototype, const struct hg_image_use *use)
{
	return use->all ? NULL : identity_at(prototype, hg_place_of_use(use));
}

const char *hg_make_identity(const struct hg_prototype *prototype, const struct hg_image_make *make)
{
	return make->from_return ? hg_c_identity(prototype->returns) : identity_at(prototype, make->place);
}

/* Where an argument says which class is meant (`if`), the type is one for all of them, and no class's own. */
static void ask(struct votes *votes, const struct hg_prototype *prototype, const struct hg_manifest_function *function)
{
	for (size_t i = 0; i < function->use_count; i++)
		if (!function->uses[i].choice.argument)
			add_vote(votes, function->uses[i].class_index, hg_use_identity(prototype, &function->uses[i]),
			         false, hg_use_ends(&function->uses[i]));
	for (size_t i = 0; i < function->make_count; i++)
		if (!function->makes[i].choice.argument)
			add_vote(votes, function->makes[i].class_index,
			         hg_make_identity(prototype, &function->makes[i]), true, false);
}

/* What most functions have; null: none has any. */
static const struct vote *winner(const struct votes *votes, size_t class)
{
	const struct vote *best = NULL;

	for (size_t i = 0; i < votes->count; i++)
		if (votes->list[i].class_index == class && (!best || votes->list[i].count > best->count))
			best = &votes->list[i];
	return best;
}

static void add_further(struct hg_handle_types *types, const struct votes *votes)
{
	types->further = hg_allocate(votes->count, sizeof(*types->further));
	types->further_count = 0;
	for (size_t i = 0; i < votes->count; i++) {
		const struct vote *vote = &votes->list[i];
		if (vote->is_made && vote->is_ended && hg_class_of_type(types, vote->identity) == HG_NONE)
			types->further[types->further_count++] = (struct hg_further_type){
			    vote->class_index, hg_copy_text(vote->identity, strlen(vote->identity))};
	}
}

void hg_handle_types_find(struct hg_handle_types *types, const struct hg_checked *checked)
{
	const struct hg_manifest *manifest = checked->manifest;
	struct votes votes = {0};

	types->count = manifest->class_count;
	types->names = hg_allocate(types->count, sizeof(*types->names));
	for (size_t i = 0; i < manifest->function_count; i++) {
		const struct hg_prototype *prototype =
		    hg_prototype_find(checked->prototypes, manifest->functions[i].name);
		if (prototype)
			ask(&votes, prototype, &manifest->functions[i]);
	}
	for (size_t class = 0; class < types->count; class ++) {
		const struct vote *best = winner(&votes, class);
		types->names[class] = best ? hg_copy_text(best->identity, strlen(best->identity)) : NULL;
	}
	add_further(types, &votes);
	free(votes.list);
}

void hg_handle_types_drop(struct hg_handle_types *types)
{
	for (size_t i = 0; i < types->count; i++)
		free(types->names[i]);
	free(types->names);
	for (size_t i = 0; i < types->further_count; i++)
		free(types->further[i].name);
	free(types->further);
}

bool hg_class_has_type(const struct hg_handle_types *types, uint32_t class_index, const char *identity)
{
	if (types->names[class_index] && strcmp(types->names[class_index], identity) == 0)
		return true;
	for (size_t i = 0; i < types->further_count; i++)
		if (types->further[i].class_index == class_index && strcmp(types->further[i].name, identity) == 0)
			return true;
	return false;
}

uint32_t hg_class_of_type(const struct hg_handle_types *types, const char *identity)
{
	for (size_t i = 0; identity && i < types->count; i++)
		if (types->names[i] && strcmp(types->names[i], identity) == 0)
			return (uint32_t)i;
	for (size_t i = 0; identity && i < types->further_count; i++)
		if (strcmp(types->further[i].name, identity) == 0)
			return types->further[i].class_index;
	return HG_NONE;
}
