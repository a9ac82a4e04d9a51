#include "bind/dlopen.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "base/counters.h"
#include "base/sys.h"
#include "bind/bindings.h"
#include "bind/slots.h"
#include "dynlink/at_start.h"
#include "dynlink/beyond.h"
#include "dynlink/elf_lookup.h"
#include "dynlink/objects.h"
#include "format/image.h"
#include "format/record.h"
#include "process/process.h"
#include "walkers/walkers.h"

/* Wherever it can be, dlopen is called from here, so that its end is known. It looks at its caller, though: what
 * DT_RPATH and DT_RUNPATH there say decides where it searches, and $ORIGIN is where the caller is. Where that matters,
 * the stub jumps on to it, and the load counts as under way until the thread is seen above it. */

typedef void *dlopen_function(const char *, int);
typedef int dlclose_function(void *);

/* A call of dlopen, as dlopen_*.S hand it over. */
struct hg_load {
	const char *name;
	uint64_t flags;
	uintptr_t frame; /* where the caller's stack ended */
	const void *caller;
	void *result;
};

bool hg_load(struct hg_load *load);
bool hg_load_into(struct hg_load *load, uint64_t space);
__attribute__((visibility("default"))) int hg_dlclose(void *handle);

/* dlopen_*.S jump there. */
void *hg_real_dlopen, *hg_real_dlmopen;
static dlclose_function *real_dlclose;

static void *find_nothing(void)
{
	return NULL;
}

static void *find(void **real, const char *name)
{
	void *found = __atomic_load_n(real, __ATOMIC_ACQUIRE);
	if (found)
		return found;
	found = hg_find_beyond(name);
	found = found ? found : (void *)find_nothing;
	__atomic_store_n(real, found, __ATOMIC_RELEASE);
	return found;
}

static void *open_really(const char *name, int flags)
{
	dlopen_function *real = (dlopen_function *)find(&hg_real_dlopen, "dlopen");
	return real(name, flags);
}

/* --- beginning and ending --- */

static void begin(void)
{
	atomic_fetch_add(&hg_loading, 1);
	hg_each_bound_slot(hg_slot_changed);
}

static void end(const void *loaded, int flags)
{
	hg_bindings_update(loaded, flags, 1);
	atomic_fetch_sub(&hg_loading, 1);
	hg_each_bound_slot(hg_slot_changed);
}

/* --- loads whose end is not seen --- */

struct open_end {
	_Atomic uint32_t tid; /* 0: free */
	uintptr_t frame;
	int flags;
};

enum { OPEN_ENDS = 64 }; /* limit: LOADS_FULL */
enum { CLAIMED = -1 };
static const uintptr_t nearby = 1 << 20; /* no limit: another stack is further away */

static struct open_end open_ends[OPEN_ENDS];
static _Atomic uint32_t open_end_count;

/* Where there is no more room, the load counts as under way for good: calls stay slow. */
static void leave_open(const struct hg_load *load)
{
	for (int i = 0; i < OPEN_ENDS; i++) {
		uint32_t none = 0;
		if (!atomic_compare_exchange_strong(&open_ends[i].tid, &none, (uint32_t)CLAIMED))
			continue;
		open_ends[i].frame = load->frame;
		open_ends[i].flags = (int)load->flags;
		atomic_store(&open_ends[i].tid, hg_gettid());
		atomic_fetch_add(&open_end_count, 1);
		return;
	}
	hg_count(HG_COUNTER_LOADS_FULL);
}

/* Seen further up on the same stack: a signal handler may have another. */
static bool is_over(const struct open_end *open, uint32_t tid, uintptr_t frame)
{
	return tid == hg_gettid() ? frame - open->frame < nearby : !hg_thread_exists(tid);
}

