/* The preload object for aarch64 as a file: what differs from the one for x86-64. That it works is for the scenarios to
 * show, which run there too. */
#include <check.h>
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "manifest/object/preload_image.h"
#include "manifest/object/preload_object.h"
#include "support.h"

#define MANIFEST                                                                                                       \
	"handleguard: 1\nlibrary: l\nclasses: {c: }\n"                                                                 \
	"functions: {net_open: {create: c}, net_close: {free: {c: 0}}, net_pair: {op: {c: 2}, sret: true}}\n"

static char *folder, *path;
static int fd = -1;
static Elf *elf;

static void build(const char *text)
{
	char *errors;
	struct hg_manifest *manifest = parse_text("net.yaml", text, &errors);

	ck_assert_str_eq(errors, "");
	folder = make_folder();
	path = text_of("%s/net.so", folder);
	struct hg_image *image = hg_manifest_image(manifest, EM_AARCH64);
	ck_assert_int_eq(hg_object_write(image, "", path, stderr), 0);
	free(image);
	hg_manifest_free(manifest);
	free(errors);
	elf_version(EV_CURRENT);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	ck_assert_ptr_nonnull(elf);
}

static void clean_up(void)
{
	elf_end(elf);
	elf = NULL;
	close(fd);
	free(path);
	remove_folder(folder);
}

static Elf_Data *contents(const char *name, GElf_Shdr *header)
{
	size_t names;
	Elf_Scn *scn = NULL;

	elf_getshdrstrndx(elf, &names);
	while ((scn = elf_nextscn(elf, scn)) != NULL)
		if (gelf_getshdr(scn, header) && !strcmp(elf_strptr(elf, names, header->sh_name), name))
			return elf_getdata(scn, NULL);
	ck_abort_msg("no section %s", name);
}

static GElf_Sym symbol(const char *name)
{
	GElf_Shdr header;
	GElf_Sym found;
	Elf_Data *data = contents(".symtab", &header);

	for (int i = 0; gelf_getsym(data, i, &found); i++)
		if (!strcmp(elf_strptr(elf, header.sh_link, found.st_name), name))
			return found;
	ck_abort_msg("no symbol %s", name);
}

static const struct hg_image *image(uint64_t *address)
{
	GElf_Shdr header;
	Elf_Data *data = contents(".data", &header);

	*address = header.sh_addr;
	return data->d_buf;
}

START_TEST(test_header)
{
	GElf_Ehdr header;
	GElf_Phdr segment;
	size_t count;

	build(MANIFEST);
	ck_assert_ptr_nonnull(gelf_getehdr(elf, &header));
	ck_assert_uint_eq(header.e_machine, EM_AARCH64);
	elf_getphdrnum(elf, &count);
	for (size_t i = 0; i < count; i++) {
		gelf_getphdr(elf, (int)i, &segment);
		/* for systems whose pages are of 64 KiB */
		if (segment.p_type == PT_LOAD)
			ck_assert_uint_eq(segment.p_align, 65536);
		ck_assert_uint_eq(segment.p_offset % 65536, segment.p_vaddr % 65536);
		if (segment.p_type == PT_GNU_RELRO)
			ck_assert_uint_eq((segment.p_vaddr + segment.p_memsz) % 65536, 0);
	}
}
END_TEST

START_TEST(test_landing_pads_are_promised)
{
	static const uint32_t words[] = {4, 16, NT_GNU_PROPERTY_TYPE_0, 0x554e47, 0xc0000000, 4, 1, 0};
	GElf_Shdr header;

	build(MANIFEST);
	Elf_Data *note = contents(".note.gnu.property", &header);
	ck_assert_uint_eq(note->d_size, sizeof(words));
	ck_assert_mem_eq(note->d_buf, words, sizeof(words));
}
END_TEST

static uint32_t instruction(uint64_t address)
{
	GElf_Shdr text;
	const Elf_Data *data = contents(".text", &text);
	uint32_t word;

	memcpy(&word, (const char *)data->d_buf + (address - text.sh_addr), sizeof(word));
	return word;
}

