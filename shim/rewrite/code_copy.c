#include "rewrite/code_copy.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/sys.h"

static uint64_t page_size(void)
{
	return (uint64_t)sysconf(_SC_PAGESIZE);
}

static void unmap(uint64_t low, uint64_t high)
{
	if (low < high)
		hg_syscall(SYS_munmap, (long)low, (long)(high - low), 0, 0, 0, 0);
}

/* --- the copy --- */

static size_t bytes_of_counts(const struct hg_text *text)
{
	return (text->high - text->low) / page_size() * sizeof *text->written;
}

static uint64_t map_aside(const struct hg_object *object, uint64_t size, uint64_t offset)
{
	const char *path = object->path[0] ? object->path : "/proc/self/exe";
	long file = hg_syscall(SYS_openat, AT_FDCWD, (long)path, O_RDONLY | O_CLOEXEC, 0, 0, 0);
	if (file < 0)
		return 0;
	long at = hg_syscall(SYS_mmap, 0, (long)size, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, (long)offset);
	hg_syscall(SYS_close, file, 0, 0, 0, 0, 0);
	return at > 0 ? (uint64_t)at : 0;
}

static void copy_code(struct hg_text *text, const struct hg_object *object)
{
	const ElfW(Phdr) *segment = hg_object_segment(object, object->code_low);
	if (!segment)
		return;
	uint64_t begin = object->base + segment->p_vaddr, page = page_size();
	uint64_t low = begin & -page, high = (begin + segment->p_filesz + page - 1) & -page;
	uint64_t at = map_aside(object, high - low, segment->p_offset - (begin - low));
	if (!at)
		return;
	text->low = low;
	text->high = high;
	text->moved = at - low;
	text->written = hg_map_memory(bytes_of_counts(text));
	if (text->written)
		return;
	unmap(at, at + (high - low));
	text->high = text->low;
}

void hg_text_open(struct hg_text *text, const struct hg_object *object)
{
	*text = (struct hg_text){0};
	text->memory = (int)hg_syscall(SYS_openat, AT_FDCWD, (long)"/proc/self/mem", O_RDWR | O_CLOEXEC, 0, 0, 0);
	copy_code(text, object);
}

/* --- writing to it --- */

static bool protect(uint64_t low, uint64_t high, int protection)
{
	return hg_syscall(SYS_mprotect, (long)low, (long)(high - low), protection, 0, 0, 0) == 0;
}

/* Nobody runs the copy: its pages need not be executable for the moment. */
static bool put_through_pages(uint64_t at, const void *bytes, size_t size)
{
	uint64_t page = page_size(), low = at & -page, high = (at + size + page - 1) & -page;
	if (!protect(low, high, PROT_READ | PROT_WRITE))
		return false;
	memcpy((void *)at, bytes, size);
	return protect(low, high, PROT_READ | PROT_EXEC);
}

/* Where processors fetch code other than by what was stored. */
static void tell_fetchers(uint64_t low, uint64_t high)
{
	__builtin___clear_cache((char *)low, (char *)high);
}

/* The system writes for us to a private copy of the page, as it does for debuggers, where it lets us. */
static bool put(const struct hg_text *text, uint64_t at, const void *bytes, size_t size)
{
	long written = -1;
	if (text->memory >= 0)
		written = hg_syscall(SYS_pwrite64, text->memory, (long)bytes, (long)size, (long)at, 0, 0);
	if (written != (long)size && !put_through_pages(at, bytes, size))
		return false;
	tell_fetchers(at, at + size);
	return true;
}

static uint16_t *count_at(const struct hg_text *text, uint64_t at)
{
	return &text->written[(at - text->low) / page_size()];
}

static bool are_same(const uint64_t *one, const uint64_t *other, size_t words)
{
	while (words && *one == *other)
		one++, other++, words--;
	return !words;
}

/* Where a page is no longer as it is in the file (a debugger's breakpoints), so is its copy. */
static bool begin_page(const struct hg_text *text, uint64_t at)
{
	uint64_t size = page_size(), page = at & -size;
	const uint64_t *now = (const uint64_t *)page, *copy = (const uint64_t *)(page + text->moved);
	return *count_at(text, at) || are_same(now, copy, size / sizeof *now) ||
	       put(text, page + text->moved, now, size);
}

bool hg_text_write(const struct hg_text *text, uint64_t at, uint32_t value)
{
	uint64_t last = at + sizeof value - 1;
	if (at < text->low || last >= text->high || !begin_page(text, at) || !begin_page(text, last) ||
	    !put(text, at + text->moved, &value, sizeof value))
		return false;
	uint16_t *counts[] = {count_at(text, at), count_at(text, last)};
	for (unsigned i = 0; i < 1u + (counts[0] != counts[1]); i++)
		*counts[i] += *counts[i] < UINT16_MAX;
	return true;
}

bool hg_text_write_aside(const struct hg_text *text, uint64_t at, const void *bytes, size_t size)
{
	return put(text, at, bytes, size);
}

/* --- moving it --- */

/* Stretches of pages that lie together move together. */
static bool move(const struct hg_text *text, uint64_t low, uint64_t high)
{
	long size = (long)(high - low), from = (long)(low + text->moved);
	long at = hg_syscall(SYS_mremap, from, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, (long)low, 0);
	if (at == (long)low) {
		tell_fetchers(low, high);
		return true;
	}
	unmap(low + text->moved, high + text->moved);
	return false;
}

/* Up to where pages are written to, or not, as the one at `low` is; and how often. */
static uint64_t end_of_stretch(const struct hg_text *text, uint64_t low, unsigned *writes)
{
	bool written = *count_at(text, low) != 0;
	uint64_t high = low;
	for (*writes = 0; high < text->high && (*count_at(text, high) != 0) == written; high += page_size())
		*writes += *count_at(text, high);
	return high;
}

unsigned hg_text_close(const struct hg_text *text)
{
	unsigned lost = 0, writes;
	for (uint64_t low = text->low, high; low < text->high; low = high) {
		high = end_of_stretch(text, low, &writes);
		/* Not all at the end: what has been moved away may have become somebody else's. */
		if (!writes)
			unmap(low + text->moved, high + text->moved);
		else if (!move(text, low, high))
			lost += writes;
	}
	if (text->written)
		hg_syscall(SYS_munmap, (long)text->written, (long)bytes_of_counts(text), 0, 0, 0, 0);
	if (text->memory >= 0)
		hg_syscall(SYS_close, text->memory, 0, 0, 0, 0, 0);
	return lost;
}
