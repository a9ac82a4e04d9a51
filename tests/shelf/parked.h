/* Waits until a thread sleeps: in the system call poll, or one that reads, which is what libraries wait for their
 * sockets in, or in futex, which is what they wait for each other in. */
#ifndef HG_TEST_PARKED_H
#define HG_TEST_PARKED_H

#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "quiet.h"

static inline int is_poll(long number)
{
#ifdef SYS_poll
	if (number == SYS_poll)
		return 1;
#endif
	return number == SYS_ppoll;
}

static inline int is_futex(long number)
{
	return number == SYS_futex;
}

/* The system call that a thread is in, and its first argument. `thread` is set by the thread itself, just before its
 * call: (pid_t)syscall(SYS_gettid). */
static inline long call_of(_Atomic pid_t *thread, unsigned *argument)
{
	char path[64], text[64] = "";
	long number = -1;

	while (atomic_load(thread) == 0)
		sched_yield();
	snprintf(path, sizeof(path), "/proc/self/task/%d/syscall", atomic_load(thread));
	FILE *file = fopen(path, "r");
	MUST(file && fgets(text, sizeof(text), file));
	fclose(file);
	sscanf(text, "%ld %x", &number, argument);
	return number;
}

static inline void await_call(_Atomic pid_t *thread, int (*is_it)(long number))
{
	unsigned argument;

	while (!is_it(call_of(thread, &argument)))
		continue;
}

/* A read of something else, such as the guards' own, is none. */
static inline void await_reading(_Atomic pid_t *thread, unsigned descriptor)
{
	unsigned argument = 0;
	long number;

	do
		number = call_of(thread, &argument);
	while ((number != SYS_read && number != SYS_recvfrom) || argument != descriptor);
}

static inline void await_parked(_Atomic pid_t *thread)
{
	await_call(thread, is_poll);
}

static inline void await_asleep(_Atomic pid_t *thread)
{
	await_call(thread, is_futex);
}

#endif
