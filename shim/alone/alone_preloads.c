/* The dynamic linker's part for objects that `handleguard run` has made: they need nothing but the runtime, and nobody
 * looks up what they export. Their code stays a part of a file, as where pages must never be writable and executable.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/auxv.h>

#include "alone/alone.h"
#include "base/counters.h"
#include "base/memory.h"
#include "base/say.h"
#include "base/sys.h"
#include "format/record.h"
#include "interpose/startup.h"
#include "trampoline/entries.h"

#if defined(__x86_64__)
enum { RELATIVE = R_X86_64_RELATIVE };
#else
enum { RELATIVE = R_AARCH64_RELATIVE };
#endif

unsigned hg_alone_preload_count;
struct dl_phdr_info hg_alone_preloads[HG_ALONE_PRELOADS];
static void (*initializers[HG_ALONE_PRELOADS])(void);
static struct hg_arena arena;

/* --- mapping --- */

struct file {
	long descriptor;
	_Alignas(ElfW(Ehdr)) char head[4096]; /* no limit: their headers take a few hundred bytes */
};

static const ElfW(Phdr) * segments_of(const struct file *file, unsigned *count)
{
	const ElfW(Ehdr) *header = (const void *)file->head;
	*count = header->e_phnum;
	return (const void *)(file->head + header->e_phoff);
}

static bool open_file(const char *path, struct file *file)
{
	file->descriptor = hg_syscall(SYS_openat, AT_FDCWD, (long)path, O_RDONLY | O_CLOEXEC, 0, 0, 0);
	if (file->descriptor < 0)
		return false;
	long size = hg_syscall(SYS_pread64, file->descriptor, (long)file->head, sizeof file->head, 0, 0, 0);
	const ElfW(Ehdr) *header = (const void *)file->head;
	return size == sizeof file->head && memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 &&
	       header->e_phoff <= sizeof file->head &&
	       header->e_phnum <= (sizeof file->head - header->e_phoff) / sizeof(ElfW(Phdr));
}

static void close_file(const struct file *file)
{
	if (file->descriptor >= 0)
		hg_syscall(SYS_close, file->descriptor, 0, 0, 0, 0, 0);
}

static bool failed(long result)
{
	return result < 0 && result > -4096;
}

static bool map_segment(const struct file *file, uintptr_t base, const ElfW(Phdr) * segment)
{
	uintptr_t page = getauxval(AT_PAGESZ), before = segment->p_vaddr & (page - 1);
	int protection = (segment->p_flags & PF_R ? PROT_READ : 0) | (segment->p_flags & PF_W ? PROT_WRITE : 0) |
	                 (segment->p_flags & PF_X ? PROT_EXEC : 0);
	return segment->p_memsz == segment->p_filesz && segment->p_offset == segment->p_vaddr &&
	       !failed(hg_syscall(SYS_mmap, (long)(base + segment->p_vaddr - before),
	                          (long)(segment->p_filesz + before), protection, MAP_PRIVATE | MAP_FIXED,
	                          file->descriptor, (long)(segment->p_offset - before)));
}

