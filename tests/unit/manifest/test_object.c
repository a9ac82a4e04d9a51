/* The preload object as a file: read back with libelf, and shown to the tools that people read objects with. */
#include <check.h>
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "manifest/object/preload_image.h"
#include "manifest/object/preload_object.h"
#include "support.h"

#define MANIFEST                                                                                                       \
	"handleguard: 1\nlibrary: l\nclasses: {c: }\n"                                                                 \
	"functions: {net_open: {create: c}, net_close: {free: {c: 0}}, net_recv: {op: {c: 0}}}\n"

static char *folder, *path;
static int fd = -1;
static Elf *elf;

static void open_object(void)
{
	elf_version(EV_CURRENT);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	ck_assert_ptr_nonnull(elf);
}

static void build(const char *text)
{
	folder = make_folder();
	path = build_object(folder, "net", text);
	open_object();
}

/* A manifest of many functions, to be freed. */
static char *many(int count)
{
	char *text;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	fputs("handleguard: 1\nlibrary: l\nclasses: {c: }\nfunctions:\n", stream);
	for (int i = 0; i < count; i++)
		fprintf(stream, "  function_%d: {op: {c: 0}}\n", i);
	fclose(stream);
	return text;
}

static void clean_up(void)
{
	elf_end(elf);
	elf = NULL;
	if (fd >= 0)
		close(fd);
	free(path);
	path = NULL;
	remove_folder(folder);
}

static Elf_Scn *section(const char *name, GElf_Shdr *header)
{
	size_t names;
	Elf_Scn *scn = NULL;

	elf_getshdrstrndx(elf, &names);
	while ((scn = elf_nextscn(elf, scn)) != NULL)
		if (gelf_getshdr(scn, header) && !strcmp(elf_strptr(elf, names, header->sh_name), name))
			return scn;
	return NULL;
}

static Elf_Data *contents(const char *name, GElf_Shdr *header)
{
	Elf_Scn *scn = section(name, header);

	ck_assert_msg(scn != NULL, "no section %s", name);
	return elf_getdata(scn, NULL);
}

static bool find_symbol(const char *table, const char *name, GElf_Sym *symbol)
{
	GElf_Shdr header;
	Elf_Data *data = contents(table, &header);

	for (int i = 0; gelf_getsym(data, i, symbol); i++)
		if (!strcmp(elf_strptr(elf, header.sh_link, symbol->st_name), name))
			return true;
	return false;
}

/* The image as it lies in the object's data. */
static const struct hg_image *image(uint64_t *address)
{
	GElf_Shdr header;
	Elf_Data *data = contents(".data", &header);

	if (address)
		*address = header.sh_addr;
	return data->d_buf;
}

START_TEST(test_sections)
{
	static const char *const names[] = {".note.gnu.property",
	                                    ".note.gnu.build-id",
	                                    ".hash",
	                                    ".gnu.hash",
	                                    ".dynsym",
	                                    ".dynstr",
	                                    ".rela.dyn",
	                                    ".eh_frame_hdr",
	                                    ".eh_frame",
	                                    ".text",
	                                    ".init_array",
	                                    ".dynamic",
	                                    ".got",
	                                    ".data",
	                                    ".symtab",
	                                    ".strtab",
	                                    ".shstrtab"};
	GElf_Ehdr header;
	GElf_Shdr section_header;

	build(MANIFEST);
	ck_assert_ptr_nonnull(gelf_getehdr(elf, &header));
	ck_assert_uint_eq(header.e_type, ET_DYN);
	ck_assert_uint_eq(header.e_machine, EM_X86_64);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		ck_assert_msg(section(names[i], &section_header) != NULL, "no section %s", names[i]);
	/* without versions, references to any version bind here */
	ck_assert_ptr_null(section(".gnu.version", &section_header));
	ck_assert_ptr_null(section(".gnu.version_d", &section_header));
}
END_TEST

