#include "guarded.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "bind/images.h"
#include "bind/slots.h"
#include "dynlink/elf_object.h"
#include "entry/arguments.h"
#include "manifest/object/preload_image.h"
#include "manifest/parse/read.h"
#include "protocol/class.h"

/* It lies in the program, which so stands where a preload object does. */
static _Alignas(64) char room[16 << 10];
static struct hg_image *const image = (struct hg_image *)room;

static void make_image(const char *text)
{
	char *errors;
	size_t size;
	FILE *stream = open_memstream(&errors, &size);
	struct hg_manifest *manifest = hg_manifest_parse("test.yaml", text, strlen(text), stream);
	fclose(stream);
	ck_assert_str_eq(errors, "");
	free(errors);
	struct hg_image *made = hg_manifest_image(manifest, EM_X86_64);
	ck_assert_uint_le(made->size, sizeof room);
	memcpy(room, made, made->size);
	hg_manifest_free(manifest);
	free(made);
}

struct hg_context *start_guarded(const char *manifest)
{
	char *text;
	ck_assert_int_gt(asprintf(&text, "handleguard: 1\nlibrary: [libtest.so, libthing_1.so]\n%s", manifest), 0);
	make_image(text);
	free(text);
	hg_image_list(image);
	return start();
}

struct hg_slot *function(const char *name)
{
	struct hg_slot *slot = hg_find_slot(name);
	ck_assert_msg(slot != NULL, "no function %s", name);
	return slot;
}

void bind_function(const char *name, real_function *real)
{
	/* Of the library only the function itself: no call of the test's comes from there. */
	struct hg_object library = {.low = (uintptr_t)real, .high = (uintptr_t)real + 1, .path = "libtest.so"};
	ck_assert(hg_bind_slot(function(name), (void *)real, &library));
}

static _Thread_local enum hg_action action;

enum hg_action last_action(void)
{
	return action;
}

static _Thread_local bool plain;

bool last_was_plain(void)
{
	return plain;
}

static uint64_t call_real(const struct hg_call *call)
{
	const uint64_t *r = call->registers;
	return ((real_function *)call->slot->real)(r[0], r[1], r[2], r[3], r[4], r[5]);
}

/* Its frame is laid out like a trampoline's: frame pointer, return address. */
static __attribute__((noinline)) uint64_t trampoline(struct hg_slot *slot, const uint64_t *arguments)
{
	struct hg_call call;
	memset(&call, 0xa5, sizeof call); /* as on a stack */
	memcpy(call.registers, arguments, sizeof call.registers);
	call.slot = slot;
	call.fp = (uint64_t)__builtin_frame_address(0);
	action = hg_call_enter(&call);
	enum hg_action own = action;
	if (own == HG_REJECTED)
		return call.result[0];
	bool own_plain = own == HG_CALL && call.plain;
	uint64_t result = call_real(&call);
	if (own == HG_CALL) {
		call.result[0] = result;
		hg_call_leave(&call);
		result = call.result[0];
	}
	action = own;
	plain = own_plain;
	return result;
}

uint64_t call_function(const char *name, const uint64_t *arguments)
{
	uint64_t result = trampoline(function(name), arguments);
	__asm__ volatile("" ::: "memory"); /* so that this is no jump */
	return result;
}

static const struct hg_class *class_of(unsigned number)
{
	ck_assert_uint_lt(number, image->class_count);
	return (const struct hg_class *)HG_IMAGE_AT(image, image->classes, struct hg_image_class)[number].runtime;
}

struct hg_guard *guard_of(unsigned class, uint64_t value)
{
	return hg_table_find(class_of(class), value);
}

uint64_t counted(unsigned class, enum hg_class_counter which)
{
	return hg_reader_handles(read_back(), class_of(class)->index, which);
}
