/* The parts of a preload object that depend on where its sections lie: code, relocations, the dynamic section. */
#include <string.h>

#include "manifest/object/object.h"

static uint64_t address(const struct hg_preload_object *object, enum hg_section_index index)
{
	return object->sections[index].address;
}

static uint64_t got_word(const struct hg_preload_object *object, enum hg_import import)
{
	return address(object, HG_SECTION_GOT) + HG_GOT_WORD(import);
}

void hg_code_fill(struct hg_preload_object *object)
{
	const struct hg_machine *machine = object->machine;
	const struct hg_image *image = object->image;
	const struct hg_section *text = &object->sections[HG_SECTION_TEXT];
	uint64_t data = address(object, HG_SECTION_DATA), at = text->address;
	uint64_t stride = object->forwards_offset / (image->slot_count ? image->slot_count : 1);
	uint8_t *code = text->data;

	memset(code, machine->padding, text->size);
	for (uint32_t i = 0; i < image->slot_count; i++)
		machine->stub(code + i * stride, at + i * stride, data + image->slots + i * sizeof(struct hg_slot));
	for (unsigned i = 0; i < object->forward_count; i++) {
		uint64_t offset = hg_forward_offset(object, i);
		machine->forward(code + offset, at + offset, data, got_word(object, HG_IMPORT_FORWARDS + i));
	}
	machine->start(code + object->start_offset, at + object->start_offset, data,
	               got_word(object, HG_IMPORT_REGISTER));
	machine->thunk(code + object->thunk_offset);
}

static Elf64_Rela relocation(uint64_t place, unsigned import, uint32_t type, uint64_t addend)
{
	return (Elf64_Rela){place, ELF64_R_INFO((uint64_t)import, type), (int64_t)addend};
}

#define NO_IMPORT         0
#define SYMBOL_OF(import) (1 + (import)) /* after the null symbol */
#define RELATIVE_COUNT    2

size_t hg_relocations_count(const struct hg_preload_object *object)
{
	return RELATIVE_COUNT + object->import_count - HG_IMPORT_REGISTER + object->image->slot_count;
}

/* Relative ones first, as DT_RELACOUNT promises; then those of one symbol side by side, as the dynamic linker remembers
 * the last symbol that it looked up. */
void hg_relocations_fill(struct hg_preload_object *object)
{
	const struct hg_machine *machine = object->machine;
	const struct hg_image *image = object->image;
	uint64_t text = address(object, HG_SECTION_TEXT), data = address(object, HG_SECTION_DATA);
	Elf64_Rela *rela = object->sections[HG_SECTION_RELA].data;

	*rela++ = relocation(address(object, HG_SECTION_INIT_ARRAY), NO_IMPORT, machine->relative,
	                     text + object->start_offset);
	*rela++ = relocation(data + offsetof(struct hg_image, next_call), NO_IMPORT, machine->relative,
	                     text + object->thunk_offset);
	for (unsigned i = HG_IMPORT_REGISTER; i < object->import_count; i++)
		*rela++ = relocation(got_word(object, i), SYMBOL_OF(i), machine->glob_dat, 0);
	for (uint32_t i = 0; i < image->slot_count; i++)
		*rela++ = relocation(data + image->slots + i * sizeof(struct hg_slot) + offsetof(struct hg_slot, entry),
		                     SYMBOL_OF(HG_IMPORT_TRAMPOLINE), machine->absolute, 0);
}

/* The object stays loaded: the runtime keeps addresses of its slots. */
static size_t list_dynamic(const struct hg_preload_object *object, Elf64_Dyn *entries)
{
	const struct hg_section *sections = object->sections;

	const struct {
		int64_t tag;
		uint64_t value;
	} list[] = {
	    {DT_NEEDED, object->needed},
	    {DT_SONAME, object->soname},
	    {DT_RUNPATH, object->runpath},
	    {DT_INIT_ARRAY, sections[HG_SECTION_INIT_ARRAY].address},
	    {DT_INIT_ARRAYSZ, sections[HG_SECTION_INIT_ARRAY].size},
	    {DT_HASH, sections[HG_SECTION_HASH].address},
	    {DT_GNU_HASH, sections[HG_SECTION_GNU_HASH].address},
	    {DT_STRTAB, sections[HG_SECTION_DYNSTR].address},
	    {DT_SYMTAB, sections[HG_SECTION_DYNSYM].address},
	    {DT_STRSZ, sections[HG_SECTION_DYNSTR].size},
	    {DT_SYMENT, sizeof(Elf64_Sym)},
	    {DT_RELA, sections[HG_SECTION_RELA].address},
	    {DT_RELASZ, sections[HG_SECTION_RELA].size},
	    {DT_RELAENT, sizeof(Elf64_Rela)},
	    {DT_RELACOUNT, RELATIVE_COUNT},
	    {DT_FLAGS, DF_BIND_NOW},
	    {DT_FLAGS_1, DF_1_NOW | DF_1_NODELETE},
	    {DT_NULL, 0},
	};
	size_t count = sizeof(list) / sizeof(*list);

	for (size_t i = 0; entries && i < count; i++)
		entries[i] = (Elf64_Dyn){list[i].tag, {list[i].value}};
	return count;
}

size_t hg_dynamic_count(const struct hg_preload_object *object)
{
	return list_dynamic(object, NULL);
}

void hg_dynamic_fill(struct hg_preload_object *object)
{
	list_dynamic(object, object->sections[HG_SECTION_DYNAMIC].data);
}
