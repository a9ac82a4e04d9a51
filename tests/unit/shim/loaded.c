#include "loaded.h"

#include <link.h>
#include <stdio.h>

#include "base/libc.h"

void *load(const char *name, int flags)
{
	char path[4096];
	snprintf(path, sizeof path, "%s/%s", LIBRARIES, name);
	/* Not by a sanitizer's function, which refuses RTLD_DEEPBIND. */
	void *(*open)(const char *, int) = (void *(*)(const char *, int))hg_libc_function("dlopen");
	void *handle = open(path, flags);
	ck_assert_msg(handle != NULL, "%s", dlerror());
	return handle;
}

void *symbol_in(void *handle, const char *name)
{
	void *found = dlsym(handle, name);
	ck_assert_msg(found != NULL, "no %s", name);
	return found;
}

unsigned number_of(const struct hg_objects *objects, void *handle)
{
	return hg_objects_with(objects, ((const struct link_map *)handle)->l_ld);
}

struct copying {
	void *handle;
	struct hg_object object;
};

static void copy(const struct hg_objects *objects, void *argument)
{
	struct copying *copying = argument;
	unsigned number = number_of(objects, copying->handle);
	ck_assert_uint_lt(number, objects->count);
	copying->object = objects->list[number];
}

struct hg_object object_of(void *handle)
{
	struct copying copying = {.handle = handle};
	with_objects(copy, &copying);
	return copying.object;
}

void with_objects(void (*work)(const struct hg_objects *objects, void *argument), void *argument)
{
	ck_assert(hg_objects_hold(work, argument));
}
