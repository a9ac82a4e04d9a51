/* dlsym and dlvsym of the program: ctypes, cffi's ABI mode and the like look functions up with a library's handle and
 * so would pass a preload by. A look-up that finds a guarded function yields its stub. */
#include <dlfcn.h>

#include "call.h"

typedef void *dlsym_function(void *, const char *);
typedef void *dlvsym_function(void *, const char *, const char *);
typedef void *thunk(void *handle, const char *name, const char *version, void *function);

void *hg_dlsym_lookup(struct hg_image *image, void *handle, const char *name);
void *hg_dlvsym_lookup(struct hg_image *image, void *handle, const char *name, const char *version);

/* The slot that guards this name in this look-up; null: the real function answers. */
static struct hg_slot *guarded(struct hg_image *image, const void *handle, const char *name)
{
	hg_register_image(image);
	hg_find_real_dlsym();
	/* RTLD_DEFAULT finds the stub by itself; RTLD_NEXT asks for what comes after the caller, and shall get it. */
	if (!name || handle == RTLD_DEFAULT || handle == RTLD_NEXT)
		return NULL;
	return hg_find_slot(name);
}

/* The stub is what the preload object, first in the search order, exports under the name. */
static void *stub_of(const struct hg_slot *slot)
{
	const struct hg_image *image = hg_image_of(slot);
	return ((thunk *)image->next_call)(RTLD_DEFAULT, HG_IMAGE_TEXT(image, slot->name), NULL, hg_real_dlsym);
}

static void *stub_for(struct hg_slot *slot, void *real)
{
	void *stub = stub_of(slot);
	if (!real || real == stub)
		return real;
	if (!hg_process_start())
		return real;
	hg_adopt_images();
	if (hg_bind(slot, real))
		return stub;
	hg_count(HG_COUNTER_SECOND_COPY);
	return real;
}

void *hg_dlsym_lookup(struct hg_image *image, void *handle, const char *name)
{
	struct hg_slot *slot = guarded(image, handle, name);
	return slot ? stub_for(slot, ((dlsym_function *)hg_real_dlsym)(handle, name)) : NULL;
}

void *hg_dlvsym_lookup(struct hg_image *image, void *handle, const char *name, const char *version)
{
	struct hg_slot *slot = guarded(image, handle, name);
	return slot ? stub_for(slot, ((dlvsym_function *)hg_real_dlvsym)(handle, name, version)) : NULL;
}
