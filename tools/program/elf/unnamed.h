/* Functions of a library that other objects use, and that a manifest does not name: calls of them are not guarded. */
#ifndef HG_PROGRAM_ELF_UNNAMED_H
#define HG_PROGRAM_ELF_UNNAMED_H

#include <stdbool.h>
#include <stddef.h>
#include <uthash.h>

struct hg_unnamed {
	char *function;
	size_t library; /* number of the object that offers it */
	size_t user;    /* number of an object that uses it */
	bool used;
	UT_hash_handle hh;
};

struct hg_unnamed_question {
	const char *const *objects; /* paths of all that the process has loaded */
	size_t object_count;
	const char *patterns;  /* of the library's soname, separated by spaces */
	const char *unguarded; /* functions that are left out on purpose, separated by spaces */
	bool (*is_named)(const void *context, const char *function);
	const void *context;
};

/* A table, in the order of the names; null: there are none, or the library is not among the objects. Objects that
 * cannot be read are passed over. */
struct hg_unnamed *hg_unnamed_find(const struct hg_unnamed_question *question);
void hg_unnamed_drop(struct hg_unnamed *table);

#endif