void hg_dlopen_end_here(uintptr_t frame)
{
	if (!atomic_load(&open_end_count))
		return;
	for (int i = 0; i < OPEN_ENDS; i++) {
		uint32_t tid = atomic_load(&open_ends[i].tid);
		int flags = open_ends[i].flags;
		if (!tid || tid == (uint32_t)CLAIMED || !is_over(&open_ends[i], tid, frame) ||
		    !atomic_compare_exchange_strong(&open_ends[i].tid, &tid, 0))
			continue;
		atomic_fetch_sub(&open_end_count, 1);
		end(NULL, flags);
	}
}

/* --- forks --- */

/* How many loads this thread is in. Those of other threads are not under way in a forked child. */
static _Thread_local uint32_t own_loads;

static void forget_others(void)
{
	atomic_store(&hg_loading, own_loads + atomic_load(&open_end_count));
	hg_each_bound_slot(hg_slot_changed);
}

void hg_dlopen_start(void)
{
	pthread_atfork(NULL, NULL, forget_others);
}

/* --- does the caller matter? --- */

struct search {
	const struct hg_load *load;
	bool matters;
};

/* A DT_RPATH of whoever loaded the caller counts too, and who that was is not known. The program's own counts whoever
 * calls, unless the caller has a DT_RUNPATH; so does nothing of the runtime's, which has neither. */
static void look_at_paths(const struct hg_objects *objects, void *argument)
{
	struct search *search = argument;
	unsigned caller = hg_objects_at(objects, search->load->caller);
	bool searched = strchr(search->load->name, '/') == NULL;
	search->matters = caller == HG_OBJECTS_MOST || (searched && objects->list[caller].has_runpath);
	for (unsigned i = 1; i < objects->count; i++)
		search->matters |= objects->list[i].has_rpath;
}

static bool caller_matters(const struct hg_load *load)
{
	if (!load->name || !*load->name)
		return false;
	struct search search = {load, true};
	return strchr(load->name, '$') || !hg_objects_hold(look_at_paths, &search) || search.matters;
}

/* --- dlopen, dlmopen, dlclose --- */

bool hg_load(struct hg_load *load)
{
	int saved = errno;
	hg_note_loaded_at_start();
	hg_dlopen_end_here(load->frame);
	find(&hg_real_dlopen, "dlopen");
	bool matters = caller_matters(load);
	begin();
	if (matters)
		leave_open(load);
	errno = saved;
	if (matters)
		return false;
	own_loads++;
	load->result = open_really(load->name, (int)load->flags);
	own_loads--;
	saved = errno;
	end(load->result, (int)load->flags);
	errno = saved;
	return true;
}

/* What goes into a namespace of its own does not see preload objects. */
bool hg_load_into(struct hg_load *load, uint64_t space)
{
	find(&hg_real_dlmopen, "dlmopen");
	if (space == LM_ID_BASE)
		return hg_load(load);
	hg_count(HG_COUNTER_NAMESPACES);
	return false;
}

/* A slot's pointer into an unloaded library would be called: libraries whose functions are bound stay loaded for good.
 * They are pinned here, not where they are bound: that would wait for the dynamic linker's lock, which a constructor
 * that waits for the binding thread may hold; dlclose waits for it anyway. What was there when the process started is
 * never unloaded. */
static void pin(struct hg_slot *slot)
{
	struct hg_definition object;
	if (__atomic_exchange_n(&slot->pinned, 1, __ATOMIC_RELAXED))
		return;
	if (!hg_loaded_at_start(slot->library_low) && hg_elf_object(slot->real, &object) && object.library[0])
		open_really(object.library, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
}

int hg_dlclose(void *handle)
{
	int saved = errno;
	hg_dlopen_end_here((uintptr_t)__builtin_frame_address(0) + 16);
	hg_each_bound_slot(pin);
	find((void **)&real_dlclose, "dlclose");
	hg_told_doubt();
	errno = saved;
	int result = real_dlclose(handle);
	saved = errno;
	hg_told_doubt();
	hg_bindings_update(NULL, 0, 0);
	errno = saved;
	return result;
}