static bool find_segment(uint32_t type, GElf_Phdr *segment)
{
	size_t count;

	elf_getphdrnum(elf, &count);
	for (size_t i = 0; i < count; i++)
		if (gelf_getphdr(elf, (int)i, segment) && segment->p_type == type)
			return true;
	return false;
}

START_TEST(test_segments)
{
	static const uint32_t types[] = {PT_LOAD,         PT_DYNAMIC,   PT_NOTE,     PT_GNU_PROPERTY,
	                                 PT_GNU_EH_FRAME, PT_GNU_STACK, PT_GNU_RELRO};
	GElf_Phdr segment;
	GElf_Shdr got, dynamic, data;
	size_t count;

	build(MANIFEST);
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		ck_assert_msg(find_segment(types[i], &segment), "no segment %#x", types[i]);
	elf_getphdrnum(elf, &count);
	for (size_t i = 0; i < count; i++) {
		gelf_getphdr(elf, (int)i, &segment);
		ck_assert_uint_ne(segment.p_flags & (PF_W | PF_X), PF_W | PF_X);
		ck_assert_uint_eq(segment.p_offset % 4096, segment.p_vaddr % 4096);
	}
	ck_assert(find_segment(PT_GNU_RELRO, &segment));
	contents(".got", &got);
	contents(".dynamic", &dynamic);
	contents(".data", &data);
	ck_assert_uint_le(segment.p_vaddr, dynamic.sh_addr);
	ck_assert_uint_ge(segment.p_vaddr + segment.p_memsz, got.sh_addr + got.sh_size);
	ck_assert_uint_le(segment.p_vaddr + segment.p_memsz, data.sh_addr);
	ck_assert_uint_eq((segment.p_vaddr + segment.p_memsz) % 4096, 0);
	ck_assert_uint_eq(data.sh_addr % 64, 0);
}
END_TEST

/* A function of the C library, whose calls go to the runtime. */
static void expect_forward(const char *name, const char *target)
{
	GElf_Sym symbol;

	ck_assert(find_symbol(".dynsym", name, &symbol));
	ck_assert_uint_eq(symbol.st_info, GELF_ST_INFO(STB_GLOBAL, STT_FUNC));
	ck_assert(find_symbol(".dynsym", target, &symbol));
	ck_assert_uint_eq(symbol.st_shndx, SHN_UNDEF);
}

START_TEST(test_free_is_exported_for_a_quarantine_only)
{
	GElf_Sym symbol;

	build("handleguard: 1\nlibrary: l\nclasses: {a: , b: {quarantine: true}}\nfunctions: {f: {op: {a: 0}}}\n");
	expect_forward("free", "hg_free");
	clean_up();
	build("handleguard: 1\nlibrary: l\nclasses: {b: {quarantine: false}}\nfunctions: {f: {op: {b: 0}}}\n");
	ck_assert(!find_symbol(".dynsym", "free", &symbol));
}
END_TEST

START_TEST(test_registrations_are_taken_for_handlers_at_exit_only)
{
	GElf_Sym symbol;

	build("handleguard: 1\nlibrary: l\nclasses: {a: , b: {at_exit: ends}}\nfunctions: {f: {op: {a: 0}}}\n");
	expect_forward("__cxa_atexit", "hg_cxa_atexit");
	ck_assert(!find_symbol(".dynsym", "free", &symbol));
	ck_assert(!find_symbol(".dynsym", "exit_handler", &symbol));
	clean_up();
	build("handleguard: 1\nlibrary: l\nclasses: {b: {quarantine: true}}\nfunctions: {f: {op: {b: 0}}}\n");
	ck_assert(!find_symbol(".dynsym", "__cxa_atexit", &symbol));
}
END_TEST

