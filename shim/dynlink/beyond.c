/* What stands behind the preload objects. */
#include "dynlink/beyond.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/libc.h"
#include "dynlink/elf_lookup.h"
#include "dynlink/preloads.h"

/* While the process starts, some have not registered their images yet: they go by their name. */
static bool is_preload_object(const struct hg_definition *object)
{
	static const char named[] = "handleguard-";
	return hg_image_within(object->low, object->high) ||
	       (object->soname && strncmp(object->soname, named, sizeof named - 1) == 0);
}

static bool is_beyond(const struct hg_definition *object, const void *argument)
{
	bool *passed = *(bool *const *)argument, ours = is_preload_object(object);
	*passed = *passed || ours;
	return *passed && !ours;
}

void *hg_find_beyond(const char *name)
{
	bool passed = false, *argument = &passed;
	struct hg_definition found;
	return hg_elf_find(name, is_beyond, &argument, &found) ? found.address : hg_libc_function(name);
}

void *hg_real_dlsym, *hg_real_dlvsym;

/* --- the real dlsym: ours stands before it, so that it cannot be asked for itself --- */

static void *find_nothing(void)
{
	return NULL;
}

void hg_find_real_dlsym(void)
{
	if (hg_real_dlsym)
		return;
	void *dlvsym_found = hg_libc_function("dlvsym"), *dlsym_found = hg_libc_function("dlsym");
	/* The trampolines jump there, whatever it is. */
	hg_real_dlvsym = dlvsym_found ? dlvsym_found : (void *)find_nothing;
	hg_real_dlsym = dlsym_found ? dlsym_found : (void *)find_nothing;
}
