#include "rewrite/registered.h"

#include <stdatomic.h>
#include <string.h>

#include "api/start.h"
#include "base/counters.h"
#include "bind/images.h"
#include "bind/instances.h"
#include "bind/resolve.h"
#include "bind/slots.h"
#include "dynlink/elf_object.h"
#include "dynlink/preloads.h"
#include "format/record.h"
#include "java/java_natives.h"

struct native {
	const char *long_name, *short_name;
	void *function;
	const void *stub;
};

/* A method that is bound by its exported name: the dynamic linker has led it to the guards already, or it is another
 * function than this. */
static bool is_exported(const struct hg_object *object, const struct native *native)
{
	struct hg_wanted wanted[] = {hg_wanted_name(native->long_name), hg_wanted_name(native->short_name)};
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		const ElfW(Sym) *symbol = hg_object_next(object, &wanted[i], NULL);
		if (symbol && hg_object_function(object, symbol) == native->function)
			return true;
	}
	return false;
}

/* The stubs of a preload object, and those of the pool that the runtime has. */
static bool is_ours(const struct hg_object *object)
{
	uintptr_t here = (uintptr_t)hg_registered_watch;
	return hg_image_within(object->low, object->high) || (here >= object->low && here < object->high);
}

/* The long name is of one method; the short one may be of several. */
static struct hg_slot *slot_of(const struct native *native)
{
	struct hg_slot *slot = hg_find_slot(native->long_name);
	return slot ? slot : hg_find_slot(native->short_name);
}

static const void *stub_for(const struct hg_objects *objects, unsigned number, struct hg_slot *slot, void *function)
{
	struct hg_slot *own = hg_instance_slot(slot, objects, number, function);
	const void *stub = own ? hg_instance_stub(own) : NULL;
	/* Not by its first call: what is led to the guards shall not be taken for what is out of their sight. */
	if (stub)
		hg_name_slot_of(objects, own);
	else
		hg_count(HG_COUNTER_SECOND_COPY);
	return stub;
}

static void lead(const struct hg_objects *objects, void *argument)
{
	struct native *native = argument;
	unsigned number = hg_objects_at(objects, native->function);
	const struct hg_object *object = &objects->list[number];
	if (number == HG_OBJECTS_MOST || is_ours(object) || is_exported(object, native))
		return;
	struct hg_slot *slot = slot_of(native);
	if (slot || hg_image_names_any(object))
		hg_count(HG_COUNTER_NATIVES_REGISTERED);
	native->stub = slot ? stub_for(objects, number, slot, native->function) : NULL;
	if (native->stub)
		hg_count(HG_COUNTER_NATIVES_GUARDED);
}

static const void *on_bind(const char *long_name, const char *short_name, void *function)
{
	struct native native = {.long_name = long_name, .short_name = short_name, .function = function};
	if (!hg_process_start())
		return NULL;
	hg_adopt_images();
	hg_objects_hold(lead, &native);
	return native.stub;
}

/* --- whether any is wanted --- */

static void look_at_name(struct hg_slot *slot, void *any)
{
	if (strncmp(HG_IMAGE_TEXT(hg_image_of(slot), slot->name), "Java_", 5) == 0)
		*(bool *)any = true;
}

static bool is_any_wanted(void)
{
	enum { UNKNOWN, NONE, SOME };
	static _Atomic int wanted;
	if (atomic_load(&wanted) == UNKNOWN) {
		bool any = false;
		hg_each_slot(look_at_name, &any);
		atomic_store(&wanted, any ? SOME : NONE);
	}
	return atomic_load(&wanted) == SOME;
}

void hg_registered_watch(void)
{
	if (is_any_wanted())
		hg_java_on_native(on_bind);
}
