/* What is cheap and safe while the process is starting, and neither later: the dynamic linker's lock is free now, and
 * there is one thread. Nothing relies on it: calls from other libraries' constructors may come before. */
#include <link.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "launch_kind.h"
#include "loads.h"
#include "survey.h"

static uintptr_t lows[HG_OBJECTS_MOST];
static unsigned count;

static int note(struct dl_phdr_info *info, size_t size, void *unused)
{
	(void)size;
	(void)unused;
	uintptr_t low = UINTPTR_MAX;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		uintptr_t start = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
		if (info->dlpi_phdr[i].p_type == PT_LOAD && start < low)
			low = start;
	}
	if (count == HG_OBJECTS_MOST) {
		hg_count(HG_COUNTER_OBJECTS_CUT);
		return 1;
	}
	lows[count++] = low;
	return 0;
}

void hg_note_start(void)
{
	static _Atomic bool noted;
	if (!atomic_exchange(&noted, true))
		hg_linker_visit(note, NULL);
}

bool hg_loaded_at_start(uintptr_t low)
{
	for (unsigned i = 0; i < count; i++)
		if (lows[i] == low)
			return true;
	return false;
}

static bool wants_stacks(void)
{
	const char *choice = secure_getenv("HANDLEGUARD_STACKS");
	return !choice || strcmp(choice, "off") != 0;
}

__attribute__((constructor)) static void start(void)
{
	hg_process_loaded();
	hg_process_prepare();
	hg_launches_start();
	hg_work_stack_spare();
	hg_linker_start();
	hg_inherited_start();
	hg_loads_start();
	hg_note_start();
	if (wants_stacks())
		hg_stack_load();
}

/* What a preload object's own constructor calls: the dynamic linker is done with all that the start has loaded. */
__attribute__((visibility("default"))) void hg_register_image(struct hg_image *image);

void hg_register_image(struct hg_image *image)
{
	hg_image_list(image);
	hg_survey(NULL, 0, 0);
	hg_exec_start(image);
}
