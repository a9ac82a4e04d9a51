/* Which types of C are those of a manifest's classes. The manifest does not say so, but the functions that it names do:
 * what most of them take as a handle of the class is its type. A class may have handles of several types that are cast
 * to each other (the objects of libgit2): so are those types its own of which it has a create and a free. */
#ifndef HG_MANIFEST_CHECK_HANDLE_TYPES_H
#define HG_MANIFEST_CHECK_HANDLE_TYPES_H

#include "manifest/check/check.h"

struct hg_handle_types {
	char **names; /* by class; null: its handles are of no type of their own (void *, int) */
	size_t count;
	struct hg_further_type {
		uint32_t class_index;
		char *name;
	} * further;
	size_t further_count;
};

void hg_handle_types_find(struct hg_handle_types *types, const struct hg_checked *checked);
void hg_handle_types_drop(struct hg_handle_types *types);

/* The type of the handle that a use or a create speaks of, which lies behind so many pointers; null: not known. */
const char *hg_use_identity(const struct hg_prototype *prototype, const struct hg_image_use *use);
const char *hg_make_identity(const struct hg_prototype *prototype, const struct hg_image_make *make);

/* Whether that class has handles of that type. */
bool hg_class_has_type(const struct hg_handle_types *types, uint32_t class_index, const char *identity);

/* The index of the class of that type's handles, or HG_NONE. */
uint32_t hg_class_of_type(const struct hg_handle_types *types, const char *identity);

#endif
