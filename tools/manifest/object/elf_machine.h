/* What differs between processors in a preload object: one table a machine. */
#ifndef HG_MANIFEST_OBJECT_ELF_MACHINE_H
#define HG_MANIFEST_OBJECT_ELF_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Addresses are those of the object before it is loaded. */
struct hg_machine {
	const char *name; /* as `uname -m` has it */
	uint16_t elf_machine;
	uint64_t page_size;              /* the largest that the machine's systems use */
	bool result_address_is_argument; /* the address where a struct is returned counts as argument 0 */
	/* relocations */
	uint32_t absolute; /* a symbol's address plus addend */
	uint32_t glob_dat; /* a symbol's address */
	uint32_t relative; /* the load address plus addend */
	/* .note.gnu.property: the property that promises landing pads and shadow stacks */
	uint32_t property_type;
	uint32_t property_bits;
	/* code; each piece starts at a multiple of `alignment` */
	uint32_t alignment;
	uint8_t padding; /* filler between pieces: must not be run */
	uint32_t stub_size, forward_size, start_size, thunk_size;
	/* loads the slot's address and jumps through its first word */
	void (*stub)(uint8_t *code, uint64_t at, uint64_t slot);
	/* loads the image's address beside the arguments and jumps through the got's word */
	void (*forward)(uint8_t *code, uint64_t at, uint64_t image, uint64_t got);
	/* loads the image's address as the first argument and jumps through the got's word */
	void (*start)(uint8_t *code, uint64_t at, uint64_t image, uint64_t got);
	/* calls what its fourth argument points to, with the first three */
	void (*thunk)(uint8_t *code);
	/* call-frame information */
	uint8_t code_factor;
	int8_t data_factor;
	uint8_t return_register;
	const uint8_t *entry_rules; /* where caller's frame and return address are on entry */
	uint8_t entry_rules_size;
	const uint8_t *thunk_rules; /* what changes within the thunk */
	uint8_t thunk_rules_size;
};

extern const struct hg_machine hg_machine_x86_64, hg_machine_aarch64;

/* NULL if objects for that machine cannot be built. */
const struct hg_machine *hg_machine_find(uint16_t elf_machine);
const struct hg_machine *hg_machine_named(const char *name);

#endif
