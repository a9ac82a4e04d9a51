#define _GNU_SOURCE
#include "filter.h"

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int filter_by(struct sock_filter *code, size_t count, unsigned flags)
{
	struct sock_fprog program = {(unsigned short)count, code};
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return -1;
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}

int filter_call(const struct filtered_call *call, unsigned flags)
{
	uint32_t least = call->by_argument ? call->least : 0, most = call->by_argument ? call->most : UINT32_MAX;
	size_t place = offsetof(struct seccomp_data, args) + 8 * (size_t)call->argument;
	struct sock_filter code[] = {
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call->number, 0, 4),
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)place),
	    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, least, 0, 2),
	    BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, most, 1, 0),
	    BPF_STMT(BPF_RET | BPF_K, call->action),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	return filter_by(code, sizeof code / sizeof *code, flags);
}
