#include "manifest/shelf.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/allocate.h"
#include "common/files.h"
#include "common/nearest.h"
#include "manifest/parse/read.h"

#define SUFFIX ".yaml"

static int is_manifest(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && hg_has_suffix(entry->d_name, SUFFIX);
}

/* The names on the shelf in order, each and the list to be freed; -1 if the folder cannot be read. */
static int shelf_names(const char *directory, char ***names)
{
	struct dirent **entries;
	int count = scandir(directory, &entries, is_manifest, alphasort);

	if (count < 0)
		return -1;
	*names = hg_allocate((size_t)count, sizeof(**names));
	for (int i = 0; i < count; i++) {
		(*names)[i] = hg_copy_text(entries[i]->d_name, strlen(entries[i]->d_name) - strlen(SUFFIX));
		free(entries[i]);
	}
	free(entries);
	return count;
}

static void free_names(char **names, int count)
{
	for (int i = 0; i < count; i++)
		free(names[i]);
	free(names);
}

static const char *without_lib(const char *name)
{
	return strncmp(name, "lib", 3) != 0 ? name : name + 3;
}

/* What was probably meant: a name that is nearly the same, or the same but for a "lib" before it. */
static const char *nearest_name(const char *name, char **names, int count)
{
	const char *meant = hg_nearest(name, (const char *const *)names, (size_t)count);
	const char **stems = hg_allocate((size_t)count, sizeof(*stems));

	for (int i = 0; i < count; i++)
		stems[i] = without_lib(names[i]);
	const char *near = meant ? NULL : hg_nearest(without_lib(name), stems, (size_t)count);
	for (int i = 0; near && i < count; i++)
		if (stems[i] == near)
			meant = names[i];
	free(stems);
	return meant;
}

static void say_unknown(const char *name, const char *directory, FILE *errors)
{
	char **names;
	int count = shelf_names(directory, &names);

	if (count < 0) {
		fprintf(errors, "handleguard: no manifest '%s': the shelf %s cannot be read: %s\n", name, directory,
		        strerror(errno));
		return;
	}
	const char *meant = nearest_name(name, names, count);
	fprintf(errors, "handleguard: no manifest '%s' on the shelf %s", name, directory);
	if (meant)
		fprintf(errors, "; did you mean '%s'?", meant);
	fputs(" ('handleguard manifest list' lists them; a path has a '/' or ends in .yaml)\n", errors);
	free_names(names, count);
}

static char *find_path(const char *path, FILE *errors)
{
	if (access(path, R_OK) == 0)
		return hg_copy_text(path, strlen(path));
	fprintf(errors, "%s: cannot read the manifest: %s\n", path, strerror(errno));
	return NULL;
}

bool hg_is_soname(const char *name)
{
	return (hg_has_suffix(name, ".so") && strlen(name) > strlen(".so")) || strstr(name, ".so.");
}

static bool is_for(const char *path, const char *soname)
{
	struct hg_manifest *manifest = hg_manifest_read(path, stderr);
	bool found = false;

	for (size_t i = 0; manifest && i < manifest->library_count; i++)
		found |= fnmatch(manifest->libraries[i], soname, 0) == 0;
	hg_manifest_free(manifest);
	return found;
}

static char *find_soname(const char *soname, const char *directory)
{
	char **names, *found = NULL;
	int count = shelf_names(directory, &names);

	for (int i = 0; i < count && !found; i++) {
		char *path = hg_format("%s/%s" SUFFIX, directory, names[i]);
		if (is_for(path, soname))
			found = path;
		else
			free(path);
	}
	if (count >= 0)
		free_names(names, count);
	return found;
}

char *hg_manifest_find(const char *name, const char *shelf_directory, FILE *errors)
{
	if (strchr(name, '/') || hg_has_suffix(name, SUFFIX))
		return find_path(name, errors);
	char *path = hg_format("%s/%s" SUFFIX, shelf_directory, name);
	if (*name && access(path, R_OK) == 0)
		return path;
	free(path);
	path = hg_is_soname(name) ? find_soname(name, shelf_directory) : NULL;
	if (!path)
		say_unknown(name, shelf_directory, errors);
	return path;
}

static char *join_libraries(const struct hg_manifest *manifest)
{
	char *joined = hg_copy_text("", 0);

	for (size_t i = 0; i < manifest->library_count; i++) {
		char *longer = hg_format("%s%s%s", joined, i ? ", " : "", manifest->libraries[i]);
		free(joined);
		joined = longer;
	}
	return joined;
}

static int list_one(const char *directory, const char *name, FILE *output, FILE *errors)
{
	char *path = hg_format("%s/%s" SUFFIX, directory, name);
	struct hg_manifest *manifest = hg_manifest_read(path, errors);

	if (manifest) {
		char *libraries = join_libraries(manifest);
		fprintf(output, "%-16s %-40s %zu function%s\n", name, libraries, manifest->function_count,
		        manifest->function_count == 1 ? "" : "s");
		free(libraries);
	}
	int result = manifest ? 0 : -1;
	hg_manifest_free(manifest);
	free(path);
	return result;
}

int hg_shelf_list(const char *shelf_directory, FILE *output, FILE *errors)
{
	char **names;
	int count = shelf_names(shelf_directory, &names), result = 0;

	if (count < 0) {
		fprintf(errors, "handleguard: the shelf %s cannot be read: %s\n", shelf_directory, strerror(errno));
		return -1;
	}
	for (int i = 0; i < count; i++)
		if (list_one(shelf_directory, names[i], output, errors) < 0)
			result = -1;
	free_names(names, count);
	return result;
}
