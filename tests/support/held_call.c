#define _GNU_SOURCE
#include "held_call.h"

#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include "filter.h"
#include "scenario.h"

int hold_calls(int number, int first_argument)
{
	uint32_t first = (uint32_t)first_argument;
	int calls = filter_call(&(struct filtered_call){.number = number,
	                                                .by_argument = first_argument >= 0,
	                                                .least = first,
	                                                .most = first,
	                                                .action = SECCOMP_RET_USER_NOTIF},
	                        SECCOMP_FILTER_FLAG_NEW_LISTENER);
	CHECK(calls >= 0);
	return calls;
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
