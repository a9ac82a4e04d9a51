/* The GOT slots of an object: the words through which it calls and passes functions of others by name, which its
 * relocations fill. */
#ifndef HG_GOT_SLOTS_H
#define HG_GOT_SLOTS_H

#include "dynlink/elf_object.h"

struct hg_got_slot {
	const struct hg_object *object;
	uint64_t *at;
	const char *name;
	uint32_t symbol; /* number in the object's symbol table */
	uint64_t addend;
	bool only_calls; /* a jump slot: nobody takes the function's address from it */
	bool in_code;    /* filled for code, which calls through it or takes the address from it */
};

/* False ends the walk. */
typedef bool hg_got_slot_visit(const struct hg_got_slot *got, void *argument);

void hg_got_slots_each(const struct hg_object *object, hg_got_slot_visit *visit, void *argument);

/* The function that the slot leads to; of a jump slot that was not used yet it lies in the object itself. */
static inline uint64_t hg_got_slot_function(const struct hg_got_slot *got)
{
	return __atomic_load_n(got->at, __ATOMIC_ACQUIRE) - got->addend;
}

/* Whether the slot is a jump slot that the dynamic linker has not filled yet. */
bool hg_got_slot_is_lazy(const struct hg_got_slot *got);

/* Leads the slot to another function. Only in an object that the dynamic linker is done with. False: the system does
 * not let us. */
bool hg_got_slot_rebind(const struct hg_got_slot *got, const void *function);

#endif
