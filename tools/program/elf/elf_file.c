#include "program/elf/elf_file.h"

#include <fcntl.h>
#include <fnmatch.h>
#include <gelf.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/files.h"
#include "format/image.h"

#define PRELOAD_PREFIX "handleguard-" /* of the soname of preload objects */

/* The first section of this type; null: none. */
static Elf_Scn *section_of(Elf *elf, unsigned type, GElf_Shdr *header)
{
	for (Elf_Scn *section = elf_nextscn(elf, NULL); section; section = elf_nextscn(elf, section))
		if (gelf_getshdr(section, header) && header->sh_type == type)
			return section;
	return NULL;
}

static bool begins(const char *text, const char *prefix)
{
	return text && strncmp(text, prefix, strlen(prefix)) == 0;
}

static void read_dynamic(struct hg_elf_file *file)
{
	GElf_Shdr header;
	GElf_Dyn entry;
	Elf_Scn *section = section_of(file->elf, SHT_DYNAMIC, &header);
	Elf_Data *data = section ? elf_getdata(section, NULL) : NULL;
	bool needs_runtime = false;

	for (int i = 0; data && gelf_getdyn(data, i, &entry) && entry.d_tag != DT_NULL; i++) {
		if (entry.d_tag == DT_SYMBOLIC || (entry.d_tag == DT_FLAGS && (entry.d_un.d_val & DF_SYMBOLIC)))
			file->symbolic = true;
		else if (entry.d_tag == DT_NEEDED)
			needs_runtime |=
			    begins(elf_strptr(file->elf, header.sh_link, entry.d_un.d_val), HG_RUNTIME_SONAME);
		else if (entry.d_tag == DT_SONAME)
			file->soname = elf_strptr(file->elf, header.sh_link, entry.d_un.d_val);
	}
	file->preload = needs_runtime && begins(file->soname, PRELOAD_PREFIX);
}

static void read_sections(struct hg_elf_file *file)
{
	GElf_Shdr header;
	size_t names = 0;

	file->stripped =
	    !section_of(file->elf, SHT_SYMTAB, &header) && !hg_elf_separate_open(&file->separate, file->elf);
	if (elf_getshdrstrndx(file->elf, &names) != 0)
		return;
	for (Elf_Scn *section = elf_nextscn(file->elf, NULL); section; section = elf_nextscn(file->elf, section)) {
		const char *name = gelf_getshdr(section, &header) ? elf_strptr(file->elf, names, header.sh_name) : NULL;
		file->go |= name && strcmp(name, ".go.buildinfo") == 0;
	}
}

bool hg_elf_file_open(struct hg_elf_file *file, const char *path)
{
	memset(file, 0, sizeof(*file));
	/* Not waiting: somebody may have put a pipe there. */
	file->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (file->fd < 0)
		return false;
	elf_version(EV_CURRENT);
	file->elf = elf_begin(file->fd, ELF_C_READ_MMAP, NULL);
	if (!file->elf || elf_kind(file->elf) != ELF_K_ELF || gelf_getclass(file->elf) != ELFCLASS64) {
		hg_elf_file_close(file);
		return false;
	}
	read_dynamic(file);
	read_sections(file);
	return true;
}

void hg_elf_file_close(struct hg_elf_file *file)
{
	hg_elf_separate_close(&file->separate);
	elf_end(file->elf);
	close(file->fd);
}

static bool is_function(const GElf_Sym *symbol)
{
	unsigned type = GELF_ST_TYPE(symbol->st_info);

	return type == STT_FUNC || type == STT_GNU_IFUNC;
}

static bool is_offered(const GElf_Sym *symbol)
{
	unsigned visibility = GELF_ST_VISIBILITY(symbol->st_other);

	return GELF_ST_BIND(symbol->st_info) != STB_LOCAL && visibility != STV_HIDDEN && visibility != STV_INTERNAL;
}

static void visit_table(const struct hg_elf_file *file, unsigned type, hg_elf_visit *visit, void *context)
{
	GElf_Shdr header;
	GElf_Sym symbol;
	Elf *elf = type == SHT_SYMTAB && file->separate.elf ? file->separate.elf : file->elf;
	Elf_Scn *section = section_of(elf, type, &header);
	Elf_Data *data = section ? elf_getdata(section, NULL) : NULL;

	for (int i = 1; data && gelf_getsym(data, i, &symbol); i++) {
		const char *name = elf_strptr(elf, header.sh_link, symbol.st_name);
		bool defined = symbol.st_shndx != SHN_UNDEF;
		if (!name || !name[0])
			continue;
		if (type == SHT_SYMTAB) {
			if (defined && is_function(&symbol))
				visit(context, name, HG_PLACE_INSIDE);
		} else if (!defined)
			visit(context, name, HG_PLACE_WANTED);
		else if (is_function(&symbol) && is_offered(&symbol))
			visit(context, name, HG_PLACE_EXPORTED);
	}
}

void hg_elf_file_symbols(const struct hg_elf_file *file, hg_elf_visit *visit, void *context)
{
	visit_table(file, SHT_DYNSYM, visit, context);
	visit_table(file, SHT_SYMTAB, visit, context);
}

void hg_elf_file_dynamic_symbols(const struct hg_elf_file *file, hg_elf_visit *visit, void *context)
{
	visit_table(file, SHT_DYNSYM, visit, context);
}

bool hg_elf_file_is_meant(const struct hg_elf_file *file, const char *path, const char *patterns)
{
	const char *name = file->soname ? file->soname : hg_base_name(path);
	char pattern[256];
	size_t length;

	for (const char *at = patterns; *at; at += length + (at[length] == ' ')) {
		length = strcspn(at, " ");
		snprintf(pattern, sizeof(pattern), "%.*s", (int)length, at);
		if (fnmatch(pattern, name, 0) == 0)
			return true;
	}
	return patterns[0] == '\0';
}
