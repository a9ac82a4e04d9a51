#include "provoke/collect_python.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arch/preserving.h"
#include "base/sys.h"
#include "dynlink/elf_lookup.h"
#include "provoke/pace.h"

typedef int python_work(void *argument);

static struct {
	int (*is_initialized)(void);
	int (*add_pending_call)(python_work *work, void *argument);
	ptrdiff_t (*collect)(void);
} python;

static struct hg_pace pace;

/* On Python's main thread, which has its lock. */
static int collect(void *unused)
{
	uint64_t begun = hg_monotonic_ns();
	(void)unused;
	python.collect();
	hg_pace_collected(&pace, hg_monotonic_ns() - begun);
	return 0;
}

static bool is_any(const struct hg_definition *object, const void *unused)
{
	(void)object;
	(void)unused;
	return true;
}

static void *function_named(const char *name)
{
	struct hg_definition found;
	return hg_elf_find(name, is_any, NULL, &found) ? found.address : NULL;
}

/* In the program itself, as a rule; a process with several of them has this done by the first. */
static bool find_python(void)
{
	python.is_initialized = (int (*)(void))function_named("Py_IsInitialized");
	python.collect = (ptrdiff_t(*)(void))function_named("PyGC_Collect");
	python.add_pending_call = (int (*)(python_work *, void *))function_named("Py_AddPendingCall");
	return python.is_initialized && python.collect && python.add_pending_call;
}

static atomic_bool found;

bool hg_python_collects(void)
{
	return atomic_load_explicit(&found, memory_order_relaxed);
}

static void ask(void *unused)
{
	static bool looked;
	(void)unused;
	if (!looked)
		atomic_store(&found, find_python());
	looked = true;
	if (!atomic_load(&found))
		return; /* nobody asks again */
	if (!python.is_initialized() || python.add_pending_call(collect, NULL) != 0)
		hg_pace_in_vain(&pace);
}

void hg_collect_python(bool now)
{
	if (hg_pace_due(&pace, now))
		hg_preserving(ask, NULL);
}