START_TEST(test_symbols)
{
	static const char *const exports[] = {
	    "net_open",    "net_close",     "net_recv", "dlsym",   "dlvsym",         "longjmp",    "_longjmp",
	    "siglongjmp",  "__longjmp_chk", "dlopen",   "dlmopen", "dlclose",        "execve",     "execv",
	    "execvp",      "execvpe",       "execl",    "execlp",  "execle",         "fexecve",    "execveat",
	    "posix_spawn", "posix_spawnp",  "system",   "popen",   "pthread_create", "thrd_create"};
	static const char *const imports[] = {
	    "hg_trampoline",     "hg_register_image", "hg_dlsym",       "hg_dlvsym",       "hg_longjmp", "hg__longjmp",
	    "hg_siglongjmp",     "hg___longjmp_chk",  "hg_dlopen",      "hg_dlmopen",      "hg_dlclose", "hg_execve",
	    "hg_execv",          "hg_execvp",         "hg_execvpe",     "hg_execl",        "hg_execlp",  "hg_execle",
	    "hg_fexecve",        "hg_execveat",       "hg_posix_spawn", "hg_posix_spawnp", "hg_system",  "hg_popen",
	    "hg_pthread_create", "hg_thrd_create"};
	GElf_Shdr text;
	GElf_Sym symbol, twin;

	build(MANIFEST);
	size_t text_index = elf_ndxscn(section(".text", &text));
	for (size_t i = 0; i < sizeof(exports) / sizeof(*exports); i++) {
		ck_assert(find_symbol(".dynsym", exports[i], &symbol));
		ck_assert(find_symbol(".symtab", exports[i], &twin));
		ck_assert_uint_eq(symbol.st_info, GELF_ST_INFO(STB_GLOBAL, STT_FUNC));
		ck_assert_uint_eq(symbol.st_other, STV_DEFAULT);
		ck_assert_uint_eq(symbol.st_shndx, text_index);
		ck_assert_uint_eq(symbol.st_value % 16, 0);
		ck_assert_uint_ge(symbol.st_size, 14);
		ck_assert_uint_eq(twin.st_value, symbol.st_value);
		ck_assert_uint_eq(twin.st_size, symbol.st_size);
		ck_assert_uint_eq(twin.st_info, symbol.st_info);
	}
	for (size_t i = 0; i < sizeof(imports) / sizeof(*imports); i++) {
		ck_assert(find_symbol(".dynsym", imports[i], &symbol));
		ck_assert_uint_eq(symbol.st_shndx, SHN_UNDEF);
		ck_assert_uint_eq(GELF_ST_BIND(symbol.st_info), STB_GLOBAL);
	}
	/* Programs that ask for no quarantine shall not pay for one. */
	ck_assert(!find_symbol(".dynsym", "free", &symbol));
	ck_assert(!find_symbol(".dynsym", "hg_free", &symbol));
	uint64_t address;
	uint32_t size = image(&address)->size;
	ck_assert(find_symbol(".symtab", "hg_image", &symbol));
	ck_assert_uint_eq(symbol.st_info, GELF_ST_INFO(STB_LOCAL, STT_OBJECT));
	ck_assert_uint_eq(symbol.st_value, address);
	ck_assert_uint_eq(symbol.st_size, size);
	ck_assert(find_symbol(".symtab", "hg_next_call", &symbol));
	ck_assert_uint_eq(symbol.st_info, GELF_ST_INFO(STB_LOCAL, STT_FUNC));
	ck_assert(!find_symbol(".dynsym", "hg_image", &symbol));
}
END_TEST

/* The address of what a stub's lea loads. */
static uint64_t loaded_address(const GElf_Sym *stub)
{
	GElf_Shdr text;
	const Elf_Data *data = contents(".text", &text);
	const unsigned char *code = (const unsigned char *)data->d_buf + (stub->st_value - text.sh_addr);
	int32_t displacement;

	ck_assert_mem_eq(code, "\xf3\x0f\x1e\xfa\x4c\x8d\x1d", 7);
	ck_assert_mem_eq(code + 11, "\x41\xff\x23", 3);
	memcpy(&displacement, code + 7, 4);
	return stub->st_value + 11 + (uint64_t)(int64_t)displacement;
}

