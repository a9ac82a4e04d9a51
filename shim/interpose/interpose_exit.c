/* __cxa_atexit of the program and its libraries, of preload objects with a class that says `at_exit: ends`: by it
 * atexit, too, registers. Whether a handler is one of a guarded library's is only asked when it is run, by exit or as
 * the library is unloaded: a registration may come from anywhere, with locks held, before the library is known.
 *
 * A handler of that library is called as if it were a function of the manifest that frees every handle of such a class
 * (frees.c): for each of these its image has a slot that no function of a library belongs to. What a library registers
 * otherwise (.fini_array, on_exit) is not seen. */
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/start.h"
#include "base/counters.h"
#include "base/memory.h"
#include "bind/images.h"
#include "bind/slots.h"
#include "dynlink/beyond.h"
#include "dynlink/preloads.h"
#include "format/image.h"
#include "format/record.h"
#include "protocol/tables.h"
#include "trampoline/entries.h"

typedef void exit_handler(void *argument);
typedef int register_handler(exit_handler *handler, void *argument, void *object);

/* A handler that was registered. The first three words are interpose_*.S's. */
struct hg_exit {
	exit_handler *handler;
	void *argument;
	/* The next slot by which handles end that go with this handler; null: there is none, and it is the handler's
	 * turn. */
	struct hg_slot *(*next_slot)(struct hg_exit *exit);
	uint64_t object; /* an address in the object that has registered it */
	struct hg_image *image;
	uint32_t next; /* of the image's: which is to be looked at */
	bool begun;
};

int hg_cxa_atexit(exit_handler *handler, void *argument, void *object);
void hg_exit_handler(void *handler); /* interpose_*.S */

/* Whether the handler is of the library that the image's functions lead to, as far as the program has called them. */
static bool is_of_library(const struct hg_exit *exit)
{
	const struct hg_image *image = exit->image;
	const struct hg_slot *slots = HG_IMAGE_AT(image, image->slots, const struct hg_slot);
	for (uint32_t i = 0; i < image->slot_count; i++)
		if (__atomic_load_n(&slots[i].real, __ATOMIC_ACQUIRE) &&
		    exit->object - slots[i].library_low < slots[i].library_size)
			return true;
	return false;
}

/* Makes the slot what calls can come to. Without a symbol it passes them on. */
static void prepare(struct hg_slot *slot)
{
	__atomic_store_n(&slot->real, (void *)hg_exit_handler, __ATOMIC_RELEASE);
	__atomic_store_n(&slot->entry, (void *)hg_trampoline, __ATOMIC_RELEASE);
	/* Once: several threads may come here, as libraries are unloaded. */
	if (__atomic_exchange_n(&slot->named, 1, __ATOMIC_ACQ_REL) || !hg_process_start())
		return;
	hg_adopt_images();
	hg_image_add_symbol(slot);
	if (slot->class_runtime)
		hg_symbol_bind(slot->symbol, slot->real, NULL);
}

static struct hg_slot *next_slot(struct hg_exit *exit)
{
	if (!exit->begun)
		exit->image = hg_preload_first();
	exit->begun = true;
	for (; exit->image; exit->image = hg_preload_next(exit->image), exit->next = 0)
		if (exit->next < exit->image->exit_count && is_of_library(exit)) {
			struct hg_slot *slots = HG_IMAGE_AT(exit->image, exit->image->slots, struct hg_slot);
			struct hg_slot *slot = &slots[exit->image->slot_count + exit->next++];
			prepare(slot);
			return slot;
		}
	return NULL;
}

static struct hg_arena arena;

__attribute__((visibility("default"))) int hg_cxa_atexit(exit_handler *handler, void *argument, void *object)
{
	static register_handler *_Atomic known;
	register_handler *real = atomic_load_explicit(&known, memory_order_acquire);
	if (!real) {
		real = (register_handler *)hg_find_beyond("__cxa_atexit");
		atomic_store_explicit(&known, real, memory_order_release);
	}
	struct hg_exit *exit = hg_arena_take(&arena, sizeof *exit);
	if (!exit) {
		hg_count(HG_COUNTER_MEMORY_REFUSED);
		return real(handler, argument, object);
	}
	*exit = (struct hg_exit){
	    .handler = handler, .argument = argument, .next_slot = next_slot, .object = (uint64_t)object};
	return real(hg_exit_handler, exit, object);
}
