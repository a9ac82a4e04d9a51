/* machine refuse|kill|limit CALL COMMAND...: runs a command where the kernel refuses a system call, or ends whoever
 * makes it. CALL is membarrier, socket, mincore or wipe (of memory in forked children); `limit BYTES` bounds files. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "filter.h"

static const struct {
	const char *name;
	unsigned number;
} calls[] = {{"membarrier", SYS_membarrier}, {"socket", SYS_socket}, {"mincore", SYS_mincore}, {"wipe", SYS_madvise}};

static int install(unsigned number, int advice, unsigned action)
{
	struct filtered_call call = {(int)number, true, 2, (uint32_t)advice, UINT32_MAX, action};
	return filter_call(&call, 0);
}

static int filter(const char *how, const char *name)
{
	unsigned action = strcmp(how, "kill") == 0 ? SECCOMP_RET_KILL_PROCESS : SECCOMP_RET_ERRNO | EPERM;

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (strcmp(calls[i].name, name) == 0)
			return install(calls[i].number, strcmp(name, "wipe") == 0 ? MADV_WIPEONFORK : 0, action);
	return -1;
}

static int limit(rlim_t bytes)
{
	return setrlimit(RLIMIT_FSIZE, &(struct rlimit){bytes, bytes});
}

int main(int argc, char **argv)
{
	if (argc < 4)
		return 2;
	int failed = strcmp(argv[1], "limit") == 0 ? limit(strtoul(argv[2], NULL, 10)) : filter(argv[1], argv[2]);
	if (failed == 0)
		execvp(argv[3], argv + 3);
	perror(argv[1]);
	return 2;
}
