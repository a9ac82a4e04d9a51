#include "dynlink/words.h"

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

static bool visit_entry(const struct hg_object *object, const ElfW(Rela) * entry, hg_word_visit *visit, void *argument)
{
	uint32_t symbol = ELF64_R_SYM(entry->r_info), type = ELF64_R_TYPE(entry->r_info);
	if (!symbol || !is_word(type))
		return true;
	uintptr_t at = object->base + entry->r_offset;
	/* Words in code are none of ours. */
	if (at < object->data_low || at >= object->data_high)
		return true;
	struct hg_word word = {.object = object,
	                       .at = (uint64_t *)at,
	                       .name = object->names + object->symbols[symbol].st_name,
	                       .symbol = symbol,
	                       .addend = type == ABSOLUTE ? (uint64_t)entry->r_addend : 0,
	                       .only_calls = type == JUMP_SLOT,
	                       .in_code = type == ADDRESS};
	return visit(&word, argument);
}

void hg_words_each(const struct hg_object *object, hg_word_visit *visit, void *argument)
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

bool hg_word_is_lazy(const struct hg_word *word)
{
	const struct hg_object *object = word->object;
	const ElfW(Sym) *symbol = &object->symbols[word->symbol];
	uint64_t function = hg_word_function(word);
	bool own = symbol->st_shndx != SHN_UNDEF && function == (uint64_t)hg_object_address(object, symbol);
	return word->only_calls && !own && function - object->low < object->high - object->low;
}

/* The dynamic linker makes whole pages read-only. */
static bool is_read_only(const struct hg_word *word, uintptr_t page, uintptr_t page_size)
{
	const struct hg_object *object = word->object;
	return page >= (object->relro_low & -page_size) && page + page_size <= (object->relro_high & -page_size);
}

static bool protect(uintptr_t page, uintptr_t page_size, int protection)
{
	return hg_syscall(SYS_mprotect, (long)page, (long)page_size, protection, 0, 0, 0) == 0;
}

bool hg_word_lead(const struct hg_word *word, const void *function)
{
	uintptr_t page_size = (uintptr_t)sysconf(_SC_PAGESIZE), page = (uintptr_t)word->at & -page_size;
	bool read_only = is_read_only(word, page, page_size);
	if (read_only && !protect(page, page_size, PROT_READ | PROT_WRITE))
		return false;
	__atomic_store_n(word->at, (uint64_t)function + word->addend, __ATOMIC_RELEASE);
	if (read_only)
		protect(page, page_size, PROT_READ);
	return true;
}
