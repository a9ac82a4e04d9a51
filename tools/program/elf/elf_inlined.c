/* Copies of functions that are parts of others, as DWARF tells (5, 3.3.8: DW_TAG_inlined_subroutine). */
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <string.h>

#include "program/elf/elf_reached.h"

struct search {
	const struct hg_elf_sides *read;
	const char *const *functions;
	size_t count;
	struct hg_elf_reached *reached;
	bool known; /* there is debugging information of code that is not the library's */
};

static struct hg_elf_reached *reached_of(const struct search *search, const char *name)
{
	size_t i = 0;

	while (i < search->count && strcmp(search->functions[i], name) != 0)
		i++;
	return i < search->count ? &search->reached[i] : NULL;
}

/* Whether what is inlined in it is of interest; not in the library's own functions. */
static bool is_others(struct search *search, Dwarf_Die *function)
{
	Dwarf_Addr low;

	if (dwarf_entrypc(function, &low) != 0)
		return false;
	bool others = hg_side_at(&search->read->sides, low) != HG_SIDE_LIBRARY;
	search->known |= others;
	return others;
}

static bool note_inlined(const struct search *search, Dwarf_Die *copy)
{
	const char *name = dwarf_diename(copy);
	struct hg_elf_reached *reached = name ? reached_of(search, name) : NULL;

	if (reached)
		reached->inlined++;
	return reached;
}

static bool may_hold(int tag)
{
	return tag == DW_TAG_lexical_block || tag == DW_TAG_namespace || tag == DW_TAG_module ||
	       tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_try_block ||
	       tag == DW_TAG_catch_block;
}

/* What is inlined into a copy is the library's own. */
static bool goes_on(struct search *search, Dwarf_Die *die)
{
	int tag = dwarf_tag(die);

	if (tag == DW_TAG_inlined_subroutine)
		return !note_inlined(search, die);
	return tag == DW_TAG_subprogram ? is_others(search, die) : may_hold(tag);
}

static void visit_children(struct search *search, Dwarf_Die *die, unsigned depth)
{
	enum { DEEPEST = 256 };
	Dwarf_Die child;

	if (depth == DEEPEST || dwarf_child(die, &child) != 0)
		return;
	do {
		if (goes_on(search, &child))
			visit_children(search, &child, depth + 1);
	} while (dwarf_siblingof(&child, &child) == 0);
}

static void visit_units(struct search *search, Dwarf *dwarf)
{
	Dwarf_CU *unit = NULL;
	Dwarf_Die die;

	while (dwarf_get_units(dwarf, unit, &unit, NULL, NULL, &die, NULL) == 0)
		visit_children(search, &die, 0);
}

void hg_elf_count_inlined(const struct hg_elf_file *file, const struct hg_elf_sides *read, const char *const *functions,
                          size_t count, struct hg_elf_reached *reached)
{
	struct search search = {.read = read, .functions = functions, .count = count, .reached = reached};
	Elf *const files[] = {file->elf, file->separate.elf};

	for (size_t i = 0; i < count; i++)
		reached[i].inlined = 0;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files) && !search.known; i++) {
		Dwarf *dwarf = files[i] ? dwarf_begin_elf(files[i], DWARF_C_READ, NULL) : NULL;
		if (!dwarf)
			continue;
		visit_units(&search, dwarf);
		dwarf_end(dwarf);
	}
	for (size_t i = 0; i < count && !search.known; i++)
		reached[i].inlined = HG_INLINED_UNKNOWN;
}
