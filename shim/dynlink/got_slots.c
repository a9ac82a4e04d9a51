#include "dynlink/got_slots.h"

#include <unistd.h>

#include "base/sys.h"

#if defined(__x86_64__)
enum { JUMP_SLOT = R_X86_64_JUMP_SLOT, ADDRESS = R_X86_64_GLOB_DAT, ABSOLUTE = R_X86_64_64 };
#else
enum { JUMP_SLOT = R_AARCH64_JUMP_SLOT, ADDRESS = R_AARCH64_GLOB_DAT, ABSOLUTE = R_AARCH64_ABS64 };
#endif

static bool is_word(uint32_t type)
{
	return type == JUMP_SLOT || type == ADDRESS || type == ABSOLUTE;
}

static bool visit_entry(const struct hg_object *object, const ElfW(Rela) * entry, hg_got_slot_visit *visit,
                        void *argument)
{
	uint32_t symbol = ELF64_R_SYM(entry->r_info), type = ELF64_R_TYPE(entry->r_info);
	if (!symbol || !is_word(type))
		return true;
	uintptr_t at = object->base + entry->r_offset;
	/* Words in code are none of ours. */
	if (at < object->data_low || at >= object->data_high)
		return true;
	struct hg_got_slot got = {.object = object,
	                          .at = (uint64_t *)at,
	                          .name = object->names + object->symbols[symbol].st_name,
	                          .symbol = symbol,
	                          .addend = type == ABSOLUTE ? (uint64_t)entry->r_addend : 0,
	                          .only_calls = type == JUMP_SLOT,
	                          .in_code = type == ADDRESS};
	return visit(&got, argument);
}

void hg_got_slots_each(const struct hg_object *object, hg_got_slot_visit *visit, void *argument)
{
	if (!object->symbols || !object->names)
		return;
	for (int table = 0; table < 2; table++) {
		const ElfW(Rela) *entry = object->relocations[table].entries;
		const ElfW(Rela) *end = entry + object->relocations[table].bytes / sizeof *entry;
		for (; entry && entry < end; entry++)
			if (!visit_entry(object, entry, visit, argument))
				return;
	}
}

bool hg_got_slot_is_lazy(const struct hg_got_slot *got)
{
	const struct hg_object *object = got->object;
	const ElfW(Sym) *symbol = &object->symbols[got->symbol];
	uint64_t function = hg_got_slot_function(got);
	bool own = symbol->st_shndx != SHN_UNDEF && function == (uint64_t)hg_object_address(object, symbol);
	return got->only_calls && !own && function - object->low < object->high - object->low;
}

/* The dynamic linker makes whole pages read-only. */
static bool is_read_only(const struct hg_got_slot *got, uintptr_t page, uintptr_t page_size)
{
	const struct hg_object *object = got->object;
	return page >= (object->relro_low & -page_size) && page + page_size <= (object->relro_high & -page_size);
}

static bool protect(uintptr_t page, uintptr_t page_size, int protection)
{
	return hg_syscall(SYS_mprotect, (long)page, (long)page_size, protection, 0, 0, 0) == 0;
}

bool hg_got_slot_rebind(const struct hg_got_slot *got, const void *function)
{
	uintptr_t page_size = (uintptr_t)sysconf(_SC_PAGESIZE), page = (uintptr_t)got->at & -page_size;
	bool read_only = is_read_only(got, page, page_size);
	if (read_only && !protect(page, page_size, PROT_READ | PROT_WRITE))
		return false;
	__atomic_store_n(got->at, (uint64_t)function + got->addend, __ATOMIC_RELEASE);
	if (read_only)
		protect(page, page_size, PROT_READ);
	return true;
}
