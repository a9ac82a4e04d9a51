/* Looking symbols up in the loaded objects' own tables. dlsym would take the dynamic linker's lock, which another
 * thread may hold while it waits for this one (a constructor that starts a thread and joins it). */
#ifndef HG_ELF_LOOKUP_H
#define HG_ELF_LOOKUP_H

#include <stdbool.h>
#include <stdint.h>

/* Where a symbol is defined. */
struct hg_definition {
	void *address;
	const char *library; /* path as the dynamic linker has it; empty: the program itself */
	uintptr_t low, high; /* where that object lies in memory */
};

/* Whether an object is to be searched. Its address is not set. */
typedef bool hg_accept(const struct hg_definition *object, const void *argument);

/* Looks the name up in every loaded object that `accept` accepts. Returns how many
 * definitions there are and the first of them; more than one also if one object has several versions of it, or if only
 * the dynamic linker can tell its address (indirect functions). */
unsigned hg_elf_find(const char *name, hg_accept *accept, const void *argument, struct hg_definition *first);

/* The object that an address lies in. False: none. */
bool hg_elf_object(const void *address, struct hg_definition *object);

#endif