START_TEST(test_each_stub_has_its_slot)
{
	GElf_Sym symbol;
	uint64_t address;
	char *text = many(300);

	build(text);
	const struct hg_image *at = image(&address);
	const struct hg_slot *slots = HG_IMAGE_AT(at, at->slots, const struct hg_slot);
	ck_assert_uint_eq(at->slot_count, 300);
	for (uint32_t i = 0; i < at->slot_count; i++) {
		ck_assert(find_symbol(".dynsym", HG_IMAGE_TEXT(at, slots[i].name), &symbol));
		ck_assert_uint_eq(loaded_address(&symbol), address + slots[i].image);
	}
	free(text);
}
END_TEST

static const char *name_of_symbol(uint64_t index)
{
	GElf_Shdr header;
	GElf_Sym symbol;
	Elf_Data *data = contents(".dynsym", &header);

	ck_assert_ptr_nonnull(gelf_getsym(data, (int)index, &symbol));
	return elf_strptr(elf, header.sh_link, symbol.st_name);
}

/* The relocation of a place; every place has one at most. */
static GElf_Rela relocation(uint64_t place)
{
	GElf_Shdr header;
	GElf_Rela rela, found = {0};
	Elf_Data *data = contents(".rela.dyn", &header);
	int count = 0;

	for (int i = 0; gelf_getrela(data, i, &rela); i++)
		if (rela.r_offset == place) {
			found = rela;
			count++;
		}
	ck_assert_int_eq(count, 1);
	return found;
}

START_TEST(test_relocations)
{
	GElf_Shdr header, got, init_array;
	GElf_Sym thunk, start;
	uint64_t address;

	build(MANIFEST);
	const struct hg_image *at = image(&address);
	Elf_Data *rela = contents(".rela.dyn", &header);
	ck_assert_uint_eq(rela->d_size / sizeof(Elf64_Rela), 2 + 25 + at->slot_count);
	for (uint32_t i = 0; i < at->slot_count; i++) {
		GElf_Rela entry = relocation(address + at->slots + i * sizeof(struct hg_slot));
		ck_assert_uint_eq(GELF_R_TYPE(entry.r_info), R_X86_64_64);
		ck_assert_str_eq(name_of_symbol(GELF_R_SYM(entry.r_info)), "hg_trampoline");
		ck_assert_int_eq(entry.r_addend, 0);
	}
	static const char *const words[] = {
	    "hg_register_image", "hg_dlsym",         "hg_dlvsym",  "hg_longjmp",        "hg__longjmp",
	    "hg_siglongjmp",     "hg___longjmp_chk", "hg_dlopen",  "hg_dlmopen",        "hg_dlclose",
	    "hg_execve",         "hg_execv",         "hg_execvp",  "hg_execvpe",        "hg_execl",
	    "hg_execlp",         "hg_execle",        "hg_fexecve", "hg_execveat",       "hg_posix_spawn",
	    "hg_posix_spawnp",   "hg_system",        "hg_popen",   "hg_pthread_create", "hg_thrd_create"};
	contents(".got", &got);
	for (unsigned i = 0; i < sizeof(words) / sizeof(*words); i++) {
		GElf_Rela entry = relocation(got.sh_addr + 8 * i);
		ck_assert_uint_eq(GELF_R_TYPE(entry.r_info), R_X86_64_GLOB_DAT);
		ck_assert_str_eq(name_of_symbol(GELF_R_SYM(entry.r_info)), words[i]);
	}
	contents(".init_array", &init_array);
	ck_assert(find_symbol(".symtab", "hg_next_call", &thunk) && find_symbol(".symtab", "hg_start", &start));
	GElf_Rela next_call = relocation(address + offsetof(struct hg_image, next_call));
	GElf_Rela init = relocation(init_array.sh_addr);
	ck_assert_uint_eq(GELF_R_TYPE(next_call.r_info), R_X86_64_RELATIVE);
	ck_assert_uint_eq((uint64_t)next_call.r_addend, thunk.st_value);
	ck_assert_uint_eq(GELF_R_TYPE(init.r_info), R_X86_64_RELATIVE);
	ck_assert_uint_eq((uint64_t)init.r_addend, start.st_value);
}
END_TEST

