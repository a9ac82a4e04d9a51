/* By what code reaches a function of a library that is linked into its object: how much of it there is. */
#ifndef HG_PROGRAM_ELF_REACHED_H
#define HG_PROGRAM_ELF_REACHED_H

#include <stdbool.h>
#include <stddef.h>

struct hg_elf_reached {
	size_t led;    /* references to the function that the process leads to the guards, if it is hidden */
	size_t left;   /* those that it leaves: from tables, and from code of which it is not known whose it is */
	size_t clones; /* references to copies of it that the compiler has made (f.part.0) */
	long inlined;  /* how often it is a part of another function; HG_INLINED_UNKNOWN */
	bool nearly;   /* whose code it is that refers to it is known but approximately */
	bool unread;   /* the object's file is gone: the process has counted those that it has led, and the rest is not
	                  known */
};

enum { HG_INLINED_UNKNOWN = -1 }; /* there is no debugging information of that code */

/* What is not seen of it, as far as it is known. */
static inline size_t hg_passed_by(const struct hg_elf_reached *reached)
{
	return reached->left + reached->clones + (reached->inlined > 0 ? (size_t)reached->inlined : 0);
}

#endif
