/* A preload object in a process, on top of a runtime that only notes how it is called. */
#include <check.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <unwind.h>

#include "stand_in.h"
#include "support.h"

uint64_t call_with(void *target, const struct registers *registers, uint64_t *stack_pointer);

#define MANIFEST                                                                                                       \
	"handleguard: 1\nlibrary: l\nclasses: {c: }\n"                                                                 \
	"functions: {net_open: {create: c}, net_close: {free: {c: 0}}, net_recv: {op: {c: 0}}}\n"

static char *folder;
static void *object;
static struct stand_in_seen *seen;

static void load(const char *text)
{
	folder = make_folder();
	char *path = build_object(folder, "net", text);
	object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	ck_assert_msg(object != NULL, "%s", dlerror());
	struct stand_in_seen *(*get)(void);
	*(void **)&get = dlsym(object, "stand_in_seen");
	ck_assert_msg(get != NULL, "%s", dlerror());
	seen = get();
	free(path);
}

static void unload(void)
{
	if (object)
		dlclose(object);
	object = NULL;
	remove_folder(folder);
}

static const struct hg_slot *slot(const char *name)
{
	const struct hg_slot *slots = HG_IMAGE_AT(seen->image, seen->image->slots, const struct hg_slot);

	for (uint32_t i = 0; i < seen->image->slot_count; i++)
		if (!strcmp(HG_IMAGE_TEXT(seen->image, slots[i].name), name))
			return &slots[i];
	ck_abort_msg("no slot %s", name);
}

START_TEST(test_start_registers_the_image)
{
	load(MANIFEST);
	ck_assert_uint_eq(seen->registered, 1);
	ck_assert_uint_eq(seen->image->magic, HG_IMAGE_MAGIC);
	ck_assert_uint_eq((uintptr_t)seen->image % 64, 0);
	ck_assert_uint_eq(seen->image->slot_count, 3);
	void *trampoline = dlsym(object, "hg_trampoline");
	ck_assert_ptr_nonnull(trampoline);
	const struct hg_slot *slots = HG_IMAGE_AT(seen->image, seen->image->slots, const struct hg_slot);
	for (uint32_t i = 0; i < 3; i++) {
		ck_assert_ptr_eq(slots[i].entry, trampoline);
		ck_assert_ptr_null(slots[i].real);
		ck_assert_uint_eq((uintptr_t)&slots[i] % 64, 0);
	}
}
END_TEST

static void fill(struct registers *registers)
{
	unsigned char *bytes = (unsigned char *)registers;

	for (size_t i = 0; i < sizeof(*registers); i++)
		bytes[i] = (unsigned char)(7 * i + 3);
}

START_TEST(test_stub_keeps_every_register)
{
	static const char *const names[] = {"net_open", "net_close", "net_recv"};
	struct registers registers;
	uint64_t stack_pointer;

	load(MANIFEST);
	for (size_t i = 0; i < 3; i++) {
		fill(&registers);
		void *stub = dlsym(object, names[i]);
		ck_assert_ptr_nonnull(stub);
		ck_assert_uint_eq(call_with(stub, &registers, &stack_pointer), STAND_IN_RESULT);
		registers.r11 = (uint64_t)slot(names[i]);
		registers.rsp = stack_pointer;
		ck_assert_mem_eq(&seen->call, &registers, sizeof(registers));
	}
}
END_TEST

/* The runtime puts another entry into the slot; from then on the stub goes there. */
static uint64_t replaced(void)
{
	return 0xfa57;
}

START_TEST(test_entry_can_be_replaced)
{
	uint64_t (*stub)(void);

	load(MANIFEST);
	*(void **)&stub = dlsym(object, "net_recv");
	((struct hg_slot *)slot("net_recv"))->entry = (void *)(uintptr_t)replaced;
	ck_assert_uint_eq(stub(), 0xfa57);
}
END_TEST

START_TEST(test_lookups_go_to_the_runtime)
{
	struct registers registers;
	uint64_t stack_pointer;

	load(MANIFEST);
	fill(&registers);
	ck_assert_uint_eq(call_with(dlsym(object, "dlsym"), &registers, &stack_pointer), (uint64_t)seen->image);
	ck_assert_uint_eq(seen->dl_image, (uint64_t)seen->image);
	ck_assert_mem_eq(seen->dl_arguments, &registers, sizeof(seen->dl_arguments) - 8);
	ck_assert_uint_eq(seen->dl_symbol, 1);
	call_with(dlsym(object, "dlvsym"), &registers, &stack_pointer);
	ck_assert_uint_eq(seen->dl_version_symbol, 1);
	ck_assert_uint_eq(seen->dl_arguments[2], registers.rdx);
}
END_TEST

struct trace {
	int depth;
	uintptr_t addresses[64];
};

static _Unwind_Reason_Code note_frame(struct _Unwind_Context *context, void *cookie)
{
	struct trace *trace = cookie;

	if (trace->depth < 64)
		trace->addresses[trace->depth++] = _Unwind_GetIP(context);
	return _URC_NO_REASON;
}

