/* The sections and segments of a preload object: what each is, where it lies, and how libelf writes them. */
#include <gelf.h>
#include <string.h>

#include "manifest/object/object.h"

/* Of the x86-64 and Arm ABIs; the C library has had the number since 2.32. */
#ifndef PT_GNU_PROPERTY
#define PT_GNU_PROPERTY 0x6474e553
#endif

/* A segment's first section begins a page of its own. */
enum placing { FOLLOWS, STARTS_PAGE };

static const struct {
	const char *name;
	uint32_t type;
	uint64_t flags;
	uint64_t alignment;
	uint64_t entry_size;
	uint32_t link;
	Elf_Type contents;
	enum placing placing;
} kinds[HG_SECTION_COUNT] = {
    [HG_SECTION_PROPERTY] = {".note.gnu.property", SHT_NOTE, SHF_ALLOC, 8, 0, 0, ELF_T_BYTE, FOLLOWS},
    [HG_SECTION_BUILD_ID] = {".note.gnu.build-id", SHT_NOTE, SHF_ALLOC, 4, 0, 0, ELF_T_BYTE, FOLLOWS},
    [HG_SECTION_HASH] = {".hash", SHT_HASH, SHF_ALLOC, 8, 4, HG_SECTION_DYNSYM, ELF_T_WORD, FOLLOWS},
    [HG_SECTION_GNU_HASH] = {".gnu.hash", SHT_GNU_HASH, SHF_ALLOC, 8, 0, HG_SECTION_DYNSYM, ELF_T_GNUHASH, FOLLOWS},
    [HG_SECTION_DYNSYM] = {".dynsym", SHT_DYNSYM, SHF_ALLOC, 8, sizeof(Elf64_Sym), HG_SECTION_DYNSTR, ELF_T_SYM,
                           FOLLOWS},
    [HG_SECTION_DYNSTR] = {".dynstr", SHT_STRTAB, SHF_ALLOC, 1, 0, 0, ELF_T_BYTE, FOLLOWS},
    [HG_SECTION_RELA] = {".rela.dyn", SHT_RELA, SHF_ALLOC, 8, sizeof(Elf64_Rela), HG_SECTION_DYNSYM, ELF_T_RELA,
                         FOLLOWS},
    [HG_SECTION_EH_FRAME_HDR] = {".eh_frame_hdr", SHT_PROGBITS, SHF_ALLOC, 4, 0, 0, ELF_T_BYTE, FOLLOWS},
    [HG_SECTION_EH_FRAME] = {".eh_frame", SHT_PROGBITS, SHF_ALLOC, 8, 0, 0, ELF_T_BYTE, FOLLOWS},
    [HG_SECTION_TEXT] = {".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, 16, 0, 0, ELF_T_BYTE, STARTS_PAGE},
    [HG_SECTION_INIT_ARRAY] = {".init_array", SHT_INIT_ARRAY, SHF_ALLOC | SHF_WRITE, 8, 8, 0, ELF_T_ADDR, STARTS_PAGE},
    [HG_SECTION_DYNAMIC] = {".dynamic", SHT_DYNAMIC, SHF_ALLOC | SHF_WRITE, 8, sizeof(Elf64_Dyn), HG_SECTION_DYNSTR,
                            ELF_T_DYN, FOLLOWS},
    [HG_SECTION_GOT] = {".got", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, 8, 8, 0, ELF_T_ADDR, FOLLOWS},
    [HG_SECTION_DATA] = {".data", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, 64, 0, 0, ELF_T_BYTE, STARTS_PAGE},
    [HG_SECTION_SYMTAB] = {".symtab", SHT_SYMTAB, 0, 8, sizeof(Elf64_Sym), HG_SECTION_STRTAB, ELF_T_SYM, FOLLOWS},
    [HG_SECTION_STRTAB] = {".strtab", SHT_STRTAB, 0, 1, 0, 0, ELF_T_BYTE, FOLLOWS},
    [HG_SECTION_SHSTRTAB] = {".shstrtab", SHT_STRTAB, 0, 1, 0, 0, ELF_T_BYTE, FOLLOWS},
};

/* What is mapped, and what the dynamic linker, debuggers and the kernel want to find without sections. Everything from
 * .init_array up to .data is read-only once relocated. */
static const struct {
	uint32_t type, flags;
	enum hg_section_index first, last;
	uint64_t alignment; /* 0: a page */
} segments[] = {
    {PT_LOAD, PF_R, HG_SECTION_NULL, HG_SECTION_EH_FRAME, 0},
    {PT_LOAD, PF_R | PF_X, HG_SECTION_TEXT, HG_SECTION_TEXT, 0},
    {PT_LOAD, PF_R | PF_W, HG_SECTION_INIT_ARRAY, HG_SECTION_DATA, 0},
    {PT_DYNAMIC, PF_R | PF_W, HG_SECTION_DYNAMIC, HG_SECTION_DYNAMIC, 8},
    {PT_NOTE, PF_R, HG_SECTION_PROPERTY, HG_SECTION_PROPERTY, 8},
    {PT_NOTE, PF_R, HG_SECTION_BUILD_ID, HG_SECTION_BUILD_ID, 4},
    {PT_GNU_PROPERTY, PF_R, HG_SECTION_PROPERTY, HG_SECTION_PROPERTY, 8},
    {PT_GNU_EH_FRAME, PF_R, HG_SECTION_EH_FRAME_HDR, HG_SECTION_EH_FRAME_HDR, 4},
    {PT_GNU_STACK, PF_R | PF_W, HG_SECTION_NULL, HG_SECTION_NULL, 16},
    {PT_GNU_RELRO, PF_R, HG_SECTION_INIT_ARRAY, HG_SECTION_GOT, 1},
};
#define SEGMENTS (sizeof(segments) / sizeof(*segments))

void *hg_section_allocate(struct hg_preload_object *object, enum hg_section_index index, size_t size)
{
	struct hg_section *section = &object->sections[index];

	section->data = hg_allocate(1, size);
	section->size = size;
	return section->data;
}

uint64_t hg_forward_offset(const struct hg_preload_object *object, unsigned forward)
{
	uint64_t mask = object->machine->alignment - 1;

	return object->forwards_offset + forward * ((object->machine->forward_size + mask) & ~mask);
}

static uint64_t round_up(uint64_t value, uint64_t alignment)
{
	return (value + alignment - 1) & ~(alignment - 1);
}

void hg_sections_place(struct hg_preload_object *object)
{
	uint64_t at = sizeof(Elf64_Ehdr) + SEGMENTS * sizeof(Elf64_Phdr);

	for (unsigned i = HG_SECTION_NULL + 1; i < HG_SECTION_COUNT; i++) {
		uint64_t alignment = kinds[i].placing == STARTS_PAGE ? object->machine->page_size : kinds[i].alignment;
		at = round_up(at, alignment);
		object->sections[i].address = at;
		at += object->sections[i].size;
	}
}

void hg_sections_name(struct hg_preload_object *object, struct hg_texts *shstrtab)
{
	for (unsigned i = HG_SECTION_NULL + 1; i < HG_SECTION_COUNT; i++)
		object->sections[i].name = hg_texts_add(shstrtab, kinds[i].name);
}

static int emit_header(const struct hg_preload_object *object, Elf *elf)
{
	const struct hg_section *last = &object->sections[HG_SECTION_COUNT - 1];
	Elf64_Ehdr *header = elf64_newehdr(elf);

	if (!header)
		return -1;
	header->e_ident[EI_DATA] = ELFDATA2LSB;
	header->e_ident[EI_OSABI] = ELFOSABI_NONE;
	header->e_type = ET_DYN;
	header->e_machine = object->machine->elf_machine;
	header->e_version = EV_CURRENT;
	header->e_shstrndx = HG_SECTION_SHSTRTAB;
	header->e_phoff = sizeof(*header);
	header->e_shoff = round_up(last->address + last->size, 8);
	return 0;
}

static int emit_section(const struct hg_preload_object *object, unsigned index, Elf *elf)
{
	const struct hg_section *section = &object->sections[index];
	Elf_Scn *scn = elf_newscn(elf);
	Elf_Data *data = scn ? elf_newdata(scn) : NULL;
	Elf64_Shdr *header = scn ? elf64_getshdr(scn) : NULL;

	if (!data || !header)
		return -1;
	*data = (Elf_Data){.d_buf = section->data,
	                   .d_type = kinds[index].contents,
	                   .d_version = EV_CURRENT,
	                   .d_size = section->size,
	                   .d_align = kinds[index].alignment};
	*header = (Elf64_Shdr){.sh_name = section->name,
	                       .sh_type = kinds[index].type,
	                       .sh_flags = kinds[index].flags,
	                       .sh_addr = kinds[index].flags & SHF_ALLOC ? section->address : 0,
	                       .sh_offset = section->address,
	                       .sh_size = section->size,
	                       .sh_link = kinds[index].link,
	                       .sh_info = section->info,
	                       .sh_addralign = kinds[index].alignment,
	                       .sh_entsize = kinds[index].entry_size};
	return 0;
}

static Elf64_Phdr segment(const struct hg_preload_object *object, unsigned index)
{
	const struct hg_section *first = &object->sections[segments[index].first];
	const struct hg_section *last = &object->sections[segments[index].last];
	uint64_t page = object->machine->page_size, alignment = segments[index].alignment;
	uint64_t end = last->address + last->size;

	if (segments[index].type == PT_GNU_RELRO)
		end = round_up(end, page); /* only whole pages can be made read-only */
	return (Elf64_Phdr){.p_type = segments[index].type,
	                    .p_flags = segments[index].flags,
	                    .p_offset = first->address,
	                    .p_vaddr = first->address,
	                    .p_paddr = first->address,
	                    .p_filesz = end - first->address,
	                    .p_memsz = end - first->address,
	                    .p_align = alignment ? alignment : page};
}

static int emit_segments(const struct hg_preload_object *object, Elf *elf)
{
	Elf64_Phdr *headers = elf64_newphdr(elf, SEGMENTS);

	for (unsigned i = 0; headers && i < SEGMENTS; i++)
		headers[i] = segment(object, i);
	return headers ? 0 : -1;
}

static int emit(const struct hg_preload_object *object, Elf *elf)
{
	if (emit_header(object, elf) < 0 || emit_segments(object, elf) < 0)
		return -1;
	elf_flagelf(elf, ELF_C_SET, ELF_F_LAYOUT); /* the places are ours, not libelf's */
	for (unsigned i = HG_SECTION_NULL + 1; i < HG_SECTION_COUNT; i++)
		if (emit_section(object, i, elf) < 0)
			return -1;
	return elf_update(elf, ELF_C_WRITE) < 0 ? -1 : 0;
}

const char *hg_sections_emit(const struct hg_preload_object *object, int fd)
{
	const char *problem = NULL;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_WRITE, NULL);
	if (!elf || emit(object, elf) < 0)
		problem = elf_errmsg(-1);
	elf_end(elf);
	return problem;
}
