#define _GNU_SOURCE
#include "scenario.h"

#include <linux/futex.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "filter.h"

void fail(const char *file, int line, const char *condition)
{
	printf("%s:%d: %s does not hold\n", file, line, condition);
	fflush(stdout);
	_exit(3);
}

static void *side_main(void *argument)
{
	struct side *side = argument;
	pthread_setname_np(pthread_self(), side->name);
	side->tid = gettid();
	sem_post(&side->started);
	side->run(side->argument);
	return NULL;
}

void start(struct side *side, const char *name, void (*run)(void *), void *argument)
{
	*side = (struct side){.name = name, .run = run, .argument = argument};
	sem_init(&side->started, 0, 0);
	CHECK(pthread_create(&side->thread, NULL, side_main, side) == 0);
	sem_wait(&side->started);
}

void join(struct side *side)
{
	CHECK(pthread_join(side->thread, NULL) == 0);
}

/* What the kernel calls it for an emulator that runs on x86-64. */
enum { EMULATORS_FUTEX = 202 };

/* A futex wait, with a time limit if it is a drain's: nothing else in these programs has one. */
static bool waits(const char *line, bool with_limit)
{
	unsigned long number, word, operation, value, limit;
	if (sscanf(line, "%lu %lx %lx %lx %lx", &number, &word, &operation, &value, &limit) != 5 ||
	    (number != SYS_futex && number != EMULATORS_FUTEX))
		return false;
	operation &= FUTEX_CMD_MASK;
	return with_limit ? operation == FUTEX_WAIT_BITSET && limit != 0 : operation == FUTEX_WAIT && limit == 0;
}

static void await_futex(const struct side *side, bool with_limit)
{
	char path[64], line[256];
	snprintf(path, sizeof path, "/proc/%d/syscall", side->tid);
	while (!gates_are_open()) {
		FILE *file = fopen(path, "r");
		CHECK(file);
		bool read = fgets(line, sizeof line, file);
		fclose(file);
		CHECK(read);
		if (waits(line, with_limit))
			return;
		sched_yield();
	}
}

void await_drain(const struct side *side)
{
	await_futex(side, true);
}

void await_lock(const struct side *side)
{
	await_futex(side, false);
}

void await_post(sem_t *post)
{
	if (!gates_are_open())
		sem_wait(post);
}

void tell_number(const char *name, unsigned long handle)
{
	printf("handle %s 0x%lx\n", name, handle);
	fflush(stdout);
}

void tell(const char *name, const void *handle)
{
	tell_number(name, (unsigned long)handle);
}

void dirty_stack(void)
{
	volatile char frames[4096];
	for (size_t i = 0; i < sizeof frames; i++)
		frames[i] = (char)0xff;
}

void await_child(pid_t child)
{
	int status;
	CHECK(waitpid(child, &status, 0) == child && status == 0);
}

/* In all threads. The kernel's answer is "no such call", as before Linux 4.14. */
void forbid_membarrier(void)
{
	static const struct filtered_call none = {.number = SYS_membarrier, .action = SECCOMP_RET_ERRNO | ENOSYS};
	if (syscall(SYS_membarrier, 0, 0) < 0)
		return; /* by who started this program */
	CHECK(filter_call(&none, SECCOMP_FILTER_FLAG_TSYNC) == 0);
}

/* Files may not grow beyond `bytes`; who tries is killed by SIGXFSZ. */
void limit_files(unsigned long bytes)
{
	struct rlimit limit = {bytes, RLIM_INFINITY};
	CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
}
