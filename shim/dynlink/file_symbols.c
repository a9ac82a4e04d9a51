#include "dynlink/file_symbols.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mix.h"
#include "base/sys.h"
#include "dynlink/separate.h"
#include "format/build_id.h"

#if defined(__x86_64__)
enum { RELATIVE = R_X86_64_RELATIVE };
#else
enum { RELATIVE = R_AARCH64_RELATIVE };
#endif

/* --- the file --- */

/* Whatever changes the contents changes the time of the last change, which nobody can set; but not where this was a
 * moment ago, by a clock that goes step by step. */
static bool is_settled(const struct stat *status)
{
	enum { STEP_NS = 100000000 }; /* no limit: longer than a step of any clock that files are stamped by */
	struct timespec now;
	hg_syscall(SYS_clock_gettime, CLOCK_REALTIME, (long)&now, 0, 0, 0, 0);
	int64_t age_s = now.tv_sec - status->st_ctim.tv_sec, age_ns = now.tv_nsec - status->st_ctim.tv_nsec;
	return age_s > 1 || (age_s >= 0 && age_s * 1000000000 + age_ns > STEP_NS);
}

static uint64_t identify(const struct stat *status)
{
	uint64_t words[] = {status->st_dev,
	                    status->st_ino,
	                    (uint64_t)status->st_size,
	                    (uint64_t)status->st_mtim.tv_sec,
	                    (uint64_t)status->st_mtim.tv_nsec,
	                    (uint64_t)status->st_ctim.tv_sec,
	                    (uint64_t)status->st_ctim.tv_nsec};
	uint64_t identity = 0;
	for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
		identity = hg_mix_all(identity, words[i]);
	return is_settled(status) ? identity : 0;
}

