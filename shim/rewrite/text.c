#include "rewrite/text.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/sys.h"

void hg_text_open(struct hg_text *text)
{
	text->memory = (int)hg_syscall(SYS_openat, AT_FDCWD, (long)"/proc/self/mem", O_RDWR | O_CLOEXEC, 0, 0, 0);
}

void hg_text_close(const struct hg_text *text)
{
	if (text->memory >= 0)
		hg_syscall(SYS_close, text->memory, 0, 0, 0, 0, 0);
}

static bool protect(uint64_t low, uint64_t high, int protection)
{
	return hg_syscall(SYS_mprotect, (long)low, (long)(high - low), protection, 0, 0, 0) == 0;
}

/* Other threads may run what stands on the page: it stays executable. Where a page must not be both it is refused. */
static bool write_through_page(uint64_t at, uint32_t value)
{
	uint64_t page_size = (uint64_t)sysconf(_SC_PAGESIZE), low = at & -page_size,
	         high = (at + sizeof value + page_size - 1) & -page_size;
	if (!protect(low, high, PROT_READ | PROT_WRITE | PROT_EXEC))
		return false;
	__builtin_memcpy((void *)at, &value, sizeof value);
	protect(low, high, PROT_READ | PROT_EXEC);
	return true;
}

bool hg_text_write(const struct hg_text *text, uint64_t at, uint32_t value)
{
	long written = -1;
	if (text->memory >= 0)
		written = hg_syscall(SYS_pwrite64, text->memory, (long)&value, sizeof value, (long)at, 0, 0);
	return written == sizeof value || write_through_page(at, value);
}
