/* machine refuse|kill|limit CALL COMMAND...: runs a command where the kernel refuses a system call, or ends whoever
 * makes it. CALL is membarrier, socket, mincore or wipe (of memory in forked children); `limit BYTES` bounds files. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
	const char *name;
	unsigned number;
} calls[] = {{"membarrier", SYS_membarrier}, {"socket", SYS_socket}, {"mincore", SYS_mincore}, {"wipe", SYS_madvise}};

static int install(unsigned number, int advice, unsigned action)
{
	struct sock_filter code[] = {
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 3),
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2])),
	    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, (unsigned)advice, 0, 1),
	    BPF_STMT(BPF_RET | BPF_K, action),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {sizeof(code) / sizeof(code[0]), code};

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
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