static bool dynamic_entry(int64_t tag, GElf_Dyn *entry)
{
	GElf_Shdr header;
	Elf_Data *data = contents(".dynamic", &header);

	for (int i = 0; gelf_getdyn(data, i, entry) && entry->d_tag != DT_NULL; i++)
		if (entry->d_tag == tag)
			return true;
	return false;
}

static const char *dynamic_text(int64_t tag)
{
	GElf_Shdr header;
	GElf_Dyn entry;

	ck_assert(dynamic_entry(tag, &entry));
	contents(".dynamic", &header);
	return elf_strptr(elf, header.sh_link, entry.d_un.d_val);
}

START_TEST(test_dynamic_section)
{
	GElf_Dyn entry;

	build(MANIFEST);
	ck_assert_str_eq(dynamic_text(DT_NEEDED), "libhandleguard.so.0");
	ck_assert_str_eq(dynamic_text(DT_SONAME), "handleguard-net.so");
	ck_assert_str_eq(dynamic_text(DT_RUNPATH), STAND_IN_FOLDER ":$ORIGIN");
	ck_assert(dynamic_entry(DT_FLAGS, &entry) && entry.d_un.d_val & DF_BIND_NOW);
	ck_assert(dynamic_entry(DT_FLAGS_1, &entry) && entry.d_un.d_val & DF_1_NOW);
	ck_assert(entry.d_un.d_val & DF_1_NODELETE);
	ck_assert(!dynamic_entry(DT_TEXTREL, &entry));
}
END_TEST

/* The distance from the stack pointer to the caller's frame at a place in the code, by the object's own rules. */
static int64_t frame_distance(Dwarf_CFI *cfi, uint64_t address)
{
	Dwarf_Frame *frame;
	Dwarf_Op *operations;
	size_t count;

	ck_assert_msg(dwarf_cfi_addrframe(cfi, address, &frame) == 0, "no rule for %#lx", (unsigned long)address);
	ck_assert_int_eq(dwarf_frame_cfa(frame, &operations, &count), 0);
	ck_assert_uint_eq(count, 1);
	ck_assert_uint_eq(operations[0].atom, DW_OP_bregx);
	ck_assert_uint_eq(operations[0].number, 7);
	int64_t distance = (int64_t)operations[0].number2;
	free(frame);
	return distance;
}

/* Every instruction of the code is covered, and in the thunk each by the rule that is true there. */
START_TEST(test_call_frames)
{
	static const int distances[15] = {8, 8, 8, 8, 8, 8, 8, 8, 16, 16, 16, 16, 16, 16, 8};
	GElf_Shdr text;
	GElf_Sym thunk;

	build(MANIFEST);
	Dwarf_CFI *cfi = dwarf_getcfi_elf(elf);
	ck_assert_ptr_nonnull(cfi);
	contents(".text", &text);
	ck_assert(find_symbol(".symtab", "hg_next_call", &thunk));
	ck_assert_uint_eq(thunk.st_size, 15);
	for (uint64_t address = text.sh_addr; address < thunk.st_value; address++)
		ck_assert_int_eq(frame_distance(cfi, address), 8);
	/* the rule at an address holds before the instruction there, and a rule's place is where an instruction begins
	 */
	static const unsigned begins[] = {0, 4, 8, 10, 14};
	for (size_t i = 0; i < sizeof(begins) / sizeof(*begins); i++)
		ck_assert_int_eq(frame_distance(cfi, thunk.st_value + begins[i]), distances[begins[i]]);
	ck_assert_int_eq(frame_distance(cfi, text.sh_addr + text.sh_size - 1), 8);
	dwarf_cfi_end(cfi);
}
END_TEST

static const int sizes[] = {1, 2, 7, 1000};

