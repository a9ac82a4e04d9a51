/* dlclose of the program: a slot's pointer into an unloaded library would be called, so that libraries whose functions
 * are bound stay loaded for good. They are pinned here, not where they are bound: that would wait for the dynamic
 * linker's lock, which a constructor that waits for the binding thread may hold; dlclose waits for it anyway. */
#include <dlfcn.h>
#include <errno.h>

#include "call.h"
#include "elf_lookup.h"

typedef void *dlopen_function(const char *, int);
typedef int dlclose_function(void *);

__attribute__((visibility("default"))) int hg_dlclose(void *handle);

/* Not by its own name, which may lead back to us. */
static void pin_library(const char *path)
{
	dlopen_function *real = (dlopen_function *)hg_find_in_libc("dlopen");
	if (real)
		real(path, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
}

/* What was there when the process started is never unloaded. */
static void pin(struct hg_slot *slot)
{
	struct hg_definition object;
	if (__atomic_exchange_n(&slot->pinned, 1, __ATOMIC_RELAXED))
		return;
	if (!hg_loaded_at_start(slot->library_low) && hg_elf_object(slot->real, &object) && object.library[0])
		pin_library(object.library);
}

int hg_dlclose(void *handle)
{
	int saved = errno;
	hg_each_bound_slot(pin);
	dlclose_function *real = (dlclose_function *)hg_find_in_libc("dlclose");
	errno = saved;
	return real ? real(handle) : -1;
}
