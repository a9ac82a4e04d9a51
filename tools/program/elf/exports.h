/* The functions that a library offers, by its file. */
#ifndef HG_PROGRAM_ELF_EXPORTS_H
#define HG_PROGRAM_ELF_EXPORTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct hg_exports {
	char *path;
	char *soname; /* or the file's name, where there is none */
	char **names; /* sorted, each once */
	size_t count;
};

/* `library` is a path, or a soname that is looked for where the dynamic linker looks. False after saying on `errors`
 * (null: nowhere) why it cannot be read. */
bool hg_exports_read(struct hg_exports *exports, const char *library, FILE *errors);
bool hg_exports_has(const struct hg_exports *exports, const char *name);

/* What was probably meant by a name that the library lacks: a function of it that is not named besides. Null: nothing
 * is like it. */
const char *hg_exports_nearest(const struct hg_exports *exports, const char *name,
                               bool (*is_named)(const void *context, const char *function), const void *context);

/* "NAME (did you mean OTHER?)" */
void hg_exports_print_meant(const struct hg_exports *exports, const char *name,
                            bool (*is_named)(const void *context, const char *function), const void *context,
                            FILE *out);

void hg_exports_drop(struct hg_exports *exports);

#endif
