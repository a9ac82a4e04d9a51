#include "program/elf/exports.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/allocate.h"
#include "common/files.h"
#include "common/host.h"
#include "common/nearest.h"
#include "program/elf/elf_file.h"

/* ---- Where it lies ---- */

static char *in_folder(const char *folder, size_t length, const char *library)
{
	char *path = hg_format("%.*s/%s", (int)length, folder, library);

	if (length && access(path, R_OK) == 0)
		return path;
	free(path);
	return NULL;
}

/* In the folders of a list with colons. */
static char *in_list(const char *list, const char *library)
{
	char *path = NULL;

	for (const char *at = list; at && *at && !path;) {
		size_t length = strcspn(at, ":");
		path = in_folder(at, length, library);
		at += length + (at[length] == ':');
	}
	return path;
}

static char *find_library(const char *library)
{
	static const char folders[] = "/usr/local/lib/" HG_HOST_TRIPLET ":/usr/local/lib:/lib/" HG_HOST_TRIPLET
	                              ":/usr/lib/" HG_HOST_TRIPLET ":/lib64:/usr/lib64:/lib:/usr/lib";

	if (strchr(library, '/') || access(library, R_OK) == 0)
		return hg_copy_text(library, strlen(library));
	char *path = in_list(getenv("LD_LIBRARY_PATH"), library);
	return path ? path : in_list(folders, library);
}

/* ---- What it offers ---- */

struct collection {
	struct hg_exports *exports;
	size_t room;
};

static void collect(void *context, const char *name, enum hg_place place)
{
	struct collection *collection = context;
	struct hg_exports *exports = collection->exports;

	if (place != HG_PLACE_EXPORTED)
		return;
	if (exports->count == collection->room) {
		collection->room = 2 * collection->room + 64;
		char **longer = hg_allocate(collection->room, sizeof(*longer));
		if (exports->count)
			memcpy(longer, exports->names, exports->count * sizeof(*longer));
		free(exports->names);
		exports->names = longer;
	}
	exports->names[exports->count++] = hg_copy_text(name, strlen(name));
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A function with several versions stands in the table several times. */
static void sort_names(struct hg_exports *exports)
{
	size_t kept = 0;

	if (exports->count)
		qsort(exports->names, exports->count, sizeof(*exports->names), compare);
	for (size_t i = 0; i < exports->count; i++)
		if (kept && strcmp(exports->names[kept - 1], exports->names[i]) == 0)
			free(exports->names[i]);
		else
			exports->names[kept++] = exports->names[i];
	exports->count = kept;
}

bool hg_exports_read(struct hg_exports *exports, const char *library, FILE *errors)
{
	struct collection collection = {.exports = exports};
	struct hg_elf_file file;

	memset(exports, 0, sizeof(*exports));
	exports->path = find_library(library);
	if (!exports->path || !hg_elf_file_open(&file, exports->path)) {
		const char *why = !exports->path || errno == ENOENT ? "there is no such library"
		                                                    : "it is no ELF file of this machine's word size";
		if (errors)
			fprintf(errors, "%s: %s; give the path of a shared library\n", library, why);
		hg_exports_drop(exports);
		return false;
	}
	const char *name = file.soname ? file.soname : hg_base_name(exports->path);
	exports->soname = hg_copy_text(name, strlen(name));
	hg_elf_file_symbols(&file, collect, &collection);
	hg_elf_file_close(&file);
	sort_names(exports);
	return true;
}

bool hg_exports_has(const struct hg_exports *exports, const char *name)
{
	return exports->count && bsearch(&name, exports->names, exports->count, sizeof(*exports->names), compare);
}

const char *hg_exports_nearest(const struct hg_exports *exports, const char *name,
                               bool (*is_named)(const void *context, const char *function), const void *context)
{
	const char **free_names = hg_allocate(exports->count, sizeof(*free_names));
	size_t count = 0;

	for (size_t i = 0; i < exports->count; i++)
		if (!is_named(context, exports->names[i]))
			free_names[count++] = exports->names[i];
	const char *meant = hg_nearest(name, free_names, count);
	free(free_names);
	return meant;
}

void hg_exports_print_meant(const struct hg_exports *exports, const char *name,
                            bool (*is_named)(const void *context, const char *function), const void *context, FILE *out)
{
	const char *meant = hg_exports_nearest(exports, name, is_named, context);

	fputs(name, out);
	if (meant)
		fprintf(out, " (did you mean %s?)", meant);
}

void hg_exports_drop(struct hg_exports *exports)
{
	for (size_t i = 0; i < exports->count; i++)
		free(exports->names[i]);
	free(exports->names);
	free(exports->soname);
	free(exports->path);
	memset(exports, 0, sizeof(*exports));
}
