/* Threads that use one handle whose ops run one after the other: each as often in a row as it likes, so that some keep
 * the handle for a while and lose it again, now from within an op, now between two. The library never sees two of them
 * at once, however the threads come in each other's way: turns THREADS OPS SEED. */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#include "scenario.h"

enum { MOST = 64 };

static gate *till;
static unsigned long ops;

struct user {
	struct side side;
	unsigned state;
};

/* A linear congruential generator (ISO C's example). */
static unsigned draw(struct user *user)
{
	user->state = user->state * 1103515245 + 12345;
	return user->state >> 16 & 0x7fff;
}

static void from_within(void *user)
{
	if (draw(user) % 4 == 0)
		sched_yield();
	CHECK(gate_till_touch(till) == 1);
}

static void use(void *argument)
{
	struct user *user = argument;
	for (unsigned long i = 0; i < ops; i++) {
		unsigned drawn = draw(user);
		if (drawn % 8 == 0)
			CHECK(gate_till_call(till, from_within, user) == 4);
		else
			CHECK(gate_till_touch(till) == 1);
		if (drawn % 64 == 1)
			sched_yield();
	}
}

int main(int argc, char **argv)
{
	static struct user users[MOST];
	CHECK(argc == 4);
	unsigned threads = (unsigned)atoi(argv[1]);
	CHECK(threads <= MOST);
	ops = strtoul(argv[2], NULL, 10);
	till = gate_till_open();
	for (unsigned i = 0; i < threads; i++) {
		users[i].state = (unsigned)atoi(argv[3]) * MOST + i;
		start(&users[i].side, "user", use, &users[i]);
	}
	for (unsigned i = 0; i < threads; i++)
		join(&users[i].side);
	CHECK(gate_overlaps() == 0);
	gate_till_close(till);
	return 0;
}
