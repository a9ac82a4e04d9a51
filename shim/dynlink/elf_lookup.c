#include "dynlink/elf_lookup.h"

#include <stddef.h>

#include "dynlink/elf_object.h"
#include "process/linker.h"

static struct hg_definition definition_in(const struct hg_object *object, void *address)
{
	return (struct hg_definition){.address = address,
	                              .library = object->path,
	                              .soname = object->soname,
	                              .low = object->low,
	                              .high = object->high};
}

struct search {
	struct hg_wanted wanted;
	hg_accept *accept;
	const void *argument;
	struct hg_definition *first;
	unsigned count;
};

static int visit(struct dl_phdr_info *info, size_t size, void *argument)
{
	(void)size;
	struct search *search = argument;
	struct hg_object object;
	hg_object_describe(info, &object);
	struct hg_definition found = definition_in(&object, NULL);
	if (!search->accept(&found, search->argument))
		return 0;
	const ElfW(Sym) *symbol = NULL;
	while ((symbol = hg_object_next(&object, &search->wanted, symbol))) {
		found.address = hg_object_address(&object, symbol);
		if (search->count++ == 0)
			*search->first = found;
	}
	return 0;
}

unsigned hg_elf_find(const char *name, hg_accept *accept, const void *argument, struct hg_definition *first)
{
	struct search search = {.wanted = hg_wanted_name(name), .accept = accept, .argument = argument, .first = first};
	hg_linker_visit(visit, &search);
	return search.count;
}

static int visit_range(struct dl_phdr_info *info, size_t size, void *argument)
{
	(void)size;
	struct hg_definition *wanted = argument;
	struct hg_object object;
	hg_object_describe(info, &object);
	if ((uintptr_t)wanted->address < object.low || (uintptr_t)wanted->address >= object.high)
		return 0;
	*wanted = definition_in(&object, wanted->address);
	return 1;
}

bool hg_elf_object(const void *address, struct hg_definition *object)
{
	object->address = (void *)address;
	return hg_linker_visit(visit_range, object) == 1;
}
