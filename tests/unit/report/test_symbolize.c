/* Program counters of this very program become its functions and lines. */
#include <dlfcn.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/read/find.h"
#include "report/read/kept_endings.h"
#include "report/symbols/kept_names.h"
#include "report/symbols/symbolize.h"
#include "run.h"

/* ---- The modules of this process, as a recording has them ---- */

struct looking {
	struct builder *builder;
	const char *name; /* part of the path; empty: the program itself */
	struct hg_record_module *found;
};

static void take_build_id(const struct dl_phdr_info *info, const ElfW(Phdr) * header, struct hg_record_module *module)
{
	const char *at = (const char *)info->dlpi_addr + header->p_vaddr;
	const char *end = at + header->p_memsz;
	while (at < end) {
		const ElfW(Nhdr) *note = (const void *)at;
		const char *content = at + sizeof *note + (note->n_namesz + 3) / 4 * 4;
		if (note->n_type == NT_GNU_BUILD_ID) {
			module->build_id_length = note->n_descsz;
			memcpy(module->build_id, content, note->n_descsz);
			return;
		}
		at = content + (note->n_descsz + 3) / 4 * 4;
	}
}

static int visit(struct dl_phdr_info *info, size_t size, void *argument)
{
	(void)size;
	struct looking *looking = argument;
	char path[512] = "";
	if (*looking->name == 0 ? *info->dlpi_name != 0 : strstr(info->dlpi_name, looking->name) == NULL)
		return 0;
	if (*info->dlpi_name != 0)
		strcpy(path, info->dlpi_name);
	else
		ck_assert_int_gt(readlink("/proc/self/exe", path, sizeof path - 1), 0);
	looking->found = builder_module(looking->builder, path, info->dlpi_addr, 0, 0);
	looking->found->low = UINT64_MAX;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[i];
		uint64_t low = info->dlpi_addr + header->p_vaddr;
		if (header->p_type == PT_NOTE && looking->found->build_id_length == 0)
			take_build_id(info, header, looking->found);
		if (header->p_type != PT_LOAD || !(header->p_flags & PF_X))
			continue;
		looking->found->low = low;
		looking->found->high = low + header->p_memsz;
	}
	return 1;
}

static struct hg_record_module *add_own_module(struct builder *builder, const char *name)
{
	struct looking looking = {.builder = builder, .name = name};
	dl_iterate_phdr(visit, &looking);
	ck_assert_ptr_nonnull(looking.found);
	return looking.found;
}

/* ---- What is looked up ---- */

static struct hg_model model;
static struct builder *builder;
static struct hg_resolved_stack stack;

static void begin(void)
{
	hg_model_init(&model);
	builder = builder_new();
}

static void look_up(uint64_t pc, uint64_t ticks)
{
	const char *path = test_path("own.hgr");
	builder_save(builder, path);
	struct hg_kept_endings kept = {0};
	struct hg_loading loading = {&model, stderr, "test", false, &kept};
	ck_assert(hg_find(&loading, path));
	model.recordings = model.files;
	ck_assert_int_eq(hg_load(&loading, model.recordings), HG_LOADED);
	hg_kept_endings_drop(&kept);
	model.recordings->kept_names = hg_kept_names_read(&model, &model.recordings->reader);
	stack = hg_symbolize(&model, model.recordings, &pc, 1, ticks);
}

static void end(void)
{
	builder_drop(builder);
	hg_model_drop(&model);
}

static void check_frame(size_t index, const char *function, const char *file, int line)
{
	ck_assert_uint_lt(index, stack.count);
	const struct hg_resolved_frame *frame = &stack.frames[index];
	ck_assert_ptr_nonnull(frame->function);
	ck_assert_str_eq(frame->function, function);
	ck_assert_ptr_nonnull(frame->file);
	ck_assert_str_eq(strrchr(frame->file, '/') + 1, file);
	ck_assert_int_eq(frame->file[0], '/');
	ck_assert_int_eq(frame->line, line);
	ck_assert_str_eq(frame->language, "c");
}

__attribute__((noinline)) static uint64_t return_address(void)
{
	__asm__ volatile("");
	return (uint64_t)__builtin_return_address(0);
}

static int line_of_call;

__attribute__((noinline)) static uint64_t plain_function(void)
{
	line_of_call = __LINE__ + 1;
	uint64_t pc = return_address();
	__asm__ volatile("" : "+r"(pc));
	return pc;
}

static int line_inside;

__attribute__((always_inline)) static inline uint64_t inlined_function(void)
{
	line_inside = __LINE__ + 1;
	uint64_t pc = return_address();
	__asm__ volatile("" : "+r"(pc));
	return pc;
}

__attribute__((noinline)) static uint64_t outer_function(void)
{
	line_of_call = __LINE__ + 1;
	uint64_t pc = inlined_function();
	__asm__ volatile("" : "+r"(pc));
	return pc;
}

