/* The loaded objects are the program and the preload objects that it has mapped itself. Nothing comes or goes: there is
 * no lock, and no fork has to wait. */
#include <sys/auxv.h>

#include "alone/alone.h"
#include "process/linker.h"

extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));

/* The distance between where it was linked to lie and where it does. */
static uintptr_t base_of(const ElfW(Phdr) * headers, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (headers[i].p_type == PT_LOAD && headers[i].p_offset == 0)
			return (uintptr_t)&__ehdr_start - headers[i].p_vaddr;
	return 0;
}

static struct dl_phdr_info program(void)
{
	const ElfW(Phdr) *headers = (const void *)((const char *)&__ehdr_start + __ehdr_start.e_phoff);
	return (struct dl_phdr_info){.dlpi_addr = base_of(headers, __ehdr_start.e_phnum),
	                             .dlpi_name = "",
	                             .dlpi_phdr = headers,
	                             .dlpi_phnum = __ehdr_start.e_phnum};
}

int hg_linker_visit(hg_linker_visitor *visit, void *argument)
{
	struct dl_phdr_info info = program();
	info.dlpi_adds = 1 + hg_alone_preload_count;
	int result = visit(&info, sizeof info, argument);
	for (unsigned i = 0; !result && i < hg_alone_preload_count; i++) {
		info = hg_alone_preloads[i];
		info.dlpi_adds = 1 + hg_alone_preload_count;
		result = visit(&info, sizeof info, argument);
	}
	return result;
}

uint64_t hg_linker_changes(void)
{
	return 1 + hg_alone_preload_count;
}

uint64_t hg_linker_changes_held(void)
{
	return hg_linker_changes();
}

uint64_t hg_linker_changes_hold(void)
{
	return hg_linker_changes();
}

void hg_linker_changes_release(uint64_t held_before)
{
	(void)held_before;
}

void hg_linker_start(void)
{
}

bool hg_linker_lock_is_lost(void)
{
	return false;
}

bool hg_linker_is_absent(void)
{
	return true;
}
