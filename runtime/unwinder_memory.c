/* Its calls of pipe2, read, write and syscall go through jump slots, which are ours to fill: it was loaded for us, and
 * what we put there behaves the same for whoever else uses it. */
#include "unwinder_memory.h"

#include <dlfcn.h>
#include <link.h>
#include <string.h>
#include <unistd.h>

#include "sys.h"

#if defined(__x86_64__)
enum { JUMP_SLOT = R_X86_64_JUMP_SLOT };
#else
enum { JUMP_SLOT = R_AARCH64_JUMP_SLOT };
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

struct tables {
	const ElfW(Rela) * slots;
	size_t slots_size;
	const ElfW(Sym) * symbols;
	const char *names;
};

static struct tables tables_of(const struct link_map *map)
{
	struct tables tables = {0};
	for (const ElfW(Dyn) *entry = map->l_ld; entry->d_tag != DT_NULL; entry++) {
		const void *value = (const void *)entry->d_un.d_ptr;
		if (entry->d_tag == DT_JMPREL)
			tables.slots = value;
		else if (entry->d_tag == DT_PLTRELSZ)
			tables.slots_size = entry->d_un.d_val;
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
	} replacements[] = {
	    {"pipe2", no_pipe}, {"read", read_or_none}, {"write", write_or_probe}, {"syscall", syscall_or_probe}};
	for (size_t i = 0; i < sizeof replacements / sizeof *replacements; i++)
		if (strcmp(replacements[i].name, name) == 0)
			return replacements[i].function;
	return NULL;
}

/* Where everything was bound at load time, the page of the slots is read-only by now. */
static void fill(void **slot, const void *function)
{
	enum { PAGE = 4096 };
	long page = (long)((uintptr_t)slot & ~(uintptr_t)(PAGE - 1));
	if (hg_syscall(SYS_mprotect, page, PAGE, PROT_READ | PROT_WRITE, 0, 0, 0) == 0)
		memcpy(slot, &function, sizeof function);
}

void hg_unwinder_without_pipe(void *library)
{
	struct link_map *map = NULL;
	if (dlinfo(library, RTLD_DI_LINKMAP, &map) != 0 || !map)
		return;
	struct tables tables = tables_of(map);
	for (size_t i = 0; tables.slots && i < tables.slots_size / sizeof *tables.slots; i++) {
		const ElfW(Rela) *slot = &tables.slots[i];
		const void *replacement =
		    replacement_of(tables.names + tables.symbols[ELF64_R_SYM(slot->r_info)].st_name);
		if (replacement && ELF64_R_TYPE(slot->r_info) == JUMP_SLOT)
			fill((void **)(map->l_addr + slot->r_offset), replacement);
	}
}
