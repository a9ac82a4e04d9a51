/* Preload objects that were built before. An object is code that the user's programs will run, so it is kept only where
 * nobody else can write. */
#include "manifest/cache.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <xxhash.h>

#include "common/allocate.h"
#include "common/file_text.h"
#include "common/host.h"
#include "common/paths.h"
#include "manifest/object/preload_image.h"
#include "manifest/object/preload_object.h"
#include "manifest/parse/read.h"
#include "manifest/shelf.h"

/* Makes the folder and those above it, as far as they are missing. */
static void make_folders(const char *path)
{
	char *copy = hg_copy_text(path, strlen(path));

	for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(copy, 0700);
		*slash = '/';
	}
	mkdir(copy, 0700);
	free(copy);
}

/* Whether the folder is the user's, only the user can write to it, and libraries can be mapped from it. */
static bool is_private(const char *path)
{
	struct stat status;
	struct statvfs system;

	return lstat(path, &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == geteuid() &&
	       !(status.st_mode & (S_IWGRP | S_IWOTH)) && access(path, W_OK | X_OK) == 0 &&
	       statvfs(path, &system) == 0 && !(system.f_flag & ST_NOEXEC);
}

/* The folder if it can be used, else NULL; LD_PRELOAD splits at spaces and colons, and replaces $NAMES. */
static char *usable(char *path)
{
	if (path && path[0] == '/' && !strpbrk(path, " :;$\t\n")) {
		make_folders(path);
		if (is_private(path))
			return path;
	}
	free(path);
	return NULL;
}

static char *below(const char *folder, const char *name)
{
	return folder && *folder ? hg_format("%s/%s", folder, name) : NULL;
}

char *hg_cache_directory(FILE *errors)
{
	char *own = hg_format("handleguard-%u", (unsigned)geteuid());
	char *path = usable(below(getenv("XDG_CACHE_HOME"), "handleguard"));

	if (!path)
		path = usable(below(getenv("HOME"), ".cache/handleguard"));
	if (!path)
		path = usable(below(getenv("TMPDIR"), own));
	if (!path)
		path = usable(below("/tmp", own));
	if (!path)
		fprintf(errors,
		        "handleguard: no folder for built preload objects: neither $XDG_CACHE_HOME/handleguard, "
		        "~/.cache/handleguard, $TMPDIR/%s nor /tmp/%s is private, writable and executable\n",
		        own, own);
	free(own);
	return path;
}

/* The file's name is a hash of everything that decides about a byte of the object. */
static char *object_path(const struct hg_manifest *manifest, const char *text, size_t size,
                         const char *runtime_directory, const char *cache_directory)
{
	char *rest = hg_format("%s\n%d\n%d\n%d\n%s\n%s", HG_VERSION, HG_OBJECT_REVISION, HG_IMAGE_VERSION,
	                       HG_HOST_MACHINE, runtime_directory, manifest->name);
	XXH128_hash_t rest_hash = XXH3_128bits(rest, strlen(rest));
	XXH128_hash_t hash = XXH3_128bits_withSeed(text, size, rest_hash.low64 ^ rest_hash.high64);

	free(rest);
	return hg_format("%s/%s-%016llx%016llx.so", cache_directory, manifest->name, (unsigned long long)hash.high64,
	                 (unsigned long long)hash.low64);
}

/* An object from an earlier run is used again only if it is what would be written now, to the last byte: a program that
 * loads a damaged one dies of it. Composing it to compare takes some hundred microseconds. */
static int provide(const struct hg_manifest *manifest, const char *runtime_directory, const char *path, FILE *errors)
{
	struct hg_image *image = hg_manifest_image(manifest, HG_HOST_MACHINE);
	int result = 0;

	if (!hg_object_is(image, runtime_directory, path))
		result = hg_object_write(image, runtime_directory, path, errors);

	free(image);
	return result;
}

char *hg_cached_object(const char *manifest_path, const char *runtime_directory, const char *cache_directory,
                       FILE *errors)
{
	size_t size;
	char *text = hg_file_text(manifest_path, "manifest", HG_MOST_YAML, &size, errors), *path = NULL;
	struct hg_manifest *manifest = text ? hg_manifest_parse(manifest_path, text, size, errors) : NULL;

	if (manifest) {
		path = object_path(manifest, text, size, runtime_directory, cache_directory);
		if (provide(manifest, runtime_directory, path, errors) < 0) {
			free(path);
			path = NULL;
		}
	}
	hg_manifest_free(manifest);
	free(text);
	return path;
}

/* A program does not even start if a preload object does not find its runtime. */
static bool has_runtime(const char *directory, FILE *errors)
{
	char *path = hg_format("%s/%s", directory, HG_RUNTIME_SONAME);
	bool there = access(path, R_OK) == 0;

	if (!there)
		fprintf(errors, "handleguard: %s: the runtime, which belongs there, cannot be read: %s\n", path,
		        strerror(errno));
	free(path);
	return there;
}

char *hg_manifest_object(const char *name, FILE *errors)
{
	char *manifest =
	    has_runtime(hg_runtime_directory(), errors) ? hg_manifest_find(name, hg_shelf_directory(), errors) : NULL;
	char *cache = manifest ? hg_cache_directory(errors) : NULL;
	char *path = cache ? hg_cached_object(manifest, hg_runtime_directory(), cache, errors) : NULL;

	free(manifest);
	free(cache);
	return path;
}
