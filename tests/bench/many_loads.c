/* Loads so many copies of a plugin, and says in nanoseconds what it takes then to load one more and to unload it:
 * many_loads MODULE COUNT. One handle of SQLite's was made and closed before, so that functions are bound. */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "target.h"

enum { LOADS = 100 };

static char folder[] = "/tmp/hg_many_loads.XXXXXX";

static const char *path_of(unsigned number)
{
	static char path[64];
	snprintf(path, sizeof path, "%s/module_%u.so", folder, number);
	return path;
}

static void remove_all(unsigned count)
{
	for (unsigned i = 0; i <= count; i++)
		unlink(path_of(i));
	rmdir(folder);
}

static bool copy(const char *module, const char *to)
{
	struct stat status;
	int from = open(module, O_RDONLY | O_CLOEXEC), file = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700);
	bool done = from >= 0 && file >= 0 && fstat(from, &status) == 0 &&
	            sendfile(file, from, NULL, (size_t)status.st_size) == status.st_size;
	close(from);
	close(file);
	return done;
}

static bool load_all(const char *module, unsigned count)
{
	for (unsigned i = 0; i <= count; i++)
		if (!copy(module, path_of(i)) || (i && !dlopen(path_of(i), RTLD_NOW)))
			return false;
	return true;
}

static bool use_sqlite(void)
{
	void *library = dlopen("libsqlite3.so.0", RTLD_NOW), *handle = NULL;
	int (*begin)(const char *, void **) =
	    library ? (int (*)(const char *, void **))dlsym(library, "sqlite3_open") : NULL;
	int (*end)(void *) = library ? (int (*)(void *))dlsym(library, "sqlite3_close") : NULL;
	return begin && end && begin(":memory:", &handle) == 0 && end(handle) == 0;
}

/* The fastest of many. */
static uint64_t time_one(void)
{
	uint64_t best = UINT64_MAX;
	for (unsigned i = 0; i < LOADS; i++) {
		uint64_t begun = target_now();
		void *module = dlopen(path_of(0), RTLD_NOW);
		if (!module || dlclose(module) != 0)
			return 0;
		uint64_t took = target_now() - begun;
		best = took < best ? took : best;
	}
	return best;
}

int main(int argc, char **argv)
{
	if (argc != 3 || !mkdtemp(folder)) {
		fputs("many_loads: MODULE and COUNT are wanted, and room in /tmp\n", stderr);
		return 1;
	}
	unsigned count = (unsigned)strtoul(argv[2], NULL, 10);
	uint64_t best = use_sqlite() && load_all(argv[1], count) ? time_one() : 0;
	remove_all(count);
	if (best)
		printf("%llu\n", (unsigned long long)best);
	else
		fprintf(stderr, "many_loads: cannot load: %s\n", dlerror());
	return !best;
}
