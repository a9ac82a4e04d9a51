/* dlsym and dlvsym of the program: ctypes, cffi's ABI mode and the like look functions up with a library's handle and
 * so would pass a preload by. A look-up that finds a guarded function yields its stub. */
#include <dlfcn.h>

#include "api/start.h"
#include "base/counters.h"
#include "bind/definitions.h"
#include "bind/dlopen.h"
#include "bind/images.h"
#include "bind/instances.h"
#include "dynlink/beyond.h"
#include "dynlink/elf_lookup.h"
#include "dynlink/elf_object.h"
#include "dynlink/objects.h"
#include "dynlink/preloads.h"
#include "dynlink/scope.h"
#include "format/image.h"
#include "format/record.h"

typedef void *dlsym_function(void *, const char *);
typedef void *dlvsym_function(void *, const char *, const char *);
typedef void *thunk(void *handle, const char *name, const char *version, void *function);

/* The frame of the trampoline that was called: the caller's frame pointer, the return address, the caller's stack. */
struct hg_lookup {
	struct hg_image *image;
	void *handle;
	const char *name;
	const char *version; /* null: dlsym */
	const uint64_t *frame;
};

void *hg_look_up(const struct hg_lookup *lookup);

/* interpose_*.S: jump to the real function, which must see the true caller. */
#define LOOK_YOURSELF ((void *)-1)

/* --- what is found --- */

static bool is_within_image(const void *address)
{
	struct hg_definition object;
	return hg_elf_object(address, &object) && hg_image_within(object.low, object.high);
}

/* As if the preload object itself had called, so that RTLD_NEXT means: after it. */
static void *find_after_us(const struct hg_lookup *lookup)
{
	thunk *next = (thunk *)lookup->image->next_call;
	return next(RTLD_NEXT, lookup->name, lookup->version, lookup->version ? hg_real_dlvsym : hg_real_dlsym);
}

struct local {
	const struct hg_lookup *lookup;
	void *found;
};

static void search_local(const struct hg_objects *objects, void *argument)
{
	struct local *local = argument;
	unsigned caller = hg_objects_at(objects, (const void *)local->lookup->frame[1]);
	struct hg_wanted wanted = hg_wanted_name(local->lookup->name);
	struct hg_found found;
	wanted.version = local->lookup->version;
	wanted.newest = true;
	if (caller != HG_OBJECTS_MOST && hg_scope_find(objects, caller, &wanted, &found))
		local->found = hg_object_function(&objects->list[found.object], found.symbol);
}

/* What the caller has of its own besides what all have. A success leaves no message. */
static void *find_for_caller(const struct hg_lookup *lookup)
{
	struct local local = {.lookup = lookup};
	hg_objects_hold(search_local, &local);
	if (local.found)
		dlerror();
	return local.found;
}

static void *find(const struct hg_lookup *lookup)
{
	bool by_default = lookup->handle == RTLD_DEFAULT;
	void *real = NULL;
	if (!by_default && lookup->handle != RTLD_NEXT) {
		real = lookup->version
		           ? ((dlvsym_function *)hg_real_dlvsym)(lookup->handle, lookup->name, lookup->version)
		           : ((dlsym_function *)hg_real_dlsym)(lookup->handle, lookup->name);
		/* The handle of the program: its search order is that of all. */
		if (!real || !is_within_image(real))
			return real;
	}
	real = find_after_us(lookup);
	return real || !by_default ? real : find_for_caller(lookup);
}

/* --- its stub --- */

struct stub {
	struct hg_slot *slot;
	void *real;
	const void *stub;
	bool no_library; /* its calls pass the stubs by, as those of the program's own functions do */
};

static void find_stub(const struct hg_objects *objects, void *argument)
{
	struct stub *stub = argument;
	unsigned library = hg_objects_at(objects, stub->real);
	stub->no_library = library == HG_OBJECTS_MOST || !hg_scope_is_library(objects, library);
	if (stub->no_library)
		return;
	hg_definitions_note(objects, stub->slot);
	struct hg_slot *own = hg_definitions_bind(stub->slot, objects, library, stub->real);
	if (own)
		stub->stub =
		    own->real == stub->slot->real ? hg_definitions_stub(objects, stub->slot) : hg_instance_stub(own);
}

static void *stub_for(struct hg_slot *slot, void *real)
{
	struct stub stub = {.slot = slot, .real = real, .no_library = true};
	if (!real || !hg_process_start())
		return real;
	hg_adopt_images();
	hg_objects_hold(find_stub, &stub);
	if (!stub.stub && !stub.no_library)
		hg_count(HG_COUNTER_SECOND_COPY);
	return stub.stub ? (void *)stub.stub : real;
}

/* RTLD_NEXT asks for what comes after the caller: that is no stub but where the caller comes before us. */
static bool asks_beyond_us(const struct hg_lookup *lookup)
{
	struct hg_definition object;
	return lookup->handle == RTLD_NEXT &&
	       !(hg_elf_object((const void *)lookup->frame[1], &object) && !object.library[0]);
}

void *hg_look_up(const struct hg_lookup *lookup)
{
	hg_image_list(lookup->image);
	hg_find_real_dlsym();
	hg_dlopen_end_here((uintptr_t)(lookup->frame + 2));
	struct hg_slot *slot = lookup->name ? hg_find_slot(lookup->name) : NULL;
	return slot && !asks_beyond_us(lookup) ? stub_for(slot, find(lookup)) : LOOK_YOURSELF;
}