/* What an adrp of this register and the instruction behind it, which adds the rest, name. */
static uint64_t page(uint64_t at, unsigned number)
{
	uint32_t adrp = instruction(at);

	ck_assert_uint_eq(adrp & 0x9f00001f, 0x90000000 | number);
	int64_t pages = (int64_t)((uint64_t)(adrp >> 5 & 0x7ffff) << 45) >> 43 | (adrp >> 29 & 3);
	return (at & ~UINT64_C(0xfff)) + (uint64_t)pages * 4096;
}

static uint64_t added(uint64_t at, unsigned number)
{
	uint32_t add = instruction(at + 4);

	ck_assert_uint_eq(add & 0xffc003ff, 0x91000000 | number << 5 | number);
	return page(at, number) + (add >> 10 & 0xfff);
}

static uint64_t loaded_from(uint64_t at)
{
	uint32_t load = instruction(at + 4);

	ck_assert_uint_eq(load & 0xffc003ff, 0xf9400000 | 17 << 5 | 17);
	return page(at, 17) + 8 * (load >> 10 & 0xfff);
}

/* So many that slots and stubs lie on many pages. */
START_TEST(test_each_stub_has_its_slot)
{
	char *text;
	size_t size;
	uint64_t address;
	FILE *stream = open_memstream(&text, &size);

	fputs("handleguard: 1\nlibrary: l\nclasses: {c: }\nfunctions:\n", stream);
	for (int i = 0; i < 500; i++)
		fprintf(stream, "  function_%d: {op: {c: 0}}\n", i);
	fclose(stream);
	build(text);
	const struct hg_image *at = image(&address);
	const struct hg_slot *slots = HG_IMAGE_AT(at, at->slots, const struct hg_slot);
	for (uint32_t i = 0; i < at->slot_count; i++) {
		uint64_t stub = symbol(HG_IMAGE_TEXT(at, slots[i].name)).st_value;
		ck_assert_uint_eq(instruction(stub), 0xd503245f); /* bti c */
		ck_assert_uint_eq(added(stub + 4, 16), address + slots[i].image);
		ck_assert_uint_eq(instruction(stub + 12), 0xf9400211); /* ldr x17, [x16] */
		ck_assert_uint_eq(instruction(stub + 16), 0xd61f0220); /* br x17 */
	}
	free(text);
}
END_TEST

static GElf_Rela relocation(uint64_t place)
{
	GElf_Shdr header;
	GElf_Rela rela;
	Elf_Data *data = contents(".rela.dyn", &header);

	for (int i = 0; gelf_getrela(data, i, &rela); i++)
		if (rela.r_offset == place)
			return rela;
	ck_abort_msg("no relocation at %#lx", (unsigned long)place);
}

START_TEST(test_forwards_and_start)
{
	uint64_t address;
	GElf_Shdr init_array;

	build(MANIFEST);
	image(&address);
	uint64_t forward = symbol("dlsym").st_value, start = symbol("hg_start").st_value;
	ck_assert_uint_eq(instruction(forward), 0xd503245f);
	ck_assert_uint_eq(added(forward + 4, 16), address);
	ck_assert_uint_eq(GELF_R_TYPE(relocation(loaded_from(forward + 12)).r_info), R_AARCH64_GLOB_DAT);
	ck_assert_uint_eq(instruction(forward + 20), 0xd61f0220);
	ck_assert_uint_eq(instruction(start), 0xd503245f);
	ck_assert_uint_eq(added(start + 4, 0), address);
	ck_assert_uint_eq(GELF_R_TYPE(relocation(loaded_from(start + 12)).r_info), R_AARCH64_GLOB_DAT);
	contents(".init_array", &init_array);
	GElf_Rela init = relocation(init_array.sh_addr);
	ck_assert_uint_eq(GELF_R_TYPE(init.r_info), R_AARCH64_RELATIVE);
	ck_assert_uint_eq((uint64_t)init.r_addend, start);
}
END_TEST

START_TEST(test_slots_are_relocated)
{
	uint64_t address;

	build(MANIFEST);
	const struct hg_image *at = image(&address);
	ck_assert_uint_eq(at->machine, EM_AARCH64);
	for (uint32_t i = 0; i < at->slot_count; i++) {
		uint64_t slot = address + at->slots + i * sizeof(struct hg_slot);
		ck_assert_uint_eq(GELF_R_TYPE(relocation(slot).r_info), R_AARCH64_ABS64);
	}
	GElf_Rela thunk = relocation(address + offsetof(struct hg_image, next_call));
	ck_assert_uint_eq(GELF_R_TYPE(thunk.r_info), R_AARCH64_RELATIVE);
	ck_assert_uint_eq((uint64_t)thunk.r_addend, symbol("hg_next_call").st_value);
}
END_TEST

