/* Looking symbols up in all loaded objects, without the dynamic linker's lock (elf_object.h). */
#ifndef HG_ELF_LOOKUP_H
#define HG_ELF_LOOKUP_H

#include <stdbool.h>
#include <stdint.h>

/* Where a symbol is defined. */
struct hg_definition {
	void *address;
	const char *library; /* path as the dynamic linker has it; empty: the program itself */
	const char *soname;  /* null: none */
	uintptr_t low, high; /* where that object lies in memory */
};

/* Whether an object is to be searched. Its address is not set. */
typedef bool hg_accept(const struct hg_definition *object, const void *argument);

/* Looks the name up in every loaded object that `accept` accepts. Returns how many definitions there are, those of all
 * versions, and the first of them. */
unsigned hg_elf_find(const char *name, hg_accept *accept, const void *argument, struct hg_definition *first);

/* The object that an address lies in. False: none. */
bool hg_elf_object(const void *address, struct hg_definition *object);

#endif