/* 0: it cannot be mapped. What is left of it in that case stays. */
static uintptr_t map(const struct file *file)
{
	unsigned count;
	const ElfW(Phdr) *segments = segments_of(file, &count);
	uintptr_t end = 0;
	for (unsigned i = 0; i < count; i++)
		if (segments[i].p_type == PT_LOAD && segments[i].p_vaddr + segments[i].p_memsz > end)
			end = segments[i].p_vaddr + segments[i].p_memsz;
	long base = hg_syscall(SYS_mmap, 0, (long)end, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bool mapped = end && !failed(base);
	for (unsigned i = 0; mapped && i < count; i++)
		mapped = segments[i].p_type != PT_LOAD || map_segment(file, (uintptr_t)base, &segments[i]);
	return mapped ? (uintptr_t)base : 0;
}

/* --- relocating --- */

struct tables {
	const ElfW(Rela) * relocations;
	size_t relocation_count;
	const ElfW(Sym) * symbols;
	const char *names;
	const ElfW(Addr) * initializers;
	size_t soname;
};

static struct tables tables_of(uintptr_t base, const struct file *file)
{
	struct tables tables = {0};
	unsigned count;
	const ElfW(Phdr) *segment = segments_of(file, &count), *end = segment + count;
	while (segment < end && segment->p_type != PT_DYNAMIC)
		segment++;
	const ElfW(Dyn) *entry = segment < end ? (const void *)(base + segment->p_vaddr) : NULL;
	for (; entry && entry->d_tag != DT_NULL; entry++) {
		const void *at = (const void *)(base + entry->d_un.d_ptr);
		if (entry->d_tag == DT_RELA)
			tables.relocations = at;
		else if (entry->d_tag == DT_RELASZ)
			tables.relocation_count = entry->d_un.d_val / sizeof(ElfW(Rela));
		else if (entry->d_tag == DT_SYMTAB)
			tables.symbols = at;
		else if (entry->d_tag == DT_STRTAB)
			tables.names = at;
		else if (entry->d_tag == DT_INIT_ARRAY)
			tables.initializers = at;
		else if (entry->d_tag == DT_SONAME)
			tables.soname = entry->d_un.d_val;
	}
	return tables;
}

/* By the others the object would lead calls of the C library's functions here, which come by wrappers instead. */
static uintptr_t address_of(const char *name)
{
	if (strcmp(name, "hg_trampoline") == 0)
		return (uintptr_t)hg_trampoline;
	return strcmp(name, "hg_register_image") == 0 ? (uintptr_t)hg_register_image : 0;
}

static void relocate(uintptr_t base, const struct tables *tables)
{
	for (size_t i = 0; i < tables->relocation_count; i++) {
		const ElfW(Rela) *at = &tables->relocations[i];
		const ElfW(Sym) *symbol = &tables->symbols[ELF64_R_SYM(at->r_info)];
		uintptr_t to =
		    ELF64_R_TYPE(at->r_info) == RELATIVE ? base : address_of(tables->names + symbol->st_name);
		*(uintptr_t *)(base + at->r_offset) = to ? to + (uintptr_t)at->r_addend : 0;
	}
}

/* --- all of it --- */

static bool is_ours(const struct tables *tables)
{
	static const char named[] = "handleguard-";
	return tables->relocations && tables->symbols && tables->names && tables->initializers &&
	       strncmp(tables->names + tables->soname, named, sizeof named - 1) == 0;
}

static void add(const char *path, const struct file *file)
{
	uintptr_t base = map(file);
	struct tables tables = base ? tables_of(base, file) : (struct tables){0};
	if (!base)
		hg_say(path, " cannot be mapped; nothing is guarded that it names", NULL, NULL);
	if (!is_ours(&tables))
		return;
	relocate(base, &tables);
	const ElfW(Ehdr) *header = (const void *)base;
	unsigned number = hg_alone_preload_count++;
	hg_alone_preloads[number] = (struct dl_phdr_info){.dlpi_addr = base,
	                                                  .dlpi_name = path,
	                                                  .dlpi_phdr = (const void *)(base + header->e_phoff),
	                                                  .dlpi_phnum = header->e_phnum};
	initializers[number] = (void (*)(void))tables.initializers[0];
}

static void load(const char *name, size_t length)
{
	struct file file;
	char *path = hg_arena_take(&arena, length + 1);
	if (!path || hg_alone_preload_count == HG_ALONE_PRELOADS) {
		hg_count(HG_COUNTER_OBJECTS_CUT);
		return;
	}
	memcpy(path, name, length);
	if (open_file(path, &file))
		add(path, &file);
	close_file(&file);
}

void hg_alone_map(const char *names)
{
	static const char separators[] = ": ";
	for (size_t length; *names; names += length) {
		names += strspn(names, separators);
		length = strcspn(names, separators);
		if (length)
			load(names, length);
	}
}

void hg_alone_initialize(void)
{
	for (unsigned i = 0; i < hg_alone_preload_count; i++)
		initializers[i]();
}
