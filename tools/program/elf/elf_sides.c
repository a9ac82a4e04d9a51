#include "program/elf/elf_sides.h"

#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"
#include "sides/names.h"

#if defined(__x86_64__)
enum { RELATIVE = R_X86_64_RELATIVE };
#else
enum { RELATIVE = R_AARCH64_RELATIVE };
#endif

/* ---- The library's interface ---- */

struct interface {
	const char **names; /* sorted */
	size_t count;
	struct hg_words words;
};

static int compare(const void *one, const void *other)
{
	return strcmp(*(const char *const *)one, *(const char *const *)other);
}

static void collect_names(struct interface *interface, const char *const *functions, size_t count)
{
	*interface = (struct interface){.names = hg_allocate(count, sizeof(*functions)), .count = count};
	for (size_t i = 0; i < count; i++) {
		interface->names[i] = functions[i];
		hg_words_add(&interface->words, functions[i]);
	}
	if (count > 0)
		qsort(interface->names, count, sizeof(*interface->names), compare);
}

static bool is_guarded(const char *name, const void *argument)
{
	const struct interface *interface = argument;

	return interface->count > 0 &&
	       bsearch(&name, interface->names, interface->count, sizeof(*interface->names), compare);
}

static bool is_interface(const char *name, const void *argument)
{
	const struct interface *interface = argument;

	return hg_words_has(&interface->words, name) || is_guarded(name, argument);
}

/* ---- The file's tables ---- */

static void take_symbols(Elf *elf, Elf_Scn *section, const GElf_Shdr *header, struct hg_sides_question *question)
{
	Elf_Data *list = elf_getdata(section, NULL);
	Elf_Scn *names = elf_getscn(elf, header->sh_link);
	Elf_Data *texts = names ? elf_getdata(names, NULL) : NULL;
	bool exported = header->sh_type == SHT_DYNSYM, known = question->symbols.count > 0;

	if (!list || !texts || !list->d_buf || !texts->d_buf || texts->d_size == 0 || (known && exported) ||
	    ((const char *)texts->d_buf)[texts->d_size - 1] != '\0')
		return;
	question->symbols =
	    (struct hg_symbols){list->d_buf, list->d_size / sizeof(Elf64_Sym), texts->d_buf, texts->d_size};
	question->exported_only = exported;
}

/* Linkers put the plain ones first. */
static void take_relocations(Elf_Scn *section, struct hg_sides_question *question)
{
	Elf_Data *data = elf_getdata(section, NULL);
	const Elf64_Rela *list = data ? data->d_buf : NULL;
	size_t count = list ? data->d_size / sizeof(*list) : 0, plain = 0;

	while (plain < count && ELF64_R_TYPE(list[plain].r_info) == RELATIVE)
		plain++;
	if (plain <= question->relocation_count)
		return;
	question->relocations = list;
	question->relocation_count = plain;
}

static void take_code(Elf *elf, struct hg_sides_question *question)
{
	size_t count = 0, size = 0;
	const char *bytes = elf_rawfile(elf, &size);
	GElf_Phdr header;
	GElf_Ehdr file;

	if (!bytes || elf_getphdrnum(elf, &count) != 0 || !gelf_getehdr(elf, &file))
		return;
	for (size_t i = 0; i < count; i++) {
		if (!gelf_getphdr(elf, (int)i, &header) || header.p_type != PT_LOAD || !(header.p_flags & PF_X))
			continue;
		if (header.p_offset > size || header.p_filesz > size - header.p_offset)
			continue;
		question->code =
		    (struct hg_bytes){header.p_vaddr, header.p_vaddr + header.p_filesz,
		                      (uint64_t)bytes + header.p_offset - header.p_vaddr, file.e_type == ET_EXEC};
	}
}

static void take_separate(Elf *elf, struct hg_sides_question *question)
{
	GElf_Shdr header;

	for (Elf_Scn *section = elf_nextscn(elf, NULL); section; section = elf_nextscn(elf, section))
		if (gelf_getshdr(section, &header) && header.sh_type == SHT_SYMTAB)
			take_symbols(elf, section, &header, question);
}

static void take_tables(const struct hg_elf_file *file, struct hg_sides_question *question)
{
	Elf *elf = file->elf;
	GElf_Shdr header;

	if (file->separate.elf)
		take_separate(file->separate.elf, question);

	for (Elf_Scn *section = elf_nextscn(elf, NULL); section; section = elf_nextscn(elf, section)) {
		if (!gelf_getshdr(section, &header))
			continue;
		if (header.sh_type == SHT_SYMTAB || header.sh_type == SHT_DYNSYM)
			take_symbols(elf, section, &header, question);
		else if (header.sh_type == SHT_RELA && (header.sh_flags & SHF_ALLOC))
			take_relocations(section, question);
	}
	take_code(elf, question);
}

bool hg_elf_sides_read(struct hg_elf_sides *read, const struct hg_elf_file *file, const char *const *functions,
                       size_t count)
{
	struct interface interface;
	struct hg_sides_question question = {
	    .is_interface = is_interface, .is_guarded = is_guarded, .argument = &interface};

	memset(read, 0, sizeof(*read));
	take_tables(file, &question);
	if (question.symbols.count == 0)
		return false;
	collect_names(&interface, functions, count);
	read->stripped = question.exported_only;
	read->code = question.code;
	read->relocations = question.relocations;
	read->relocation_count = question.relocation_count;
	read->room = hg_allocate(1, hg_sides_room(&question));
	hg_sides_find(&question, read->room, &read->sides);
	free(interface.names);
	if (read->sides.interface > 0)
		return true;
	hg_elf_sides_drop(read);
	return false;
}

void hg_elf_sides_drop(struct hg_elf_sides *read)
{
	free(read->room);
	memset(read, 0, sizeof(*read));
}

void hg_elf_table_functions(const struct hg_elf_file *file, void (*visit)(void *context, const char *function),
                            void *context)
{
	struct hg_sides_question question = {0};
	uint32_t units;

	take_tables(file, &question);
	if (question.symbols.count == 0 || question.exported_only)
		return;
	struct hg_part *parts = hg_allocate(hg_parts_most(&question.symbols), sizeof(*parts));
	size_t count = hg_parts_list(&question.symbols, parts, &units);
	for (size_t i = 0; i < question.relocation_count; i++) {
		uint64_t address = (uint64_t)question.relocations[i].r_addend;
		const struct hg_part *table = hg_part_at(parts, count, question.relocations[i].r_offset);
		const struct hg_part *function = hg_part_at(parts, count, address);
		if (table && !(table->flags & HG_PART_CODE) && function && function->flags & HG_PART_CODE &&
		    function->low == address)
			visit(context, function->name);
	}
	free(parts);
}
