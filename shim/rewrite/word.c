#include "rewrite/word.h"

#include <linux/futex.h>
#include <unistd.h>

#include "base/sys.h"
#include "bind/images.h"
#include "bind/instances.h"
#include "bind/rebound.h"
#include "bind/resolve.h"
#include "bind/slots.h"
#include "dynlink/got_slots.h"
#include "dynlink/preloads.h"
#include "format/record.h"
#include "protocol/tables.h"

extern const char hg_stub_pool[HG_POOL_STUBS][HG_POOL_STUB_SIZE];

/* --- writing it --- */

/* Asks the system to add nothing to it. */
static bool is_writable(const uint64_t *at)
{
	long nothing = FUTEX_OP(FUTEX_OP_ADD, 0, FUTEX_OP_CMP_EQ, 0);
	long wake = FUTEX_WAKE_OP | FUTEX_PRIVATE_FLAG;
	return hg_syscall(SYS_futex, (long)at, wake, 0, 0, (long)at, nothing) >= 0;
}

static bool protect(const uint64_t *at, int protection)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	return hg_syscall(SYS_mprotect, (long)((uint64_t)at & -page), (long)page, protection, 0, 0, 0) == 0;
}

/* Others may be reading it. */
static bool store(uint64_t *at, const void *stub)
{
	__atomic_store_n(at, (uint64_t)stub, __ATOMIC_RELEASE);
	return true;
}

/* Code among which it lies others may be running. */
static bool store_read_only(const ElfW(Phdr) * segment, uint64_t *at, const void *stub)
{
	if (segment->p_flags & PF_X || !protect(at, PROT_READ | PROT_WRITE))
		return false;
	store(at, stub);
	protect(at, PROT_READ);
	return true;
}

static bool put(const struct hg_objects *objects, uint64_t *at, const void *stub)
{
	unsigned number = hg_objects_at(objects, at);
	const struct hg_object *object = number == HG_OBJECTS_MOST ? NULL : &objects->list[number];
	const ElfW(Phdr) *segment = object ? hg_object_segment(object, (uint64_t)at) : NULL;
	if (!segment)
		return is_writable(at) && store(at, stub);
	if (segment->p_flags & PF_W)
		return hg_got_slot_rebind(&(struct hg_got_slot){.object = object, .at = at}, stub);
	return store_read_only(segment, at, stub);
}

/* --- what it holds --- */

/* A function that is not ours. */
static bool is_function(const struct hg_objects *objects, unsigned number, uint64_t function)
{
	const struct hg_object *object = number == HG_OBJECTS_MOST ? NULL : &objects->list[number];
	return object && function >= object->code_low && function < object->code_high &&
	       !hg_image_within(object->low, object->high) && number != hg_objects_at(objects, hg_stub_pool);
}

bool hg_word_lead(const struct hg_objects *objects, uint64_t *at, struct hg_slot *slot)
{
	uint64_t function = __atomic_load_n(at, __ATOMIC_ACQUIRE);
	unsigned number = hg_objects_at(objects, (const void *)function);
	if (!is_function(objects, number, function))
		return true;
	struct hg_slot *own = hg_instance_slot(slot, objects, number, (void *)function);
	const void *stub = own ? hg_instance_stub(own) : NULL;
	if (!stub)
		return false;
	/* Not by its first call: what is led to the guards shall not be taken for what is out of their sight. */
	hg_name_slot_of(objects, own);
	if (own->class_runtime)
		hg_symbol_add_flag(own->symbol, HG_SYMBOL_BY_TABLE);
	/* First: the library may be calling by it. */
	if (hg_objects_at(objects, at) == number)
		hg_note_led(at, HG_IMAGE_TEXT(hg_image_of(slot), slot->name));
	return put(objects, at, stub);
}