static __attribute__((noinline)) void *take_trace(void *trace, const char *name, const char *version)
{
	_Unwind_Backtrace(note_frame, trace);
	return name == version ? NULL : trace;
}

typedef void *next_call_type(void *handle, const char *name, const char *version, void *function);

/* An unwinder finds its way through the thunk: the same frames as without it, and the thunk's own. */
START_TEST(test_thunk_unwinds)
{
	struct trace direct = {0}, through = {0};

	load(MANIFEST);
	uintptr_t thunk = (uintptr_t)seen->image->next_call;
	ck_assert_ptr_eq(take_trace(&direct, "a", "b"), &direct);
	ck_assert_ptr_eq(((next_call_type *)thunk)(&through, "a", "b", (void *)(uintptr_t)take_trace), &through);
	ck_assert_int_gt(direct.depth, 3);
	ck_assert_int_eq(through.depth, direct.depth + 1);
	ck_assert_uint_gt(through.addresses[1], thunk);
	ck_assert_uint_lt(through.addresses[1], thunk + 16);
	ck_assert_mem_eq(&through.addresses[3], &direct.addresses[2], (size_t)(direct.depth - 2) * sizeof(uintptr_t));
}
END_TEST

/* A look-up of a thousand names exercises every bucket of the hash table; names that are not there are not found. */
START_TEST(test_every_name_is_found)
{
	char *text;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	fputs("handleguard: 1\nlibrary: l\nclasses: {c: }\nfunctions:\n", stream);
	for (int i = 0; i < 1000; i++)
		fprintf(stream, "  f_%d: {op: {c: 0}}\n", i);
	fclose(stream);
	load(text);
	for (int i = 0; i < 1000; i++) {
		char name[32], other[32];
		snprintf(name, sizeof(name), "f_%d", i);
		snprintf(other, sizeof(other), "g_%d", i);
		uint64_t (*stub)(void);
		*(void **)&stub = dlsym(object, name);
		ck_assert_msg(stub != NULL, "%s", name);
		stub();
		ck_assert_ptr_eq((void *)seen->call.r11, slot(name));
		ck_assert_ptr_null(dlsym(object, other));
	}
	free(text);
}
END_TEST

/* After relocation the addresses that the runtime's functions are reached through cannot be written any more. */
START_TEST(test_relocated_part_is_read_only)
{
	int status;

	load(MANIFEST);
	char *maps = output_of(&status, "grep '%s/net.so' /proc/%d/maps | cut -d' ' -f2", folder, (int)getpid());
	ck_assert_str_eq(maps, "r--p\nr-xp\nr--p\nrw-p\n");
	free(maps);
}
END_TEST

static const char *const bindings[] = {"now", "lazy"};

START_TEST(test_preloaded)
{
	int status;

	folder = make_folder();
	char *path = build_object(folder, "victim",
	                          "handleguard: 1\nlibrary: libvictim.so\nclasses: {c: }\n"
	                          "functions: {victim_op: {op: {c: 0}}}\n");
	char *output = output_of(&status, "LD_PRELOAD=%s " TEST_FOLDER "/manifest_victim_%s", path, bindings[_i]);
	ck_assert_str_eq(output, "");
	ck_assert_int_eq(status, 0);
	free(output);
	/* the program does tell the difference */
	output = output_of(&status, TEST_FOLDER "/manifest_victim_%s", bindings[_i]);
	ck_assert_int_eq(status, 1);
	ck_assert_ptr_nonnull(strstr(output, "not so: a call through the PLT"));
	free(output);
	free(path);
}
END_TEST

/* Where the runtime is not where it was, the object still finds one that lies beside it. */
START_TEST(test_finds_runtime_beside_itself)
{
	int status;

	folder = make_folder();
	char *path = build_object_for("/nowhere", folder, "net", MANIFEST);
	char *output = output_of(&status,
	                         "cp " STAND_IN_FOLDER "/libhandleguard.so.0 %s/ && LD_PRELOAD=%s "
	                         "LD_TRACE_LOADED_OBJECTS=1 " TEST_FOLDER "/manifest_victim_now",
	                         folder, path);
	char *beside = text_of("libhandleguard.so.0 => %s/libhandleguard.so.0", folder);
	ck_assert_msg(strstr(output, beside) != NULL, "%s", output);
	free(beside);
	free(output);
	free(path);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("preload object in a process");
	TCase *tests = tcase_create("load");
	SRunner *runner = srunner_create(suite);

	suite_add_tcase(suite, tests);
	tcase_add_checked_fixture(tests, NULL, unload);
	tcase_add_test(tests, test_start_registers_the_image);
	tcase_add_test(tests, test_stub_keeps_every_register);
	tcase_add_test(tests, test_entry_can_be_replaced);
	tcase_add_test(tests, test_lookups_go_to_the_runtime);
	tcase_add_test(tests, test_thunk_unwinds);
	tcase_add_test(tests, test_every_name_is_found);
	tcase_add_test(tests, test_relocated_part_is_read_only);
	tcase_add_loop_test(tests, test_preloaded, 0, 2);
	tcase_add_test(tests, test_finds_runtime_beside_itself);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
