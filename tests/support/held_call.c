#define _GNU_SOURCE
#include "held_call.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "scenario.h"

int hold_calls(int number, int first_argument)
{
	struct sock_filter code[] = {
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 3),
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)first_argument, 0, first_argument < 0 ? 0 : 1),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {sizeof code / sizeof *code, code};
	CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	long calls = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
	CHECK(calls >= 0);
	return (int)calls;
}

/* 0: the thread is gone. */
static uint64_t next_held(int calls)
{
	struct seccomp_notif held;
	memset(&held, 0, sizeof held);
	return ioctl(calls, SECCOMP_IOCTL_NOTIF_RECV, &held) == 0 ? held.id : 0;
}

uint64_t await_held(int calls)
{
	uint64_t held = next_held(calls);
	CHECK(held);
	return held;
}

void let_held_go(int calls, uint64_t held)
{
	struct seccomp_notif_resp answer = {.id = held, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
	CHECK(ioctl(calls, SECCOMP_IOCTL_NOTIF_SEND, &answer) == 0);
}

static void *let_all_go(void *calls)
{
	uint64_t held;
	while ((held = next_held((int)(intptr_t)calls)))
		let_held_go((int)(intptr_t)calls, held);
	return NULL;
}

void hold_no_more(int calls)
{
	pthread_t thread;
	CHECK(pthread_create(&thread, NULL, let_all_go, (void *)(intptr_t)calls) == 0);
	CHECK(pthread_detach(thread) == 0);
}
