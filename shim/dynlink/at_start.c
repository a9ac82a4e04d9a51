#include "dynlink/at_start.h"

#include <link.h>
#include <stdatomic.h>

#include "base/counters.h"
#include "dynlink/objects.h"
#include "format/record.h"
#include "process/linker.h"

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

bool hg_loaded_at_start(uintptr_t low)
{
	for (unsigned i = 0; i < count; i++)
		if (lows[i] == low)
			return true;
	return false;
}

void hg_note_loaded_at_start(void)
{
	static _Atomic bool noted;
	if (!atomic_exchange(&noted, true))
		hg_linker_visit(note, NULL);
}
