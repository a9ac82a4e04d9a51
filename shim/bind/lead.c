#include "bind/lead.h"

#include <string.h>

#include "bind/copies.h"
#include "bind/definitions.h"
#include "bind/images.h"
#include "bind/inside.h"
#include "dynlink/elf_object.h"
#include "dynlink/objects.h"
#include "dynlink/preloads.h"
#include "format/image.h"

struct leading {
	const struct hg_objects *objects;
	unsigned number;
	bool crowded; /* there are names with several definitions */
	bool deep;    /* its words pass the preload objects by */
};

/* --- what a word means --- */

static bool meaning_of(const struct hg_objects *objects, unsigned number, const struct hg_word *word,
                       struct hg_found *found)
{
	struct hg_wanted wanted = hg_wanted_name(word->name);
	wanted.version = hg_object_version_used(word->object, word->symbol);
	return hg_scope_find(objects, number, &wanted, found);
}

struct search {
	const struct hg_objects *objects;
	unsigned number;
	const char *name;
	const void *stub;
	struct hg_found *found;
	bool any;
};

static bool search_word(const struct hg_word *word, void *argument)
{
	struct search *search = argument;
	if (hg_word_function(word) != (uint64_t)search->stub || strcmp(word->name, search->name) != 0)
		return true;
	search->any = meaning_of(search->objects, search->number, word, search->found);
	return false;
}

bool hg_lead_meaning(const struct hg_objects *objects, unsigned number, const char *name, const void *stub,
                     struct hg_found *found)
{
	struct search search = {objects, number, name, stub, found, false};
	hg_words_each(&objects->list[number], search_word, &search);
	return search.any;
}

/* What the dynamic linker has made of a word that passes the stubs by. */
static bool bound_past_stubs(const struct leading *leading, const struct hg_word *word, struct hg_found *found)
{
	struct hg_wanted wanted = hg_wanted_name(word->name);
	void *function = (void *)hg_word_function(word);
	*found = (struct hg_found){hg_objects_at(leading->objects, function), NULL};
	if (found->object == HG_OBJECTS_MOST || found->object == leading->number ||
	    !hg_scope_is_library(leading->objects, found->object))
		return false;
	const struct hg_object *library = &leading->objects->list[found->object];
	do
		found->symbol = hg_object_next(library, &wanted, found->symbol);
	while (found->symbol && hg_object_function(library, found->symbol) != function);
	return found->symbol != NULL;
}

/* --- leading it there --- */

/* Who takes the address of the function that the name meant first must get the same as before. */
static const void *destination(const struct leading *leading, struct hg_slot *slot, struct hg_slot *own,
                               bool only_calls)
{
	if (own == slot || (own->real == slot->real && !only_calls))
		return hg_survey_stub(leading->objects, slot);
	return hg_copy_stub(own);
}

static void lead_to(const struct leading *leading, const struct hg_word *word, struct hg_slot *slot,
                    const struct hg_found *found)
{
	void *real = hg_object_function(&leading->objects->list[found->object], found->symbol);
	struct hg_slot *own = hg_survey_bind(slot, leading->objects, found->object, real);
	const void *function = own ? destination(leading, slot, own, word->only_calls) : NULL;
	/* Else it goes on to where it led, and who calls is looked at each time. */
	if (function && hg_word_function(word) != (uint64_t)function)
		hg_word_lead(word, function);
}

/* What the preload object exports beside the stubs, all of it of the C library; free may be another allocator's. */
static void lead_forward(const struct leading *leading, const struct hg_word *word)
{
	static const char *const names[] = {"dlsym",   "dlvsym",   "dlopen",     "dlmopen",      "dlclose",
	                                    "longjmp", "_longjmp", "siglongjmp", "__longjmp_chk"};
	for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], word->name) == 0) {
			const void *function = hg_survey_export(leading->objects, word->name);
			if (function)
				hg_word_lead(word, function);
		}
}

/* Programs ask whether a function is there by its address. */
static void lead_nowhere(const struct leading *leading, const struct hg_word *word)
{
	struct hg_found found;
	if (!meaning_of(leading->objects, leading->number, word, &found))
		hg_word_lead(word, NULL);
}

static bool may_be_nowhere(const struct hg_word *word)
{
	const ElfW(Sym) *symbol = &word->object->symbols[word->symbol];
	return !word->only_calls && symbol->st_shndx == SHN_UNDEF && ELF64_ST_BIND(symbol->st_info) == STB_WEAK;
}

static bool lead(const struct hg_word *word, void *argument)
{
	const struct leading *leading = argument;
	/* Of most objects most words are settled by this. */
	bool maybe_nowhere = may_be_nowhere(word);
	if (!leading->crowded && !leading->deep && !maybe_nowhere)
		return true;
	struct hg_slot *slot = hg_find_slot(word->name);
	struct hg_found found;
	if (!slot) {
		if (leading->deep)
			lead_forward(leading, word);
		return true;
	}
	bool to_stub = hg_word_function(word) == (uint64_t)hg_survey_stub(leading->objects, slot);
	bool open = to_stub || hg_word_is_lazy(word);
	if (slot->binding == HG_BINDING_CROWDED || leading->deep) {
		if (open ? meaning_of(leading->objects, leading->number, word, &found)
		         : leading->deep && bound_past_stubs(leading, word, &found))
			lead_to(leading, word, slot, &found);
	} else if (to_stub && maybe_nowhere)
		lead_nowhere(leading, word);
	return true;
}

void hg_lead_object(const struct hg_objects *objects, unsigned number, bool crowded)
{
	struct leading leading = {objects, number, crowded, hg_scope_is_deep(objects, number)};
	if (hg_image_within(objects->list[number].low, objects->list[number].high))
		return;
	if (hg_scope_is_library(objects, number) && hg_defines_any(&objects->list[number]))
		hg_inside_lead(objects, number);
	hg_words_each(&objects->list[number], lead, &leading);
}
