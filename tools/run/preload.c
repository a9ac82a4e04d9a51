#include "run/preload.h"

#include <dlfcn.h>
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/paths.h"
#include "format/image.h"
#include "manifest/cache.h"
#include "manifest/guarded.h"
#include "manifest/shelf.h"
#include "program/elf/elf_facts.h"

static bool is_file_in(const char *folder, size_t length, const char *beside)
{
	static const char origin[] = "$ORIGIN";
	char *path = NULL, *own = strdup(beside);
	bool is_origin = length == strlen(origin) && strncmp(folder, origin, length) == 0;

	if (!own || asprintf(&path, "%.*s/" HG_RUNTIME_SONAME, is_origin ? PATH_MAX : (int)length,
	                     is_origin ? dirname(own) : folder) < 0)
		abort();
	bool there = access(path, R_OK) == 0;
	free(path);
	free(own);
	return there;
}

/* As the loader looks: where the object says, then in the usual places. Without its runtime the object would keep every
 * program from starting. */
static bool finds_runtime(const char *path, const char *runpath)
{
	for (const char *folder = runpath; *folder != '\0';) {
		size_t length = strcspn(folder, ":");
		if (is_file_in(folder, length, path))
			return true;
		folder += length + (folder[length] == ':');
	}
	return dlopen(HG_RUNTIME_SONAME, RTLD_LAZY | RTLD_LOCAL);
}

/* A preload object that somebody built before. */
static char *ready_object(const char *program, const char *name)
{
	struct hg_elf_facts facts;
	char *path = realpath(name, NULL);

	if (!path || !hg_elf_facts_read(path, &facts)) {
		fprintf(stderr, "%s: %s: cannot be read: %s\n", program, name, strerror(errno));
		free(path);
		return NULL;
	}
	if (!facts.is_elf || !facts.needs_runtime) {
		fprintf(stderr,
		        "%s: %s: is not a preload object, for it does not need " HG_RUNTIME_SONAME
		        "; make one with handleguard manifest build\n",
		        program, name);
		free(path);
		return NULL;
	}
	if (!finds_runtime(path, facts.runpath)) {
		fprintf(stderr,
		        "%s: %s: does not find its runtime " HG_RUNTIME_SONAME
		        " in %s; build the object anew, or put the runtime beside it\n",
		        program, path, facts.runpath);
		free(path);
		return NULL;
	}
	return path;
}

static char *object_of(const char *program, const char *name)
{
	char *path = hg_names_object(name) ? ready_object(program, name) : hg_manifest_object(name, stderr);

	/* The loader takes both as the end of a name. */
	if (path && strpbrk(path, " :")) {
		fprintf(stderr, "%s: %s: cannot be preloaded, for its path has a space or a colon; move it\n", program,
		        path);
		free(path);
		return NULL;
	}
	return path;
}

static char *joined(char *list, const char *more)
{
	char *longer = NULL;

	if (!list)
		return strdup(more);
	if (asprintf(&longer, "%s:%s", list, more) < 0)
		longer = NULL;
	free(list);
	return longer;
}

/* The first function that both name; null: there is none. Slots are sorted by name. */
static const char *shared_function(const struct hg_image *one, const struct hg_image *other)
{
	const struct hg_slot *first = (const void *)((const char *)one + one->slots);
	const struct hg_slot *second = (const void *)((const char *)other + other->slots);
	uint32_t i = 0, j = 0;

	while (i < one->slot_count && j < other->slot_count) {
		int order = strcmp(HG_IMAGE_TEXT(one, first[i].name), HG_IMAGE_TEXT(other, second[j].name));
		if (order == 0)
			return HG_IMAGE_TEXT(one, first[i].name);
		i += order < 0;
		j += order > 0;
	}
	return NULL;
}

/* A call reaches one guard. A second manifest that names its function would see none of them. */
static bool are_apart(const char *program, const char *const *manifests, size_t count)
{
	struct hg_image **images = calloc(count, sizeof(struct hg_image *));
	bool apart = images;

	for (size_t i = 0; apart && i < count; i++) {
		images[i] = hg_guarded_image(program, manifests[i]);
		apart = images[i];
		for (size_t j = 0; apart && j < i; j++) {
			const char *function = shared_function(images[j], images[i]);
			if (!function)
				continue;
			fprintf(stderr, "%s: %s and %s both name the function %s; say it in one manifest only\n",
			        program, manifests[j], manifests[i], function);
			apart = false;
		}
	}
	for (size_t i = 0; images && i < count; i++)
		free(images[i]);
	free(images);
	return apart;
}

char *hg_preload_list(const char *program, const char *const *manifests, size_t count)
{
	const char *inherited = getenv("LD_PRELOAD");
	char *list = NULL;

	if (count == 0) {
		fprintf(stderr,
		        "%s: no manifest was given; say what to guard with -m, a YAML file or one of the shelf:\n",
		        program);
		hg_shelf_list(hg_shelf_directory(), stderr, stderr);
		return NULL;
	}
	if (count > 1 && !are_apart(program, manifests, count))
		return NULL;
	for (size_t i = 0; i < count; i++) {
		char *object = object_of(program, manifests[i]);
		if (object)
			list = joined(list, object);
		free(object);
		if (!object || !list) {
			free(list);
			return NULL;
		}
	}
	return inherited && inherited[0] != '\0' ? joined(list, inherited) : list;
}
