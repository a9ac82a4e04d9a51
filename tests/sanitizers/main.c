/* main CASE...: programs that race for a tank, guarded and built with a sanitizer. "fault" is what the sanitizer is
 * for. */
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tank.h"

#define CHECK(condition) ((condition) ? (void)0 : (fprintf(stderr, "line %d: " #condition "\n", __LINE__), abort()))

static tank *shared;
static int inside, go, labelled, closer_id, closed;

static void await(const int *flag)
{
	while (!__atomic_load_n(flag, __ATOMIC_RELAXED))
		sched_yield();
}

static void *hold(void *unused)
{
	(void)unused;
	CHECK(tank_hold(shared, &inside, &go) == 7);
	return NULL;
}

static void *label(void *unused)
{
	(void)unused;
	tank_label(shared);
	__atomic_store_n(&labelled, 1, __ATOMIC_RELAXED);
	await(&closed);
	return NULL;
}

static void *close_it(void *unused)
{
	(void)unused;
	__atomic_store_n(&closer_id, (int)syscall(SYS_gettid), __ATOMIC_RELAXED);
	tank_close(shared);
	__atomic_store_n(&closed, 1, __ATOMIC_RELAXED);
	return NULL;
}

/* Labels the tank, which only the order that the guard makes keeps apart from what the close writes. */
static void *label_and_close(void *unused)
{
	tank_label(shared);
	return close_it(unused);
}

/* Until the thread sleeps on a futex: in a free that waits for ops, nothing else here does. */
static void await_sleep(const int *thread)
{
	await(thread);
	char path[64], line[64] = "";
	snprintf(path, sizeof path, "/proc/self/task/%d/syscall", __atomic_load_n(thread, __ATOMIC_RELAXED));
	while (atol(line) != SYS_futex || line[0] == 'r') {
		FILE *file = fopen(path, "r");
		CHECK(file && fgets(line, sizeof line, file));
		fclose(file);
		sched_yield();
	}
}

static pthread_t start(void *(*work)(void *))
{
	pthread_t thread;
	CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
	return thread;
}

static void late_op(void)
{
	long level;
	CHECK(tank_level(shared, &level) == -1);
	CHECK(level == 0);
}

/* A free waits for an op; then comes an op, and another free. */
static void waits(bool with_label)
{
	shared = tank_open();
	pthread_t labeller = 0;
	if (with_label) {
		labeller = start(label);
		await(&labelled);
	}
	pthread_t holder = start(hold);
	await(&inside);
	pthread_t closer = start(close_it);
	await_sleep(&closer_id);
	__atomic_store_n(&go, 1, __ATOMIC_RELAXED);
	pthread_join(closer, NULL);
	pthread_join(holder, NULL);
	if (with_label)
		pthread_join(labeller, NULL);
	late_op();
	tank_close(shared);
}

/* A free is left to the op. */
static void defers(void)
{
	shared = tank_open();
	pthread_t holder = start(hold);
	await(&inside);
	pthread_t closer = start(label_and_close);
	await(&closed);
	__atomic_store_n(&go, 1, __ATOMIC_RELAXED);
	pthread_join(holder, NULL);
	pthread_join(closer, NULL);
	late_op();
}

static jmp_buf home;

/* By a pointer that does not tell that it never returns: else the compiler would prepare for it. */
static __attribute__((noinline)) void jump(void)
{
	static void (*volatile leave)(jmp_buf, int) = longjmp;
	char room[4096];
	memset(room, 1, sizeof room);
	__asm__ volatile("" : : "r"(room) : "memory");
	leave(home, 1);
}

/* Uses the stack below as code does that is built without the sanitizer. */
__attribute__((noinline, no_sanitize("address"))) static void use_stack(void)
{
	static void *(*volatile set)(void *, int, size_t) = memset;
	char room[16384];
	set(room, 0, sizeof room);
}

/* An op is left by a jump. */
static void jumps(void)
{
	shared = tank_open();
	if (!setjmp(home))
		tank_call(shared, jump);
	use_stack();
	tank_close(shared);
}

/* --- what sanitizers are for --- */

static int plain, started;

static void *write_plain(void *unused)
{
	(void)unused;
	plain++;
	__atomic_store_n(&started, 1, __ATOMIC_RELAXED);
	return NULL;
}

static void fault(void)
{
	pthread_t writer = start(write_plain);
	await(&started);
	plain++; /* thread */
	pthread_join(writer, NULL);
	volatile char *volatile block = malloc(8);
	if (block[1] == 1) /* memory */
		puts("one");
	block[8] = 1; /* address */
	volatile int most = 0x7fffffff;
	most = most + 1; /* undefined */
	free((void *)block);
}

int main(int count, char **arguments)
{
	const char *which = count > 1 ? arguments[1] : "";
	if (strcmp(which, "defers") == 0)
		defers();
	else if (strcmp(which, "jumps") == 0)
		jumps();
	else
		waits(strcmp(which, "labelled") == 0);
	if (strcmp(which, "fault") == 0)
		fault();
	puts("done");
	return 0;
}