START_TEST(a_function_has_its_name_and_line)
{
	begin();
	add_own_module(builder, "");
	uint64_t pc = plain_function();
	look_up(pc, 0);
	ck_assert_uint_eq(stack.count, 1);
	ck_assert_uint_eq(stack.frames[0].pc, pc);
	check_frame(0, "plain_function", "test_symbolize.c", line_of_call);
	ck_assert(!stack.frames[0].inlined);
	end();
}
END_TEST

START_TEST(frames_of_the_guards_own_code_are_no_part_of_a_stack)
{
	begin();
	add_own_module(builder, "")->flags = HG_MODULE_RUNTIME;
	look_up(plain_function(), 0);
	ck_assert_uint_eq(stack.count, 0);
	end();
}
END_TEST

START_TEST(an_inlined_function_has_a_frame_of_its_own)
{
	begin();
	add_own_module(builder, "");
	look_up(outer_function(), 0);
	ck_assert_uint_eq(stack.count, 2);
	check_frame(0, "inlined_function", "test_symbolize.c", line_inside);
	check_frame(1, "outer_function", "test_symbolize.c", line_of_call);
	ck_assert(stack.frames[0].inlined);
	ck_assert(!stack.frames[1].inlined);
	ck_assert_uint_eq(stack.frames[0].pc, stack.frames[1].pc);
	end();
}
END_TEST

static void keep_return_address(void *argument)
{
	*(uint64_t *)argument = (uint64_t)__builtin_return_address(0);
}

/* A library of calling_back.c. */
static void look_into(const char *path, const char *name)
{
	uint64_t pc = 0;
	void *library = dlopen(path, RTLD_NOW);
	ck_assert_msg(library != NULL, "%s", dlerror());
	int (*call_back)(void (*)(void *), void *);
	void *symbol = dlsym(library, "call_back");
	memcpy(&call_back, &symbol, sizeof call_back);
	int line = call_back(keep_return_address, &pc);
	begin();
	add_own_module(builder, name);
	look_up(pc, 0);
	check_frame(0, "call_back", "calling_back.c", line);
	end();
	dlclose(library);
}

START_TEST(debugging_information_may_lie_in_a_file_of_its_own)
{
	look_into(STRIPPED_LIBRARY, "libreport_stripped");
}
END_TEST

START_TEST(compilers_that_write_no_index_are_understood)
{
	look_into(UNINDEXED_LIBRARY, "libreport_unindexed");
}
END_TEST

static void unknown(uint64_t pc, uint64_t bias)
{
	ck_assert_uint_eq(stack.count, 1);
	ck_assert_ptr_null(stack.frames[0].function);
	ck_assert_ptr_null(stack.frames[0].file);
	ck_assert_uint_eq(stack.frames[0].offset, pc - bias);
}

START_TEST(another_build_leaves_object_and_offset)
{
	begin();
	struct hg_record_module *module = add_own_module(builder, "");
	if (module->build_id_length == 0)
		module->build_id_length = 20;
	module->build_id[3] ^= 1;
	uint64_t pc = plain_function();
	look_up(pc, 0);
	unknown(pc, module->load_bias);
	ck_assert_str_ne(stack.frames[0].object, "");
	end();
}
END_TEST

START_TEST(a_missing_file_leaves_object_and_offset)
{
	begin();
	struct hg_record_module *module = add_own_module(builder, "");
	module->path = builder_text(builder, "/nowhere/program");
	uint64_t pc = plain_function();
	look_up(pc, 0);
	unknown(pc, module->load_bias);
	ck_assert_str_eq(stack.frames[0].object, "/nowhere/program");
	end();
}
END_TEST

START_TEST(an_address_in_no_module_stays_an_address)
{
	begin();
	look_up(0x1234, 0);
	unknown(0x1234, 0);
	ck_assert_str_eq(stack.frames[0].object, "");
	end();
}
END_TEST

START_TEST(a_file_that_is_no_object_is_stood)
{
	begin();
	builder_module(builder, "/proc/self/stat", 0x1000, 0x1000, 0x2000);
	look_up(0x1800, 0);
	unknown(0x1800, 0x1000);
	end();
}
END_TEST

/* Three objects, one after the other at the same place, seen from 100 to 200, from 300 to 400, and from 500 on. */
START_TEST(modules_at_one_address_are_told_apart_by_time)
{
	static const struct {
		uint64_t ticks;
		const char *object;
	} moments[] = {{150, "/first"},        {200, "/first"},  {350, "/second"}, {600, "/third"},
	               {UINT64_MAX, "/third"}, {250, "/second"}, /* a module is seen a little later than it is loaded */
	               {50, "/first"},         {450, "/third"}};
	for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
		begin();
		struct hg_record_module *first = builder_module(builder, "/first", 0x1000, 0x1000, 0x2000);
		struct hg_record_module *second = builder_module(builder, "/second", 0x1000, 0x1000, 0x2000);
		struct hg_record_module *third = builder_module(builder, "/third", 0x1000, 0x1000, 0x2000);
		first->loaded_ticks = 100;
		first->unloaded_ticks = 200;
		second->loaded_ticks = 300;
		second->unloaded_ticks = 400;
		third->loaded_ticks = 500;
		look_up(0x1800, moments[i].ticks);
		ck_assert_str_eq(stack.frames[0].object, moments[i].object);
		end();
	}
}
END_TEST

