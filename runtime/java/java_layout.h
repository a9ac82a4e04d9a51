/* Where a Java VM of HotSpot's kind keeps what is read of its threads. It says so itself, in tables that it exports for
 * debuggers: nothing here is a version's own, but for how a thread is named to its tool interface. */
#ifndef HG_JAVA_LAYOUT_H
#define HG_JAVA_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/elf_tables.h"

/* How the address of the place where the VM keeps a thread's object is made a reference to it. */
enum hg_java_reference {
	HG_JAVA_REFERENCE_UNKNOWN, /* of this version: only the calling thread can be asked for */
	HG_JAVA_REFERENCE_PLAIN,   /* it is one: 17 */
	HG_JAVA_REFERENCE_GLOBAL   /* with a mark in its lowest bits: since 21 */
};

/* Offsets, but for `list`. */
struct hg_java_layout {
	/* In a thread of the VM: */
	uint64_t state, anchor, system, object, stack_base, stack_size;
	uint64_t virtual_object; /* that of the virtual thread that runs on it; 0: there are none in this version */
	uint64_t last_sp; /* in its anchor: the stack pointer of its innermost frame of Java; 0 there: it has none */
	uint64_t thread, tid;     /* in what the VM keeps of the system's thread: pthread_self(), and its number */
	uint64_t list;            /* address: of the pointer to the list of all threads */
	uint64_t length, threads; /* in that list */
	enum hg_java_reference reference;
};

/* Of this process's VM. */
extern struct hg_java_layout hg_java_layout;

/* Reads it from the VM's tables. False: they do not say all that is needed. */
bool hg_java_layout_read(const struct hg_elf_tables *object);

#endif