/* The strict reader of ELF files finds nothing wrong, and the everyday ones nothing to complain of. */
START_TEST(test_readers)
{
	int status;
	char *text = many(sizes[_i]);

	build(text);
	char *output = output_of(&status, "eu-elflint --gnu-ld %s", path);
	ck_assert_str_eq(output, "No errors\n");
	free(output);
	output = output_of(&status,
	                   "readelf -aW %s 2>&1 >/dev/null; readelf -wF %s 2>&1 >/dev/null; "
	                   "eu-readelf -a %s 2>&1 >/dev/null",
	                   path, path, path);
	ck_assert_str_eq(output, "");
	free(output);
	output = output_of(&status, "nm -D --defined-only %s | grep -c ' T function_'", path);
	ck_assert_int_eq(atoi(output), sizes[_i]);
	free(output);
	free(text);
}
END_TEST

START_TEST(test_debugger)
{
	int status;

	build(MANIFEST);
	char *output =
	    output_of(&status, "gdb -nx -batch -ex 'disassemble net_recv' -ex 'info symbol &hg_image' %s", path);
	ck_assert_msg(strstr(output, "function net_recv:") != NULL, "%s", output);
	ck_assert_msg(strstr(output, "hg_image in section .data") != NULL, "%s", output);
	ck_assert_msg(!strstr(output, "arning") && !strstr(output, "rror"), "%s", output);
	free(output);
}
END_TEST

static void build_id(unsigned char id[16])
{
	GElf_Shdr header;
	const Elf_Data *data = contents(".note.gnu.build-id", &header);

	ck_assert_uint_eq(data->d_size, 32);
	ck_assert_mem_eq(data->d_buf, "\x04\0\0\0\x10\0\0\0\x03\0\0\0GNU", 16);
	memcpy(id, (const unsigned char *)data->d_buf + 16, 16);
}

START_TEST(test_build_id_is_of_the_contents)
{
	unsigned char first[16], second[16];
	int status;

	build(MANIFEST);
	build_id(first);
	char *copy_folder = make_folder(), *copy = build_object(copy_folder, "net", MANIFEST);
	free(output_of(&status, "cmp %s %s", path, copy));
	ck_assert_int_eq(status, 0); /* byte for byte */
	free(copy);
	remove_folder(copy_folder);
	clean_up();
	build("handleguard: 1\nlibrary: l\nclasses: {c: {reject: 1}}\n"
	      "functions: {net_open: {create: c}, net_close: {free: {c: 0}}, net_recv: {op: {c: 0}}}\n");
	build_id(second);
	ck_assert_mem_ne(first, second, 16);
}
END_TEST

START_TEST(test_property_note)
{
	GElf_Shdr header;

	build(MANIFEST);
	const Elf_Data *data = contents(".note.gnu.property", &header);
	ck_assert_uint_eq(data->d_size, 32);
	ck_assert_mem_eq(data->d_buf, "\x04\0\0\0\x10\0\0\0\x05\0\0\0GNU\0\x02\0\0\xc0\x04\0\0\0\x03\0\0\0\0\0\0\0",
	                 32);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("preload object");
	TCase *tests = tcase_create("object");
	SRunner *runner = srunner_create(suite);

	suite_add_tcase(suite, tests);
	tcase_add_checked_fixture(tests, NULL, clean_up);
	tcase_add_test(tests, test_sections);
	tcase_add_test(tests, test_segments);
	tcase_add_test(tests, test_symbols);
	tcase_add_test(tests, test_free_is_exported_for_a_quarantine_only);
	tcase_add_test(tests, test_registrations_are_taken_for_handlers_at_exit_only);
	tcase_add_test(tests, test_each_stub_has_its_slot);
	tcase_add_test(tests, test_relocations);
	tcase_add_test(tests, test_dynamic_section);
	tcase_add_test(tests, test_call_frames);
	tcase_add_loop_test(tests, test_readers, 0, 4);
	tcase_add_test(tests, test_debugger);
	tcase_add_test(tests, test_build_id_is_of_the_contents);
	tcase_add_test(tests, test_property_note);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
