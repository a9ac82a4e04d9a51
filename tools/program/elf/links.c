#include "program/elf/links.h"

#include <gelf.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"
#include "format/links.h"

/* The bytes from an address on, as far as the section goes that it lies in; NULL: in none that the file has. */
static const char *bytes_at(const struct hg_elf_file *file, uint64_t address, size_t *left)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(file->elf, section))) {
		if (!gelf_getshdr(section, &header) || !(header.sh_flags & SHF_ALLOC) || header.sh_type == SHT_NOBITS ||
		    address - header.sh_addr >= header.sh_size)
			continue;
		const Elf_Data *data = elf_getdata(section, NULL);
		uint64_t offset = address - header.sh_addr;
		if (!data || !data->d_buf || offset >= data->d_size)
			return NULL;
		*left = data->d_size - offset;
		return (const char *)data->d_buf + offset;
	}
	return NULL;
}

/* Where the dynamic symbol stands; 0: there is none. */
static uint64_t find_symbol(const struct hg_elf_file *file)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	GElf_Sym symbol;

	while ((section = elf_nextscn(file->elf, section))) {
		if (!gelf_getshdr(section, &header) || header.sh_type != SHT_DYNSYM)
			continue;
		Elf_Data *data = elf_getdata(section, NULL);
		for (int i = 1; data && gelf_getsym(data, i, &symbol); i++) {
			const char *name = elf_strptr(file->elf, header.sh_link, symbol.st_name);
			if (name && symbol.st_shndx != SHN_UNDEF && strcmp(name, HG_LINKS_SYMBOL) == 0)
				return symbol.st_value;
		}
	}
	return 0;
}

/* --- programs that the runtime is inside of --- */

struct inside {
	uint64_t at; /* the note's content */
	struct hg_links_note note;
};

static bool find_note(Elf *elf, struct inside *inside)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	GElf_Nhdr note;
	size_t name, content;

	while ((section = elf_nextscn(elf, section))) {
		if (!gelf_getshdr(section, &header) || header.sh_type != SHT_NOTE)
			continue;
		Elf_Data *data = elf_getdata(section, NULL);
		for (size_t at = 0; data && (at = gelf_getnote(data, at, &note, &name, &content)) > 0;) {
			const char *bytes = data->d_buf;
			if (note.n_namesz != sizeof(HG_LINKS_NOTE_NAME) || note.n_type != HG_LINKS_NOTE_TYPE ||
			    note.n_descsz < sizeof(inside->note) ||
			    memcmp(bytes + name, HG_LINKS_NOTE_NAME, note.n_namesz) != 0)
				continue;
			inside->at = header.sh_addr + content;
			memcpy(&inside->note, bytes + content, sizeof(inside->note));
			return true;
		}
	}
	return false;
}

uint32_t hg_links_inside(Elf *elf)
{
	struct inside inside;

	return find_note(elf, &inside) ? inside.note.version : 0;
}

/* Where the table's head stands. */
static uint64_t find_head(const struct hg_elf_file *file)
{
	struct inside inside;
	uint64_t symbol = find_symbol(file);

	if (symbol || !find_note(file->elf, &inside))
		return symbol;
	return inside.at + offsetof(struct hg_links_note, head);
}

static uint64_t away(uint64_t from, int32_t distance)
{
	return from + (uint64_t)(int64_t)distance;
}

/* --- whether a wrapper is called --- */

struct wrapper {
	uint64_t at;
	struct hg_linked linked;
};

struct wrappers {
	struct wrapper *list;
	size_t count;
	uint64_t low, high;
};

static void note_reference(const struct wrappers *wrappers, uint64_t to)
{
	if (to < wrappers->low || to > wrappers->high)
		return;
	for (size_t i = 0; i < wrappers->count; i++)
		wrappers->list[i].linked.is_called |= wrappers->list[i].at == to;
}

/* Where x86-64 calls, jumps and takes addresses there are four bytes of distance, which count from behind themselves.
 */
