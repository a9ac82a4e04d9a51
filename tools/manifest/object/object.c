#include "manifest/object/object.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "manifest/object/elf_machine.h"

#define BUILD_ID_SIZE 16
#define NOTE_HEADER   16 /* three words and "GNU" */

/* The section takes the texts over. */
static void take_texts(struct hg_preload_object *object, enum hg_section_index index, struct hg_texts *texts)
{
	object->sections[index].data = texts->bytes;
	object->sections[index].size = texts->size;
}

static uint8_t *note(struct hg_preload_object *object, enum hg_section_index index, uint32_t type, uint32_t size)
{
	uint8_t *bytes = hg_section_allocate(object, index, NOTE_HEADER + size);

	memcpy(bytes, (uint32_t[]){4, size, type}, 12);
	memcpy(bytes + 12, "GNU", 4);
	return bytes + NOTE_HEADER;
}

static void build_notes(struct hg_preload_object *object)
{
	const struct hg_machine *machine = object->machine;
	uint32_t property[4] = {machine->property_type, sizeof(uint32_t), machine->property_bits, 0};

	memcpy(note(object, HG_SECTION_PROPERTY, NT_GNU_PROPERTY_TYPE_0, sizeof(property)), property, sizeof(property));
	note(object, HG_SECTION_BUILD_ID, NT_GNU_BUILD_ID, BUILD_ID_SIZE);
}

/* Stubs in the order of the slots, then what an object has once. */
static void build_code(struct hg_preload_object *object)
{
	const struct hg_machine *machine = object->machine;
	uint64_t mask = machine->alignment - 1, at = 0;

	at += object->image->slot_count * ((machine->stub_size + mask) & ~mask);
	object->forwards_offset = at;
	at = hg_forward_offset(object, object->forward_count);
	object->start_offset = at;
	at += (machine->start_size + mask) & ~mask;
	object->thunk_offset = at;
	at += (machine->thunk_size + mask) & ~mask;
	hg_section_allocate(object, HG_SECTION_TEXT, at);
}

static void name_dependencies(struct hg_preload_object *object, const char *runtime_directory, struct hg_texts *dynstr)
{
	char *soname = hg_format("handleguard-%s.so", HG_IMAGE_TEXT(object->image, object->image->name));
	char *runpath = hg_format("%s%s$ORIGIN", runtime_directory, *runtime_directory ? ":" : "");

	object->needed = hg_texts_add(dynstr, HG_RUNTIME_SONAME);
	object->soname = hg_texts_add(dynstr, soname);
	object->runpath = hg_texts_add(dynstr, runpath);
	free(soname);
	free(runpath);
}

static bool is_wanted(const struct hg_image *image, const struct hg_forward *forward)
{
	const struct hg_image_class *classes = HG_IMAGE_AT(image, image->classes, const struct hg_image_class);
	bool wanted = !forward->wanted;

	for (uint32_t i = 0; i < image->class_count; i++)
		wanted |= (classes[i].flags & forward->wanted) != 0;
	return wanted;
}

static void choose_forwards(struct hg_preload_object *object)
{
	for (unsigned i = 0; i < HG_FORWARD_COUNT; i++)
		if (is_wanted(object->image, &hg_forwards[i]))
			object->forwards[object->forward_count++] = &hg_forwards[i];
	object->import_count = HG_IMPORT_FORWARDS + object->forward_count;
}

/* Every section with its size; what it holds as far as no address is needed. */
static void build(struct hg_preload_object *object, const char *runtime_directory)
{
	struct hg_texts dynstr = {0}, strtab = {0}, shstrtab = {0};

	choose_forwards(object);
	build_notes(object);
	build_code(object);
	hg_symbols_build(object, &dynstr, &strtab);
	name_dependencies(object, runtime_directory, &dynstr);
	hg_unwind_allocate(object);
	hg_section_allocate(object, HG_SECTION_RELA, hg_relocations_count(object) * sizeof(Elf64_Rela));
	hg_section_allocate(object, HG_SECTION_INIT_ARRAY, 8);
	hg_section_allocate(object, HG_SECTION_DYNAMIC, hg_dynamic_count(object) * sizeof(Elf64_Dyn));
	hg_section_allocate(object, HG_SECTION_GOT, HG_GOT_WORD(object->import_count));
	memcpy(hg_section_allocate(object, HG_SECTION_DATA, object->image->size), object->image, object->image->size);
	hg_sections_name(object, &shstrtab);
	take_texts(object, HG_SECTION_DYNSTR, &dynstr);
	take_texts(object, HG_SECTION_STRTAB, &strtab);
	take_texts(object, HG_SECTION_SHSTRTAB, &shstrtab);
}

/* The same contents have the same id, whoever builds them and wherever. */
static void identify(struct hg_preload_object *object)
{
	XXH3_state_t *state = XXH3_createState();
	XXH128_canonical_t id = {0};

	if (!state)
		return;
	XXH3_128bits_reset(state);
	for (unsigned i = HG_SECTION_NULL + 1; i < HG_SECTION_COUNT; i++)
		XXH3_128bits_update(state, object->sections[i].data, object->sections[i].size);
	XXH128_canonicalFromHash(&id, XXH3_128bits_digest(state));
	memcpy((char *)object->sections[HG_SECTION_BUILD_ID].data + NOTE_HEADER, &id, sizeof(id));
	XXH3_freeState(state);
}

void hg_object_compose(struct hg_preload_object *object, const char *runtime_directory)
{
	build(object, runtime_directory);
	hg_sections_place(object);
	hg_symbols_place(object);
	hg_unwind_fill(object);
	hg_code_fill(object);
	hg_relocations_fill(object);
	hg_dynamic_fill(object);
	identify(object);
}

void hg_object_release(struct hg_preload_object *object)
{
	for (unsigned i = 0; i < HG_SECTION_COUNT; i++)
		free(object->sections[i].data);
	free(object->exports);
}
