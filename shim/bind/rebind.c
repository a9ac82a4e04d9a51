#include "bind/rebind.h"

#include <string.h>

#include "bind/definitions.h"
#include "bind/images.h"
#include "bind/inside.h"
#include "bind/instances.h"
#include "dynlink/elf_object.h"
#include "dynlink/objects.h"
#include "dynlink/preloads.h"
#include "format/image.h"

struct rebinding {
	const struct hg_objects *objects;
	unsigned number;
	bool ambiguous; /* there are names with several definitions */
	bool deep;      /* its GOT slots pass the preload objects by */
};

/* --- what a GOT slot means --- */

static bool meaning_of(const struct hg_objects *objects, unsigned number, const struct hg_got_slot *got,
                       struct hg_found *found)
{
	struct hg_wanted wanted = hg_wanted_name(got->name);
	wanted.version = hg_object_version_used(got->object, got->symbol);
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

static bool search_word(const struct hg_got_slot *got, void *argument)
{
	struct search *search = argument;
	if (hg_got_slot_function(got) != (uint64_t)search->stub || strcmp(got->name, search->name) != 0)
		return true;
	search->any = meaning_of(search->objects, search->number, got, search->found);
	return false;
}

bool hg_rebind_meaning(const struct hg_objects *objects, unsigned number, const char *name, const void *stub,
                       struct hg_found *found)
{
	struct search search = {objects, number, name, stub, found, false};
	hg_got_slots_each(&objects->list[number], search_word, &search);
	return search.any;
}

/* What the dynamic linker has made of a GOT slot that passes the stubs by. */
static bool bound_past_stubs(const struct rebinding *rebinding, const struct hg_got_slot *got, struct hg_found *found)
{
	struct hg_wanted wanted = hg_wanted_name(got->name);
	void *function = (void *)hg_got_slot_function(got);
	*found = (struct hg_found){hg_objects_at(rebinding->objects, function), NULL};
	if (found->object == HG_OBJECTS_MOST || found->object == rebinding->number ||
	    !hg_scope_is_library(rebinding->objects, found->object))
		return false;
	const struct hg_object *library = &rebinding->objects->list[found->object];
	do
		found->symbol = hg_object_next(library, &wanted, found->symbol);
	while (found->symbol && hg_object_function(library, found->symbol) != function);
	return found->symbol != NULL;
}

/* --- rebinding it there --- */

/* Who takes the address of the function that the name meant first must get the same as before. */
static const void *destination(const struct rebinding *rebinding, struct hg_slot *slot, struct hg_slot *own,
                               bool only_calls)
{
	if (own == slot || (own->real == slot->real && !only_calls))
		return hg_definitions_stub(rebinding->objects, slot);
	return hg_instance_stub(own);
}

static void rebind_to(const struct rebinding *rebinding, const struct hg_got_slot *got, struct hg_slot *slot,
                      const struct hg_found *found)
{
	void *real = hg_object_function(&rebinding->objects->list[found->object], found->symbol);
	struct hg_slot *own = hg_definitions_bind(slot, rebinding->objects, found->object, real);
	const void *function = own ? destination(rebinding, slot, own, got->only_calls) : NULL;
	/* Else it goes on to where it led, and who calls is looked at each time. */
	if (function && hg_got_slot_function(got) != (uint64_t)function)
		hg_got_slot_rebind(got, function);
}

/* What the preload object exports beside the stubs, all of it of the C library; free may be another allocator's. */
static void rebind_forward(const struct rebinding *rebinding, const struct hg_got_slot *got)
{
	static const char *const names[] = {"dlsym",   "dlvsym",   "dlopen",     "dlmopen",      "dlclose",
	                                    "longjmp", "_longjmp", "siglongjmp", "__longjmp_chk"};
	for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], got->name) == 0) {
			const void *function = hg_definitions_export(rebinding->objects, got->name);
			if (function)
				hg_got_slot_rebind(got, function);
		}
}

/* Programs ask whether a function is there by its address. */
static void rebind_to_null(const struct rebinding *rebinding, const struct hg_got_slot *got)
{
	struct hg_found found;
	if (!meaning_of(rebinding->objects, rebinding->number, got, &found))
		hg_got_slot_rebind(got, NULL);
}

static bool may_be_nowhere(const struct hg_got_slot *got)
{
	const ElfW(Sym) *symbol = &got->object->symbols[got->symbol];
	return !got->only_calls && symbol->st_shndx == SHN_UNDEF && ELF64_ST_BIND(symbol->st_info) == STB_WEAK;
}

static bool rebind(const struct hg_got_slot *got, void *argument)
{
	const struct rebinding *rebinding = argument;
	/* Of most objects most slots are settled by this. */
	bool maybe_nowhere = may_be_nowhere(got);
	if (!rebinding->ambiguous && !rebinding->deep && !maybe_nowhere)
		return true;
	struct hg_slot *slot = hg_find_slot(got->name);
	struct hg_found found;
	if (!slot) {
		if (rebinding->deep)
			rebind_forward(rebinding, got);
		return true;
	}
	bool to_stub = hg_got_slot_function(got) == (uint64_t)hg_definitions_stub(rebinding->objects, slot);
	bool open = to_stub || hg_got_slot_is_lazy(got);
	if (slot->binding == HG_BINDING_AMBIGUOUS || rebinding->deep) {
		if (open ? meaning_of(rebinding->objects, rebinding->number, got, &found)
		         : rebinding->deep && bound_past_stubs(rebinding, got, &found))
			rebind_to(rebinding, got, slot, &found);
	} else if (to_stub && maybe_nowhere)
		rebind_to_null(rebinding, got);
	return true;
}

void hg_rebind_object(const struct hg_objects *objects, unsigned number, bool ambiguous)
{
	struct rebinding rebinding = {objects, number, ambiguous, hg_scope_is_deep(objects, number)};
	if (hg_image_within(objects->list[number].low, objects->list[number].high))
		return;
	if (hg_scope_is_library(objects, number) && objects->known[number].defines)
		hg_inside_rebind(objects, number);
	hg_got_slots_each(&objects->list[number], rebind, &rebinding);
}
