/* What it calls of other libraries goes through slots, which are ours to fill: it was loaded for us, and what we put
 * there behaves the same for whoever else uses it. Its calls of pipe2, read, write and syscall come here. The others
 * reach the C library's own functions, whatever stands before them: a thread sanitizer's mutexes, for example, crash in
 * a thread that ends, where libunwind gives up what it keeps for the thread after the sanitizer has. */
#include "stack/unwinder_memory.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "base/libc.h"
#include "base/sys.h"
#include "process/linker.h"
#include "stack/stack.h"

#if defined(__x86_64__)
enum { JUMP_SLOT = R_X86_64_JUMP_SLOT, DATA_SLOT = R_X86_64_GLOB_DAT };
#else
enum { JUMP_SLOT = R_AARCH64_JUMP_SLOT, DATA_SLOT = R_AARCH64_GLOB_DAT };
#endif

static int no_pipe(int descriptors[2], int flags)
{
	(void)flags;
	descriptors[0] = descriptors[1] = -1;
	return 0;
}

/* The pipe that there is not is always empty, and takes what can be read. */
static ssize_t read_or_none(int descriptor, void *buffer, size_t size)
{
	if (descriptor >= 0)
		return read(descriptor, buffer, size);
	errno = EAGAIN;
	return -1;
}

static ssize_t write_or_probe(int descriptor, const void *buffer, size_t size)
{
	if (descriptor >= 0)
		return write(descriptor, buffer, size);
	if (hg_readable(buffer))
		return (ssize_t)size;
	errno = EFAULT;
	return -1;
}

/* The write is made by syscall(2) in libunwind 1.6, so as to pass by who intercepts write(2). */
static long syscall_or_probe(long number, long a, long b, long c, long d, long e, long f)
{
	if (number == SYS_write && (int)a < 0)
		return write_or_probe((int)a, (const void *)b, (size_t)c);
	return syscall(number, a, b, c, d, e, f);
}

/* Taken or about to be: also those of threads that a forked child does not have. */
static _Atomic uint32_t locks;
static int (*real_lock)(pthread_mutex_t *), (*real_unlock)(pthread_mutex_t *);

static int lock_counted(pthread_mutex_t *mutex)
{
	atomic_fetch_add(&locks, 1);
	return real_lock(mutex);
}

static int unlock_counted(pthread_mutex_t *mutex)
{
	int result = real_unlock(mutex);
	atomic_fetch_sub(&locks, 1);
	return result;
}

static bool find_real_locks(void)
{
	*(void **)&real_lock = hg_libc_function("pthread_mutex_lock");
	*(void **)&real_unlock = hg_libc_function("pthread_mutex_unlock");
	return real_lock && real_unlock;
}

bool hg_unwinder_is_locked(void)
{
	return atomic_load(&locks) != 0;
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
	} replacements[] = {{"pipe2", no_pipe},
	                    {"read", read_or_none},
	                    {"write", write_or_probe},
	                    {"syscall", syscall_or_probe},
	                    {"pthread_mutex_lock", lock_counted},
	                    {"pthread_mutex_unlock", unlock_counted},
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
		locking += replacement == lock_counted || replacement == unlock_counted;
	}
	return locking;
}

bool hg_unwinder_adapt(void *library)
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
