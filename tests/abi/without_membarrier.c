/* Runs a command where the kernel refuses membarrier from the start, as the seccomp filters of some containers do. */
#include <errno.h>
#include <linux/membarrier.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "filter.h"

static int refuse_membarrier(void)
{
	static const struct filtered_call none = {.number = SYS_membarrier, .action = SECCOMP_RET_ERRNO | EPERM};
	return filter_call(&none, 0) != 0 || syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0) != -1;
}

int main(int argc, char **argv)
{
	if (argc < 2 || refuse_membarrier()) {
		fputs("membarrier could not be taken away\n", stderr);
		return 2;
	}
	execvp(argv[1], argv + 1);
	perror(argv[1]);
	return 2;
}
