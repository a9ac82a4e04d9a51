#include <dlfcn.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>

#include "base/counters.h"
#include "base/sys.h"
#include "format/record.h"
#include "process/linker.h"
#include "process/process.h"

static const struct link_map *first; /* the program's, which stays where it is */

void hg_linker_walk_start(void)
{
	struct link_map *map = NULL;
	void *program = dlopen(NULL, RTLD_LAZY);
	if (!program || dlinfo(program, RTLD_DI_LINKMAP, &map) != 0)
		return;
	while (map->l_prev)
		map = map->l_prev;
	first = map;
}

/* --- one visitor at a time, as the lock would have it --- */

static _Atomic uint64_t visitor; /* process and thread: one of a process that this was forked from holds nothing */

static bool enter(void)
{
	uint64_t process = (uint64_t)hg_process_pid() << 32, me = process | hg_gettid(), now = atomic_load(&visitor);
	while (now != me) {
		bool free = (now & ~(uint64_t)UINT32_MAX) != process;
		if (free && atomic_compare_exchange_strong(&visitor, &now, me))
			return true;
		if (!free) {
			hg_syscall(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
			now = atomic_load(&visitor);
		}
	}
	return false; /* from within a visit */
}

/* --- the objects --- */

static bool has_dynamic(const struct link_map *map, const ElfW(Phdr) * headers, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (headers[i].p_type == PT_DYNAMIC)
			return (const void *)(map->l_addr + headers[i].p_vaddr) == (const void *)map->l_ld;
	return false;
}

/* An object that was just being unloaded may be unmapped and listed still. Of one that does not begin with its ELF
 * header nothing is told. */
static bool describe(const struct link_map *map, struct dl_phdr_info *info)
{
	enum { PAGE = 4096 }; /* limit: OBJECTS_CUT */
	info->dlpi_addr = map->l_addr;
	info->dlpi_name = map->l_name ? map->l_name : "";
	if (map == first) {
		info->dlpi_phdr = (const ElfW(Phdr) *)getauxval(AT_PHDR);
		info->dlpi_phnum = (ElfW(Half))getauxval(AT_PHNUM);
		return info->dlpi_phdr;
	}
	const ElfW(Ehdr) *header = (const void *)map->l_addr;
	if (!header || !hg_readable(header) || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 || !hg_readable(map->l_ld))
		return false;
	if (header->e_phoff + header->e_phnum * sizeof(ElfW(Phdr)) > PAGE) {
		hg_count(HG_COUNTER_OBJECTS_CUT);
		return false;
	}
	info->dlpi_phdr = (const void *)((const char *)header + header->e_phoff);
	info->dlpi_phnum = header->e_phnum;
	return has_dynamic(map, info->dlpi_phdr, info->dlpi_phnum);
}

int hg_linker_walk(hg_linker_visitor *visit, void *argument, unsigned long long adds, unsigned long long subs)
{
	struct dl_phdr_info info = {.dlpi_adds = subs, .dlpi_subs = subs};
	bool entered = enter();
	int result = 0;
	for (const struct link_map *map = first; map; map = map->l_next)
		info.dlpi_adds++;
	info.dlpi_adds = info.dlpi_adds > adds ? info.dlpi_adds : adds;
	for (const struct link_map *map = first; map && !result; map = map->l_next)
		if (describe(map, &info))
			result = visit(&info, sizeof info, argument);
	if (entered)
		atomic_store(&visitor, 0);
	return result;
}
