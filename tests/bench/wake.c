/* How soon a free that waits returns once the last op leaves; and, to compare with, how soon this machine wakes a
 * thread that sleeps on a futex. */
#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "target.h"
#include "works.h"

struct parked {
	struct target *target;
	pid_t freer;
	uint64_t left;
	_Atomic uint32_t word; /* the futex, where there is no guard */
};

static void *stay(void *argument)
{
	struct parked *parked = argument;
	hg_pin(1);
	parked->left = target_wait_for_sleeper(parked->target, parked->freer);
	parked->word = 1;
	syscall(SYS_futex, &parked->word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
	return NULL;
}

static void sleep_on(_Atomic uint32_t *word)
{
	while (!*word)
		syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
}

double hg_work_wake(unsigned guarded)
{
	struct parked parked = {.target = target_open(), .freer = (pid_t)syscall(SYS_gettid)};
	pthread_t thread;
	if (pthread_create(&thread, NULL, stay, &parked) != 0)
		hg_die("a thread cannot be started");
	while (!target_waiting())
		;
	if (guarded)
		target_free(parked.target);
	else
		sleep_on(&parked.word);
	uint64_t woken = target_now();
	pthread_join(thread, NULL);
	if (!guarded)
		target_free(parked.target);
	return (double)(woken - parked.left);
}