static void read_x86_64(const struct wrappers *wrappers, const char *code, size_t size, uint64_t address)
{
	int32_t distance;

	for (size_t i = 0; i + sizeof(distance) <= size; i++) {
		memcpy(&distance, code + i, sizeof(distance));
		note_reference(wrappers, away(address + i + sizeof(distance), distance));
	}
}

/* Arm Architecture Reference Manual, C6.2: b and bl. */
static void read_aarch64(const struct wrappers *wrappers, const char *code, size_t size, uint64_t address)
{
	enum { BRANCH = 0x14000000, OF_BRANCH = 0x7c000000 };
	uint32_t instruction;

	for (size_t i = 0; i + sizeof(instruction) <= size; i += sizeof(instruction)) {
		memcpy(&instruction, code + i, sizeof(instruction));
		if ((instruction & OF_BRANCH) == BRANCH)
			note_reference(wrappers, away(address + i, (int32_t)(instruction << 6) >> 4));
	}
}

/* Pointers in tables, and what the dynamic linker fills words with. */
static void read_words(const struct wrappers *wrappers, const char *data, size_t size)
{
	uint64_t word;

	for (size_t i = 0; i + sizeof(word) <= size; i += sizeof(word)) {
		memcpy(&word, data + i, sizeof(word));
		note_reference(wrappers, word);
	}
}

static void find_references(const struct hg_elf_file *file, const struct wrappers *wrappers)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	GElf_Ehdr machine;
	bool arm = gelf_getehdr(file->elf, &machine) && machine.e_machine == EM_AARCH64;

	while ((section = elf_nextscn(file->elf, section))) {
		if (!gelf_getshdr(section, &header) || !(header.sh_flags & SHF_ALLOC) || header.sh_type == SHT_NOBITS)
			continue;
		const Elf_Data *data = elf_getdata(section, NULL);
		if (!data || !data->d_buf)
			continue;
		if (!(header.sh_flags & SHF_EXECINSTR))
			read_words(wrappers, data->d_buf, data->d_size);
		else
			(arm ? read_aarch64 : read_x86_64)(wrappers, data->d_buf, data->d_size, header.sh_addr);
	}
}

/* --- the table --- */

static void add_link(const struct hg_elf_file *file, uint64_t at, struct wrappers *wrappers)
{
	struct hg_link link;
	size_t left = 0;
	const char *bytes = bytes_at(file, at, &left);

	if (!bytes || left < sizeof(link))
		return;
	memcpy(&link, bytes, sizeof(link));
	const char *name = bytes_at(file, away(at + offsetof(struct hg_link, name), link.name), &left);
	if (!name || !memchr(name, '\0', left))
		return;
	uint64_t wrapper = away(at + offsetof(struct hg_link, wrapper), link.wrapper);
	wrappers->list[wrappers->count++] = (struct wrapper){wrapper, {name, false, link.flags & HG_LINK_PROGRAMS}};
	wrappers->low = wrapper < wrappers->low ? wrapper : wrappers->low;
	wrappers->high = wrapper > wrappers->high ? wrapper : wrappers->high;
}

bool hg_links_each(const struct hg_elf_file *file, hg_links_visit *visit, void *context)
{
	struct hg_links_head head;
	struct wrappers wrappers = {.low = UINT64_MAX};
	size_t left = 0;
	uint64_t at = find_head(file);
	const char *bytes = at ? bytes_at(file, at, &left) : NULL;

	if (!bytes || left < sizeof(head))
		return false;
	memcpy(&head, bytes, sizeof(head));
	uint64_t first = away(at, head.first), end = away(at + offsetof(struct hg_links_head, end), head.end);
	if (!bytes_at(file, first, &left) || end < first || end - first > left)
		return false;
	wrappers.list = hg_allocate((end - first) / sizeof(struct hg_link), sizeof(*wrappers.list));
	for (uint64_t link = first; link < end; link += sizeof(struct hg_link))
		add_link(file, link, &wrappers);
	find_references(file, &wrappers);
	for (size_t i = 0; i < wrappers.count; i++)
		visit(context, &wrappers.list[i].linked);
	free(wrappers.list);
	return true;
}
