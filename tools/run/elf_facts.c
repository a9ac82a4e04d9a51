#include "run/elf_facts.h"

#include "format/image.h"

#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

static bool entry_needs_runtime(Elf *elf, Elf_Scn *section, const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(section, NULL);
	GElf_Dyn entry;

	for (int i = 0; data && gelf_getdyn(data, i, &entry); i++) {
		const char *name = entry.d_tag == DT_NEEDED ? elf_strptr(elf, header->sh_link, entry.d_un.d_val) : NULL;
		if (name && strcmp(name, HG_RUNTIME_SONAME) == 0)
			return true;
	}
	return false;
}

static bool needs_runtime(Elf *elf)
{
	GElf_Shdr header;

	for (Elf_Scn *section = elf_nextscn(elf, NULL); section; section = elf_nextscn(elf, section))
		if (gelf_getshdr(section, &header) && header.sh_type == SHT_DYNAMIC)
			return entry_needs_runtime(elf, section, &header);
	return false;
}

bool hg_elf_facts_read(const char *path, struct hg_elf_facts *facts)
{
	GElf_Ehdr header;

	memset(facts, 0, sizeof(*facts));
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	elf_version(EV_CURRENT);
	Elf *elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	facts->is_elf = elf && elf_kind(elf) == ELF_K_ELF && gelf_getehdr(elf, &header);
	if (facts->is_elf) {
		facts->elf_class = gelf_getclass(elf);
		facts->machine = header.e_machine;
		read_interpreter(elf, facts);
		facts->needs_runtime = needs_runtime(elf);
	}
	elf_end(elf);
	close(fd);
	return true;
}