static bool map(const char *path, struct hg_file_symbols *file)
{
	struct stat status;
	long fd = hg_syscall(SYS_openat, AT_FDCWD, (long)path, O_RDONLY | O_CLOEXEC, 0, 0, 0);
	if (fd < 0)
		return false;
	long failed = hg_syscall(SYS_newfstatat, fd, (long)"", (long)&status, AT_EMPTY_PATH, 0, 0), at = -1;
	if (failed == 0 && S_ISREG(status.st_mode) && status.st_size > (off_t)sizeof(ElfW(Ehdr)))
		at = hg_syscall(SYS_mmap, 0, status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	hg_syscall(SYS_close, fd, 0, 0, 0, 0, 0);
	if (at < 0 && at > -4096)
		return false;
	file->bytes = (const char *)at;
	file->size = (size_t)status.st_size;
	file->identity = identify(&status);
	return true;
}

static const void *part_of(const struct hg_file_symbols *file, uint64_t offset, uint64_t bytes)
{
	bool within = offset <= file->size && bytes <= file->size - offset && offset % sizeof(uint64_t) == 0;
	return within ? file->bytes + offset : NULL;
}

/* Whether it is what was loaded: a file can have been replaced since. An object's first page is the file's as a rule,
 * and its headers say where everything is. */
static bool is_same(const struct hg_object *object, const struct hg_file_symbols *file)
{
	const ElfW(Ehdr) *header = (const void *)file->bytes;
	size_t bytes = sizeof *header + header->e_phnum * sizeof(ElfW(Phdr));
	return header->e_phoff == sizeof *header && header->e_phentsize == sizeof(ElfW(Phdr)) &&
	       part_of(file, 0, bytes) && hg_readable((const void *)object->low) &&
	       memcmp(file->bytes, (const void *)object->low, bytes) == 0;
}

/* --- its tables --- */

/* The names of a table must end. */
static bool take(const struct hg_file_symbols *file, const ElfW(Shdr) * sections, unsigned count,
                 const ElfW(Shdr) * table, struct hg_symbols *symbols)
{
	if (table->sh_link >= count)
		return false;
	const ElfW(Shdr) *names = &sections[table->sh_link];
	bool within = names->sh_offset <= file->size && names->sh_size <= file->size - names->sh_offset;
	const void *list = part_of(file, table->sh_offset, table->sh_size);
	if (!list || !within || !names->sh_size || file->bytes[names->sh_offset + names->sh_size - 1])
		return false;
	*symbols = (struct hg_symbols){list, table->sh_size / sizeof(ElfW(Sym)), file->bytes + names->sh_offset,
	                               names->sh_size};
	return true;
}

static bool find_tables(struct hg_file_symbols *file)
{
	const ElfW(Ehdr) *header = (const void *)file->bytes;
	unsigned count = header->e_shnum;
	const ElfW(Shdr) *sections = part_of(file, header->e_shoff, count * sizeof *sections);
	if (!sections || header->e_shentsize != sizeof *sections)
		return false;
	for (unsigned i = 0; i < count; i++) {
		if (sections[i].sh_type == SHT_SYMTAB && take(file, sections, count, &sections[i], &file->symbols)) {
			file->exported_only = false;
			return true;
		}
		if (sections[i].sh_type == SHT_DYNSYM)
			file->exported_only = take(file, sections, count, &sections[i], &file->symbols);
	}
	return file->exported_only;
}

/* --- what was separated from it --- */

static bool has_build_id(const struct hg_file_symbols *file, const uint8_t *id, uint32_t length)
{
	const ElfW(Ehdr) *header = (const void *)file->bytes;
	const ElfW(Shdr) *sections = part_of(file, header->e_shoff, header->e_shnum * sizeof *sections);
	for (unsigned i = 0; sections && i < header->e_shnum; i++) {
		uint64_t offset = sections[i].sh_offset, size = sections[i].sh_size;
		uint32_t found = 0;
		if (sections[i].sh_type != SHT_NOTE || offset > file->size || size > file->size - offset)
			continue;
		const uint8_t *its = hg_build_id_in(file->bytes + offset, size, &found);
		if (its && found == length && memcmp(its, id, length) == 0)
			return true;
	}
	return false;
}

/* It takes the place of the object's own file if it has a full symbol table. */
static void open_separate(const struct hg_object *object, struct hg_file_symbols *file)
{
	struct hg_separate_search search;
	struct hg_file_symbols separate;
	char path[HG_SEPARATE_PATH];
	hg_separate_begin(object, &search);
	while (hg_separate_next(&search, path)) {
		separate = (struct hg_file_symbols){0};
		if (!map(path, &separate))
			continue;
		if (has_build_id(&separate, search.id, search.length) && find_tables(&separate) &&
		    !separate.exported_only) {
			hg_file_symbols_close(file);
			*file = separate;
			return;
		}
		hg_file_symbols_close(&separate);
	}
}

bool hg_file_symbols_open(const struct hg_object *object, struct hg_file_symbols *file)
{
	*file = (struct hg_file_symbols){0};
	if (!map(object->path[0] ? object->path : "/proc/self/exe", file))
		return false;
	bool same = is_same(object, file), found = same && find_tables(file);
	if (same && (!found || file->exported_only))
		open_separate(object, file);
	if (found || file->symbols.count)
		return true;
	hg_file_symbols_close(file);
	return false;
}

void hg_file_symbols_close(const struct hg_file_symbols *file)
{
	hg_syscall(SYS_munmap, (long)file->bytes, (long)file->size, 0, 0, 0, 0);
}

size_t hg_plain_relocations(const struct hg_object *object)
{
	const ElfW(Rela) *list = object->relocations[0].entries;
	size_t count = list ? object->relocations[0].bytes / sizeof *list : 0, plain = 0;
	while (plain < count && ELF64_R_TYPE(list[plain].r_info) == RELATIVE)
		plain++;
	return plain;
}

struct hg_bytes hg_code_of_object(const struct hg_object *object)
{
	return (struct hg_bytes){object->code_low - object->base, object->code_high - object->base, object->base,
	                         object->base == 0};
}
