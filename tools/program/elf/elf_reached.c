#include "program/elf/elf_reached.h"

#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"

/* ---- What is referred to ---- */

enum kind { FUNCTION, CLONE, WORD };

struct target {
	uint64_t at;
	uint64_t code;   /* the function's; the same, or what the word holds */
	size_t function; /* its number */
	enum kind kind;
};

struct count {
	struct hg_elf_sides *read;
	const char *const *functions;
	size_t function_count;
	struct hg_elf_reached *reached;
	struct target *targets; /* sorted by address */
	size_t target_count, room;
	struct hg_unreached *known;
	const struct hg_part *part; /* the code at hand */
};

static void add_target(struct count *count, struct target target)
{
	if (count->target_count == count->room) {
		struct target *more = hg_allocate(2 * count->room + 64, sizeof(*more));
		if (count->room > 0)
			memcpy(more, count->targets, count->room * sizeof(*more));
		free(count->targets);
		count->targets = more;
		count->room = 2 * count->room + 64;
	}
	count->targets[count->target_count++] = target;
}

static int compare(const void *one, const void *other)
{
	const struct target *left = one, *right = other;

	return left->at < right->at ? -1 : left->at > right->at;
}

static void sort_targets(struct count *count)
{
	if (count->target_count > 0)
		qsort(count->targets, count->target_count, sizeof(*count->targets), compare);
}

static const struct target *target_at(const struct count *count, uint64_t address)
{
	const struct target wanted = {.at = address};

	return count->target_count == 0
	           ? NULL
	           : bsearch(&wanted, count->targets, count->target_count, sizeof(wanted), compare);
}

/* "f", or "f.part.0" and the like; what is hardly run of a function belongs to it. */
static void add_part(struct count *count, const struct hg_part *part)
{
	size_t length = strcspn(part->name, ".");
	bool whole = part->name[length] == '\0';

	if (!(part->flags & HG_PART_CODE) || part->side == HG_SIDE_BINDING || strstr(part->name, ".cold"))
		return;
	for (size_t i = 0; i < count->function_count; i++)
		if (strncmp(count->functions[i], part->name, length) == 0 && count->functions[i][length] == '\0')
			add_target(count, (struct target){part->low, part->low, i, whole ? FUNCTION : CLONE});
}

/* A word that code calls by, or one in a table, of which it is not known who calls by it. */
static void note_word(struct count *count, uint64_t at, uint64_t holds)
{
	const struct target *function = target_at(count, holds);
	const struct hg_part *part;

	if (!function || function->kind != FUNCTION)
		return;
	part = hg_part_at(count->read->sides.parts, count->read->sides.count, at);
	if (!part)
		add_target(count, (struct target){at, holds, function->function, WORD});
	else if (part->side != HG_SIDE_LIBRARY)
		count->reached[function->function].left++;
}

/* Where an object lies at a fixed place, the linker has filled the words itself. */
static void note_filled_words(struct count *count, const struct hg_elf_file *file)
{
	GElf_Shdr header;

	for (Elf_Scn *section = elf_nextscn(file->elf, NULL); section; section = elf_nextscn(file->elf, section)) {
		const Elf_Data *data =
		    gelf_getshdr(section, &header) && header.sh_type == SHT_PROGBITS && header.sh_flags & SHF_WRITE
		        ? elf_getdata(section, NULL)
		        : NULL;
		for (size_t i = 0; data && data->d_buf && i + sizeof(uint64_t) <= data->d_size; i += sizeof(uint64_t)) {
			uint64_t word;
			memcpy(&word, (const char *)data->d_buf + i, sizeof(word));
			note_word(count, header.sh_addr + i, word);
		}
	}
}

static void list_targets(struct count *count, const struct hg_elf_file *file)
{
	const struct hg_elf_sides *read = count->read;

	for (size_t i = 0; i < read->sides.count; i++)
		add_part(count, &read->sides.parts[i]);
	sort_targets(count);
	size_t functions = count->target_count;
	for (size_t i = 0; i < read->relocation_count; i++)
		note_word(count, read->relocations[i].r_offset, (uint64_t)read->relocations[i].r_addend);
	if (read->code.fixed)
		note_filled_words(count, file);
	if (count->target_count > functions)
		sort_targets(count);
}

/* ---- What refers to it ---- */

static bool is_target(void *of, uint64_t address)
{
	return target_at(of, address) != NULL;
}

/* As the process decides it. */
static bool is_led(const struct count *count, const struct target *target)
{
	const struct hg_sides *sides = &count->read->sides;

	return count->part->side == HG_SIDE_BINDING &&
	       !hg_compiled_with(count->part, hg_part_at(sides->parts, sides->count, target->code));
}

static void note_reference(uint64_t address, void *argument)
{
	struct count *count = argument;
	const struct target *target = target_at(count, address);
	struct hg_elf_reached *reached = target ? &count->reached[target->function] : NULL;

	if (!reached)
		return;
	if (target->kind == CLONE)
		reached->clones++;
	else if (is_led(count, target))
		reached->led++;
	else
		reached->left++;
}

/* Everything that is a target is what code is searched for. */
static void search(struct count *count)
{
	struct hg_elf_sides *read = count->read;
	uint64_t low = count->targets[0].at;

	hg_unreached_begin(count->known, low, count->targets[count->target_count - 1].at + 1 - low);
	for (size_t i = 0; i < count->target_count; i++)
		hg_unreached_note(count->known, count->targets[i].at, count->targets[i].at);
	for (size_t i = 0; i < read->sides.count; i++) {
		const struct hg_part *part = &read->sides.parts[i];
		count->part = part;
		if (part->flags & HG_PART_CODE && part->side != HG_SIDE_LIBRARY)
			hg_references_each(&read->code, part->low, part->high, count->known, note_reference, count);
	}
}

void hg_elf_count_reached(const struct hg_elf_file *file, struct hg_elf_sides *read, const char *const *functions,
                          size_t count, struct hg_elf_reached *reached)
{
	struct count all = {.read = read, .functions = functions, .function_count = count, .reached = reached};

	for (size_t i = 0; i < count; i++)
		reached[i] = (struct hg_elf_reached){.inlined = HG_INLINED_UNKNOWN, .nearly = read->sides.approximate};
	list_targets(&all, file);
	if (all.target_count > 0) {
		all.known = hg_allocate(1, sizeof(*all.known));
		all.known->is = is_target;
		all.known->of = &all;
		search(&all);
		free(all.known);
	}
	free(all.targets);
	hg_elf_count_inlined(file, read, functions, count, reached);
}
