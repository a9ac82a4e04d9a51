#include "common/paths.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

/* HG_PATH_RUNTIME and HG_PATH_SHELF come from the build: relative to the folder of the installed program. The build
 * tree has the shape of the installed tree, but for a library folder of several levels. */
#define BUILD_RUNTIME "../lib"
#define BUILD_SHELF   "../share/handleguard/manifests"

/* Without /proc, as in a bare chroot, the path is left that the kernel hands to each program that it starts. */
int hg_own_path(char path[PATH_MAX])
{
	ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - 1);
	const char *started = (const char *)getauxval(AT_EXECFN);

	if (length <= 0)
		return started && realpath(started, path);
	path[length] = '\0';
	return 1;
}

/* The program's folder with `relative` resolved against it. False if there is no such folder or it lacks `proof`. */
static int sibling(const char *relative, const char *proof, char resolved[PATH_MAX])
{
	char program[PATH_MAX], joined[2 * PATH_MAX];

	if (!hg_own_path(program))
		return 0;
	*strrchr(program, '/') = '\0';
	snprintf(joined, sizeof(joined), "%s/%s", program, relative);
	if (!realpath(joined, resolved)) {
		snprintf(resolved, PATH_MAX, "%.*s", PATH_MAX - 1, joined);
		return 0;
	}
	snprintf(joined, sizeof(joined), "%s/%s", resolved, proof);
	return access(joined, F_OK) == 0;
}

/* Where neither place exists, the answer is the installed one: it is the better one to name in a message. */
static const char *find(const char *installed, const char *built, const char *proof, char resolved[PATH_MAX])
{
	if (!resolved[0] && !sibling(installed, proof, resolved) && !sibling(built, proof, resolved))
		sibling(installed, proof, resolved);
	return resolved;
}

const char *hg_runtime_directory(void)
{
	static char resolved[PATH_MAX];

	return find(HG_PATH_RUNTIME, BUILD_RUNTIME, "libhandleguard.so.0", resolved);
}

const char *hg_runtime_object(void)
{
	static char path[PATH_MAX + 32];

	snprintf(path, sizeof(path), "%s/handleguard-inside.o", hg_runtime_directory());
	return path;
}

const char *hg_shelf_directory(void)
{
	static char resolved[PATH_MAX];

	return find(HG_PATH_SHELF, BUILD_SHELF, ".", resolved);
}
