#include "manifest/prototype/libclang.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"
#include "common/paths.h"

enum { NEWEST = 40, OLDEST = 11 }; /* versions whose names are tried */

/* That of PyPI's package, beside the wheel's own. It brings no headers of the compiler's, so that any other is better.
 */
static void *open_neighbour(void)
{
	char own[PATH_MAX];

	if (!hg_own_path(own))
		return NULL;
	*strrchr(own, '/') = '\0';
	char *path = hg_format("%s/../../clang/native/libclang.so", own);
	void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	free(path);
	return handle;
}

static void *open_any(void)
{
	static const char *const names[] = {"libclang.so.1", "libclang.so"};
	char name[64];
	void *handle = NULL;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names) && !handle; i++)
		handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
	for (int version = NEWEST; version >= OLDEST && !handle; version--) {
		/* as Debian calls it: libclang-14.so.1, libclang-19.so.19 */
		snprintf(name, sizeof(name), "libclang-%d.so.1", version);
		handle = dlopen(name, RTLD_NOW | RTLD_LOCAL);
		snprintf(name, sizeof(name), "libclang-%d.so.%d", version, version);
		handle = handle ? handle : dlopen(name, RTLD_NOW | RTLD_LOCAL);
	}
	return handle ? handle : open_neighbour();
}

/* The field is a pointer to a function; dlsym gives a pointer to data, which ISO C does not convert. */
static bool bind(const struct hg_libclang *clang, void *field, const char *name)
{
	void *call = dlsym(clang->handle, name);

	memcpy(field, &call, sizeof(call));
	return call;
}

static bool bind_all(struct hg_libclang *clang)
{
	bool good = true;

#define HG_CLANG_CALL(result, name, ...) good &= bind(clang, &clang->name, "clang_" #name);
#include "manifest/prototype/libclang_calls.def"
#undef HG_CLANG_CALL
	return good;
}

bool hg_libclang_open(struct hg_libclang *clang, FILE *errors)
{
	const char *own = getenv("HANDLEGUARD_LIBCLANG");

	memset(clang, 0, sizeof(*clang));
	clang->handle = own ? dlopen(own, RTLD_NOW | RTLD_LOCAL) : open_any();
	if (clang->handle && bind_all(clang))
		return true;
	fprintf(errors,
	        "headers are read with libclang, which %s; install it (Debian: libclang-dev), or say in "
	        "HANDLEGUARD_LIBCLANG which file it is\n",
	        clang->handle ? "is too old here" : "is not there");
	hg_libclang_close(clang);
	return false;
}

void hg_libclang_close(struct hg_libclang *clang)
{
	if (clang->handle)
		dlclose(clang->handle);
	clang->handle = NULL;
}

char *hg_clang_text(const struct hg_libclang *clang, struct hg_clang_string string)
{
	const char *text = clang->getCString(string);
	char *copy = text && *text ? hg_copy_text(text, strlen(text)) : NULL;

	clang->disposeString(string);
	return copy;
}
