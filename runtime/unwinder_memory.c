/* What it calls of other libraries goes through slots, which are ours to fill: it was loaded for us, and what we put
 * there behaves the same for whoever else uses it. Its calls of pipe2, read, write and syscall come here. The others
 * reach the C library's own functions, whatever stands before them: a thread sanitizer's mutexes, for example, crash in
 * a thread that ends, where libunwind gives up what it keeps for the thread after the sanitizer has. */
#include "unwinder_memory.h"

#include <dlfcn.h>
#include <link.h>
#include <string.h>
#include <unistd.h>

#include "libc.h"
#include "sys.h"

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

enum { DATA, JUMPS, KINDS };

struct tables {
	const ElfW(Rela) * slots[KINDS];
	size_t slots_size[KINDS];
	const ElfW(Sym) * symbols;
	const char *names;
};

static struct tables tables_of(const struct link_map *map)
{
	struct tables tables = {0};
	for (const ElfW(Dyn) *entry = map->l_ld; entry->d_tag != DT_NULL; entry++) {
		const void *value = (const void *)entry->d_un.d_ptr;
		if (entry->d_tag == DT_JMPREL)
			tables.slots[JUMPS] = value;
		else if (entry->d_tag == DT_PLTRELSZ)
			tables.slots_size[JUMPS] = entry->d_un.d_val;
		else if (entry->d_tag == DT_RELA)
			tables.slots[DATA] = value;
		else if (entry->d_tag == DT_RELASZ)
			tables.slots_size[DATA] = entry->d_un.d_val;
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
	                    /* Where its memory comes from is for the program to choose. */
	                    {"malloc", NULL},
	                    {"free", NULL}};
	for (size_t i = 0; i < sizeof replacements / sizeof *replacements; i++)
		if (strcmp(replacements[i].name, name) == 0)
			return replacements[i].function;
	return hg_libc_function(name);
}

/* Where everything was bound at load time, the page of the slots is read-only by now. */
static void fill(void **slot, const void *function)
{
	enum { PAGE = 4096 };
	long page = (long)((uintptr_t)slot & ~(uintptr_t)(PAGE - 1));
	if (hg_syscall(SYS_mprotect, page, PAGE, PROT_READ | PROT_WRITE, 0, 0, 0) == 0)
		memcpy(slot, &function, sizeof function);
}

static void consider(const struct link_map *map, const struct tables *tables, const ElfW(Rela) * slot)
{
	const ElfW(Sym) *symbol = &tables->symbols[ELF64_R_SYM(slot->r_info)];
	unsigned type = ELF64_R_TYPE(slot->r_info);
	const void *function = NULL;
	if ((type == JUMP_SLOT || type == DATA_SLOT) && symbol->st_shndx == SHN_UNDEF)
		function = replacement_of(tables->names + symbol->st_name);
	if (function)
		fill((void **)(map->l_addr + slot->r_offset), function);
}

void hg_unwinder_without_pipe(void *library)
{
	struct link_map *map = NULL;
	if (dlinfo(library, RTLD_DI_LINKMAP, &map) != 0 || !map)
		return;
	struct tables tables = tables_of(map);
	for (int kind = 0; kind < KINDS; kind++)
		for (size_t i = 0; i < tables.slots_size[kind] / sizeof(ElfW(Rela)); i++)
			consider(map, &tables, &tables.slots[kind][i]);
}
