/* libunwind is loaded privately: as a needed library of a preloaded object its _Unwind_* functions would replace the
 * program's own, and exceptions would run through it.
 *
 * What it calls of other libraries goes through slots, which are ours to fill: it was loaded for us, and what we put
 * there behaves the same for whoever else uses it. Its calls of pipe2, read, write and syscall come here. The others
 * reach the C library's own functions, whatever stands before them: a thread sanitizer's mutexes, for example, crash in
 * a thread that ends, where libunwind gives up what it keeps for the thread after the sanitizer has. */
#include "stack/unwinder_memory.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>
#include <sys/auxv.h>

#include "base/libc.h"
#include "base/sys.h"
#include "process/linker.h"
#include "stack/stack.h"
#include "stack/unwinder_calls.h"

#if defined(__x86_64__)
enum { JUMP_SLOT = R_X86_64_JUMP_SLOT, DATA_SLOT = R_X86_64_GLOB_DAT };
#else
enum { JUMP_SLOT = R_AARCH64_JUMP_SLOT, DATA_SLOT = R_AARCH64_GLOB_DAT };
#endif

static bool find_real_locks(void)
{
	int (*lock)(pthread_mutex_t *), (*unlock)(pthread_mutex_t *);
	*(void **)&lock = hg_libc_function("pthread_mutex_lock");
	*(void **)&unlock = hg_libc_function("pthread_mutex_unlock");
	hg_unwinder_count_locks(lock, unlock);
	return lock && unlock;
}

/* --- its slots --- */

struct slots {
	const ElfW(Rela) * list;
	size_t bytes;
};

struct tables {
	struct slots calls, data;
	const ElfW(Sym) * symbols;
	const char *names;
};

static struct tables tables_of(const struct link_map *map)
{
	struct tables tables = {0};
	for (const ElfW(Dyn) *entry = map->l_ld; entry->d_tag != DT_NULL; entry++) {
		const void *value = (const void *)entry->d_un.d_ptr;
		if (entry->d_tag == DT_JMPREL)
			tables.calls.list = value;
		else if (entry->d_tag == DT_PLTRELSZ)
			tables.calls.bytes = entry->d_un.d_val;
		else if (entry->d_tag == DT_RELA)
			tables.data.list = value;
		else if (entry->d_tag == DT_RELASZ)
			tables.data.bytes = entry->d_un.d_val;
		else if (entry->d_tag == DT_SYMTAB)
			tables.symbols = value;
		else if (entry->d_tag == DT_STRTAB)
			tables.names = value;
	}
	return tables;
}

static const void *replacement_of(const char *name)
{
	static const struct {
		const char *name;
		const void *function;
	} replacements[] = {{"pipe2", hg_unwinder_pipe},
	                    {"read", hg_unwinder_read},
	                    {"write", hg_unwinder_write},
	                    {"syscall", hg_unwinder_syscall},
	                    {"pthread_mutex_lock", hg_unwinder_lock},
	                    {"pthread_mutex_unlock", hg_unwinder_unlock},
	                    {"dl_iterate_phdr", hg_linker_visit},
	                    /* Where its memory comes from is for the program to choose. */
	                    {"malloc", NULL},
	                    {"free", NULL}};
	for (size_t i = 0; i < sizeof replacements / sizeof *replacements; i++)
		if (strcmp(replacements[i].name, name) == 0)
			return replacements[i].function;
	return hg_libc_function(name);
}

/* The part of the library's memory that is read-only once the dynamic linker is done with it: whole pages only. */
static struct hg_span sealed_part(const struct link_map *map)
{
	const ElfW(Ehdr) *header = (const ElfW(Ehdr) *)map->l_addr;
	const ElfW(Phdr) *part = (const ElfW(Phdr) *)(map->l_addr + header->e_phoff);
	uint64_t whole = -(uint64_t)getauxval(AT_PAGESZ);
	for (unsigned i = 0; i < header->e_phnum; i++)
		if (part[i].p_type == PT_GNU_RELRO)
			return (struct hg_span){(map->l_addr + part[i].p_vaddr) & whole,
			                        (map->l_addr + part[i].p_vaddr + part[i].p_memsz) & whole};
	return (struct hg_span){0, 0};
}

static bool protect(struct hg_span part, int protection)
{
	return part.low >= part.high ||
	       hg_syscall(SYS_mprotect, (long)part.low, (long)(part.high - part.low), protection, 0, 0, 0) == 0;
}

/* How many locking and unlocking slots were filled, which are the same in number. */
static int fill(const struct link_map *map, const struct tables *tables, const struct slots *slots)
{
	int locking = 0;
	for (size_t i = 0; slots->list && i < slots->bytes / sizeof *slots->list; i++) {
		const ElfW(Rela) *slot = &slots->list[i];
		const ElfW(Sym) *symbol = &tables->symbols[ELF64_R_SYM(slot->r_info)];
		unsigned type = ELF64_R_TYPE(slot->r_info);
		if ((type != JUMP_SLOT && type != DATA_SLOT) || symbol->st_shndx != SHN_UNDEF)
			continue;
		const void *replacement = replacement_of(tables->names + symbol->st_name);
		if (!replacement)
			continue;
		memcpy((void *)(map->l_addr + slot->r_offset), &replacement, sizeof replacement);
		locking += replacement == hg_unwinder_lock || replacement == hg_unwinder_unlock;
	}
	return locking;
}

static bool adapt(void *library)
{
	struct link_map *map = NULL;
	if (dlinfo(library, RTLD_DI_LINKMAP, &map) != 0 || !map || !find_real_locks())
		return false;
	struct tables tables = tables_of(map);
	struct hg_span sealed = sealed_part(map);
	if (!protect(sealed, PROT_READ | PROT_WRITE))
		return false;
	int locking = fill(map, &tables, &tables.calls) + fill(map, &tables, &tables.data);
	protect(sealed, PROT_READ);
	return locking >= 2;
}

/* --- the library --- */

static void *library;

bool hg_unwinder_load(bool *locks_tell)
{
	library = dlopen("libunwind.so.8", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	*locks_tell = library && adapt(library);
	return library;
}

void *hg_unwinder_find(const char *name)
{
	return dlsym(library, name);
}
