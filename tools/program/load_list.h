/* What a program consists of when it starts. */
#ifndef HG_PROGRAM_LOAD_LIST_H
#define HG_PROGRAM_LOAD_LIST_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

struct hg_load_list {
	char program[PATH_MAX]; /* the program that the kernel starts for a command: for a script, its interpreter */
	bool is_script;
	bool is_static; /* with the runtime inside: it loads nothing */
	char **objects; /* paths: the program first, then the libraries in the loader's order */
	size_t object_count;
	char *missing; /* a library that the loader does not find; null: none */
};

/* Asks the program's own loader, if it has one, which lists the libraries without running anything of them. False if it
 * does not answer. */
bool hg_load_list_read(struct hg_load_list *load_list, const char *path);
void hg_load_list_drop(struct hg_load_list *load_list);

#endif