/* The address of a struct to return travels in a register of its own there. */
START_TEST(test_results_in_memory_shift_nothing)
{
	uint64_t address;

	build(MANIFEST);
	const struct hg_image *at = image(&address);
	const struct hg_slot *slot = HG_IMAGE_AT(at, at->slots, const struct hg_slot) + 2;
	ck_assert_str_eq(HG_IMAGE_TEXT(at, slot->name), "net_pair");
	ck_assert_uint_eq(HG_IMAGE_AT(at, at->uses, const struct hg_image_use)[slot->first_use].argument, 2);
}
END_TEST

/* The distance from the stack pointer to the caller's frame, and where the return address is: -1 in its register, else
 * so far below the caller's frame. */
static void check_frame(Dwarf_CFI *cfi, uint64_t address, int64_t distance, int64_t below)
{
	Dwarf_Frame *frame;
	Dwarf_Op *operations, room[3];
	size_t count;

	ck_assert_msg(dwarf_cfi_addrframe(cfi, address, &frame) == 0, "no rule for %#lx", (unsigned long)address);
	ck_assert_int_eq(dwarf_frame_info(frame, NULL, NULL, NULL), 30);
	ck_assert_int_eq(dwarf_frame_cfa(frame, &operations, &count), 0);
	ck_assert_uint_eq(operations[0].atom, DW_OP_bregx);
	ck_assert_uint_eq(operations[0].number, 31);
	ck_assert_int_eq((int64_t)operations[0].number2, distance);
	ck_assert_int_eq(dwarf_frame_register(frame, 30, room, &operations, &count), 0);
	ck_assert_uint_eq(count, below < 0 ? 0 : 2);
	if (count) {
		ck_assert_uint_eq(operations[0].atom, DW_OP_call_frame_cfa);
		ck_assert_int_eq((int64_t)operations[1].number, -below);
	}
	free(frame);
}

START_TEST(test_call_frames)
{
	GElf_Shdr text;

	build(MANIFEST);
	Dwarf_CFI *cfi = dwarf_getcfi_elf(elf);
	ck_assert_ptr_nonnull(cfi);
	contents(".text", &text);
	GElf_Sym thunk = symbol("hg_next_call");
	ck_assert_uint_eq(thunk.st_size, 24);
	for (uint64_t at = text.sh_addr; at < thunk.st_value; at += 4)
		check_frame(cfi, at, 0, -1);
	/* bti, stp | mov, blr, ldp | ret */
	for (unsigned at = 0; at < 24; at += 4) {
		bool framed = at >= 8 && at < 20;
		check_frame(cfi, thunk.st_value + at, framed ? 16 : 0, framed ? 8 : -1);
	}
	dwarf_cfi_end(cfi);
}
END_TEST

START_TEST(test_readers)
{
	int status;

	build(MANIFEST);
	char *output = output_of(&status, "eu-elflint --gnu-ld %s", path);
	ck_assert_str_eq(output, "No errors\n");
	free(output);
	output = output_of(&status, "readelf -aW %s 2>&1 >/dev/null; readelf -wF %s 2>&1 >/dev/null", path, path);
	ck_assert_str_eq(output, "");
	free(output);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("preload object for aarch64");
	TCase *tests = tcase_create("object");
	SRunner *runner = srunner_create(suite);

	suite_add_tcase(suite, tests);
	tcase_add_checked_fixture(tests, NULL, clean_up);
	tcase_add_test(tests, test_header);
	tcase_add_test(tests, test_landing_pads_are_promised);
	tcase_add_test(tests, test_each_stub_has_its_slot);
	tcase_add_test(tests, test_forwards_and_start);
	tcase_add_test(tests, test_slots_are_relocated);
	tcase_add_test(tests, test_results_in_memory_shift_nothing);
	tcase_add_test(tests, test_call_frames);
	tcase_add_test(tests, test_readers);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
