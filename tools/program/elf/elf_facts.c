#include "program/elf/elf_facts.h"

#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "format/image.h"
#include "program/elf/links.h"

static void read_interpreter(Elf *elf, struct hg_elf_facts *facts)
{
	size_t count = 0, size = 0;
	const char *bytes = elf_rawfile(elf, &size);
	GElf_Phdr header;

	if (!bytes || elf_getphdrnum(elf, &count) != 0)
		return;
	for (size_t i = 0; i < count; i++) {
		if (!gelf_getphdr(elf, (int)i, &header) || header.p_type != PT_INTERP)
			continue;
		if (header.p_offset > size || header.p_filesz > size - header.p_offset)
			continue;
		snprintf(facts->interpreter, sizeof(facts->interpreter), "%.*s", (int)header.p_filesz,
		         bytes + header.p_offset);
	}
}

static void read_entries(Elf *elf, Elf_Scn *section, const GElf_Shdr *header, struct hg_elf_facts *facts)
{
	Elf_Data *data = elf_getdata(section, NULL);
	GElf_Dyn entry;

	for (int i = 0; data && gelf_getdyn(data, i, &entry); i++) {
		if (entry.d_tag == DT_FLAGS_1 && entry.d_un.d_val & DF_1_PIE)
			facts->is_library = false;
		if (entry.d_tag != DT_NEEDED && entry.d_tag != DT_RUNPATH)
			continue;
		const char *text = elf_strptr(elf, header->sh_link, entry.d_un.d_val);
		if (text && entry.d_tag == DT_RUNPATH)
			snprintf(facts->runpath, sizeof(facts->runpath), "%s", text);
		else if (text && strcmp(text, HG_RUNTIME_SONAME) == 0)
			facts->needs_runtime = true;
	}
}

static void read_dynamic(Elf *elf, struct hg_elf_facts *facts)
{
	GElf_Shdr header;

	for (Elf_Scn *section = elf_nextscn(elf, NULL); section; section = elf_nextscn(elf, section))
		if (gelf_getshdr(section, &header) && header.sh_type == SHT_DYNAMIC)
			read_entries(elf, section, &header, facts);
}

bool hg_elf_facts_read(const char *path, struct hg_elf_facts *facts)
{
	GElf_Ehdr header;

	memset(facts, 0, sizeof(*facts));
	/* Not waiting: somebody may have named a pipe. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return false;
	elf_version(EV_CURRENT);
	Elf *elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	facts->is_elf = elf && elf_kind(elf) == ELF_K_ELF && gelf_getehdr(elf, &header);
	if (facts->is_elf) {
		facts->elf_class = gelf_getclass(elf);
		facts->machine = header.e_machine;
		read_interpreter(elf, facts);
		facts->is_library = header.e_type == ET_DYN && !facts->interpreter[0];
		read_dynamic(elf, facts);
		facts->guards_inside = hg_links_inside(elf);
	}
	elf_end(elf);
	close(fd);
	return true;
}
