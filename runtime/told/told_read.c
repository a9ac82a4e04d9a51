#include <sys/uio.h>

#include "base/sys.h"
#include "process/process.h"
#include "told/told.h"

/* Where a filter refuses the system call: what can be read now can be read a moment later, of what is known to stay. */
static size_t copy_readable(uint64_t from, char *to, size_t size)
{
	enum { PAGE = 4096 }; /* no limit: no page is smaller */
	size_t copied = 0;
	while (copied < size && hg_readable((void *)(from + copied))) {
		size_t end = copied + PAGE - (from + copied) % PAGE;
		for (; copied < size && copied < end; copied++)
			to[copied] = *(const volatile char *)(from + copied);
	}
	return copied;
}

size_t hg_told_read(uint64_t from, void *to, size_t size)
{
	struct iovec here = {to, size}, there = {(void *)from, size};
	long read = hg_syscall(SYS_process_vm_readv, hg_process_pid(), (long)&here, 1, (long)&there, 1, 0);
	if (read >= 0)
		return (size_t)read;
	return read == -EFAULT ? 0 : copy_readable(from, to, size);
}