START_TEST(names_are_kept_of_code_in_no_object)
{
	begin();
	builder_named(builder, 0x700000, UINT32_MAX, "compiled", 12)->flags = HG_NAMED_INLINED;
	builder_named(builder, 0x700000, UINT32_MAX, "around", 34);
	builder_named(builder, 0x600000, UINT32_MAX, "another", 56);
	look_up(0x700000, 0);
	ck_assert_uint_eq(stack.count, 2);
	check_frame(0, "compiled", "kept.c", 12);
	ck_assert(stack.frames[0].inlined);
	check_frame(1, "around", "kept.c", 34);
	end();
}
END_TEST

START_TEST(kept_names_are_of_one_module)
{
	begin();
	builder_module(builder, "/first", 0x1000, 0x1000, 0x2000)->unloaded_ticks = 100;
	builder_module(builder, "/second", 0x1000, 0x1000, 0x2000)->loaded_ticks = 200;
	builder_named(builder, 0x1800, 1, "of_second", 12);
	builder_named(builder, 0x1800, 0, "of_first", 34);
	look_up(0x1800, 50);
	check_frame(0, "of_first", "kept.c", 34);
	ck_assert_str_eq(stack.frames[0].object, "/first");
	ck_assert_uint_eq(stack.frames[0].offset, 0x800);
	end();
}
END_TEST

START_TEST(an_object_that_is_there_tells_as_much_as_what_was_kept)
{
	begin();
	add_own_module(builder, "");
	uint64_t pc = plain_function();
	builder_named(builder, pc, 0, "kept_function", 12);
	look_up(pc, 0);
	check_frame(0, "plain_function", "test_symbolize.c", line_of_call);
	end();
}
END_TEST

START_TEST(another_build_leaves_what_was_kept)
{
	begin();
	add_own_module(builder, "")->build_id[0] ^= 1;
	uint64_t pc = plain_function();
	builder_named(builder, pc, 0, "kept_function", 12);
	look_up(pc, 0);
	check_frame(0, "kept_function", "kept.c", 12);
	end();
}
END_TEST

/* What a finalizer leaves in a stack is its function's name: this one has a name of Python's. */
__attribute__((noinline)) static uint64_t slot_tp_finalize(void)
{
	uint64_t pc = return_address();
	__asm__ volatile("" : "+r"(pc));
	return pc;
}

START_TEST(a_free_by_a_finalizer_says_so)
{
	struct builder *example = builder_example();
	struct draft draft;
	add_own_module(example, "");
	draft_begin(&draft, HG_KIND_LATE_FREE, 0, 0x99);
	draft.head->site = 0;
	draft_party(&draft, HG_PARTY_CALL, 1, 2, (uint64_t[]){plain_function(), slot_tp_finalize()}, 2);
	draft_party(&draft, HG_PARTY_IN_FLIGHT, 2, 1, (uint64_t[]){outer_function()}, 1);
	memset(example->ring, 0, BUILDER_RING);
	example->header->ring_head = 0;
	builder_write_finding(example, &draft);
	struct resolved resolved = report_builder(hg_report_defaults(), example);
	ck_assert_has(resolved.out, "The free came from a\n   Python __del__ method.");
	ck_assert_has(resolved.out, "a reference to the owner until");
	ck_assert_has(resolved.out, "weakref.finalize only queue the close");
	ck_assert_has(resolved.out, "#0  inlined_function at ");
	ck_assert_has(resolved.out, " (inlined)\n     #1  outer_function at ");
}
END_TEST

int main(void)
{
	return RUN_SUITE("symbolize", a_function_has_its_name_and_line, an_inlined_function_has_a_frame_of_its_own,
	                 debugging_information_may_lie_in_a_file_of_its_own,
	                 compilers_that_write_no_index_are_understood, another_build_leaves_object_and_offset,
	                 a_missing_file_leaves_object_and_offset, an_address_in_no_module_stays_an_address,
	                 a_file_that_is_no_object_is_stood, modules_at_one_address_are_told_apart_by_time,
	                 names_are_kept_of_code_in_no_object, kept_names_are_of_one_module,
	                 an_object_that_is_there_tells_as_much_as_what_was_kept, another_build_leaves_what_was_kept,
	                 a_free_by_a_finalizer_says_so, frames_of_the_guards_own_code_are_no_part_of_a_stack);
}
