#include "manifest/object.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "manifest/elf_machine.h"

#define BUILD_ID_SIZE 16
#define NOTE_HEADER   16 /* three words and "GNU" */

void *hg_section_allocate(struct hg_object *object, enum hg_section_index index, size_t size)
{
	struct hg_section *section = &object->sections[index];

	section->data = hg_allocate(1, size);
	section->size = size;
	return section->data;
}

/* The section takes the texts over. */
static void take_texts(struct hg_object *object, enum hg_section_index index, struct hg_texts *texts)
{
	object->sections[index].data = texts->bytes;
	object->sections[index].size = texts->size;
}

static uint8_t *note(struct hg_object *object, enum hg_section_index index, uint32_t type, uint32_t size)
{
	uint8_t *bytes = hg_section_allocate(object, index, NOTE_HEADER + size);

	memcpy(bytes, (uint32_t[]){4, size, type}, 12);
	memcpy(bytes + 12, "GNU", 4);
	return bytes + NOTE_HEADER;
}

static void build_notes(struct hg_object *object)
{
	const struct hg_machine *machine = object->machine;
	uint32_t property[4] = {machine->property_type, sizeof(uint32_t), machine->property_bits, 0};

	memcpy(note(object, HG_SECTION_PROPERTY, NT_GNU_PROPERTY_TYPE_0, sizeof(property)), property, sizeof(property));
	note(object, HG_SECTION_BUILD_ID, NT_GNU_BUILD_ID, BUILD_ID_SIZE);
}

uint64_t hg_forward_offset(const struct hg_object *object, unsigned forward)
{
	uint64_t mask = object->machine->alignment - 1;

	return object->forwards_offset + forward * ((object->machine->forward_size + mask) & ~mask);
}

/* Stubs in the order of the slots, then what an object has once. */
static void build_code(struct hg_object *object)
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

static void name_dependencies(struct hg_object *object, const char *runtime_directory, struct hg_texts *dynstr)
{
	char *soname = hg_format("handleguard-%s.so", HG_IMAGE_TEXT(object->image, object->image->name));
	char *runpath = hg_format("%s%s$ORIGIN", runtime_directory, *runtime_directory ? ":" : "");

	object->needed = hg_texts_add(dynstr, HG_RUNTIME_SONAME);
	object->soname = hg_texts_add(dynstr, soname);
	object->runpath = hg_texts_add(dynstr, runpath);
	free(soname);
	free(runpath);
}

/* The last forward is for quarantines only. */
static void count_forwards(struct hg_object *object)
{
	const struct hg_image *image = object->image;
	const struct hg_image_class *classes = HG_IMAGE_AT(image, image->classes, const struct hg_image_class);

	object->forward_count = HG_FORWARD_COUNT - 1;
	for (uint32_t i = 0; i < image->class_count; i++)
		if (classes[i].flags & HG_CLASS_QUARANTINE)
			object->forward_count = HG_FORWARD_COUNT;
	object->import_count = HG_IMPORT_FORWARDS + object->forward_count;
}

/* Every section with its size; what it holds as far as no address is needed. */
static void build(struct hg_object *object, const char *runtime_directory)
{
	struct hg_texts dynstr = {0}, strtab = {0}, shstrtab = {0};

	count_forwards(object);
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
static void identify(struct hg_object *object)
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

static void compose(struct hg_object *object, const char *runtime_directory)
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

static void release(struct hg_object *object)
{
	for (unsigned i = 0; i < HG_SECTION_COUNT; i++)
		free(object->sections[i].data);
	free(object->exports);
}

/* Over a limit of the user's, to be told instead of killed. */
static const char *emit(const struct hg_object *object, int fd)
{
	void (*kept)(int) = signal(SIGXFSZ, SIG_IGN);
	const char *problem = hg_object_emit(object, fd);

	signal(SIGXFSZ, kept);
	return problem;
}

static mode_t object_mode(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0755 & ~mask;
}

/* To a file beside, which then takes the name: nobody ever loads half an object. */
static const char *store(const struct hg_object *object, const char *path, char *temporary)
{
	int fd = mkostemp(temporary, O_CLOEXEC);
	const char *problem;

	if (fd < 0)
		return strerror(errno);
	problem = emit(object, fd);
	if (!problem && fchmod(fd, object_mode()) < 0)
		problem = strerror(errno);
	if (close(fd) < 0 && !problem)
		problem = strerror(errno);
	if (!problem && rename(temporary, path) < 0)
		problem = strerror(errno);
	if (problem)
		unlink(temporary);
	return problem;
}

int hg_object_write(const struct hg_image *image, const char *runtime_directory, const char *path, FILE *errors)
{
	struct hg_object object = {.image = image, .machine = hg_machine_find(image->machine)};
	const char *problem;

	if (!object.machine || strpbrk(runtime_directory, ":;")) {
		fprintf(errors,
		        object.machine ? "%s: the runtime's folder '%s' has a colon or semicolon in its name, "
		                         "which a library search path cannot express\n"
		                       : "%s: no preload objects for this machine, only for x86_64 and aarch64\n",
		        path, runtime_directory);
		return -1;
	}
	char *temporary = hg_format("%s.XXXXXX", path);
	compose(&object, runtime_directory);
	problem = store(&object, path, temporary);
	if (problem)
		fprintf(errors, "%s: cannot write the preload object: %s\n", path, problem);
	release(&object);
	free(temporary);
	return problem ? -1 : 0;
}

static bool same_contents(int one, int other)
{
	char here[4096], there[sizeof(here)];
	ssize_t length;

	if (lseek(one, 0, SEEK_SET) != 0)
		return false;
	do {
		length = read(one, here, sizeof(here));
		if (length < 0 || read(other, there, sizeof(there)) != length)
			return false;
		if (memcmp(here, there, (size_t)length) != 0)
			return false;
	} while (length > 0);
	return true;
}

/* Into memory, for the disk may be full. */
static bool is_as_composed(struct hg_object *object, const char *runtime_directory, int fd)
{
	int memory = memfd_create("handleguard", MFD_CLOEXEC);
	bool same;

	if (memory < 0)
		return false;
	compose(object, runtime_directory);
	same = !emit(object, memory) && same_contents(memory, fd);
	release(object);
	close(memory);
	return same;
}

bool hg_object_is(const struct hg_image *image, const char *runtime_directory, const char *path)
{
	struct hg_object object = {.image = image, .machine = hg_machine_find(image->machine)};
	int fd = object.machine ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
	bool same = fd >= 0 && is_as_composed(&object, runtime_directory, fd);

	if (fd >= 0)
		close(fd);
	return same;
}
