/* The library that the benchmark guards: nothing in it costs anything, so that all there is to measure is the guarding.
 */
#ifndef TARGET_H
#define TARGET_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

enum { TARGET_CACHE_LINE = 64, TARGET_VALUE = 7 };

struct target {
	uint64_t value;
	_Atomic uint64_t in_flight; /* of the hand-written guard, and of a library that counts (COUNTED) */
	void *guard;                /* of a library that guards itself (EMBEDDED) */
};

struct target *target_open(void);
void target_free(struct target *target);

/* A free whose value no create returns again. */
void target_retire(struct target *target);

/* Returns TARGET_VALUE. The second is the same to the library; the manifest has 8 words of stack arguments handed on.
 */
uint64_t target_op(struct target *target);
uint64_t target_op_words(struct target *target);

/* What others are made from, and goes with them: a branch's memory is its trunk's, which has BRANCHES of them. */
enum { BRANCHES = 2 };
struct branch {
	bool there;
};
struct trunk {
	struct branch branches[BRANCHES];
};
struct trunk *trunk_open(void);
void trunk_free(struct trunk *trunk);
struct branch *branch_open(struct trunk *trunk); /* null: they are all there */
void branch_free(struct branch *branch);

/* Ops that stay. The first returns TARGET_VALUE once the gate is open; the second once a thread sleeps on a futex, and
 * returns when it saw that, in monotonic nanoseconds. */
uint64_t target_wait(struct target *target);
uint64_t target_wait_for_sleeper(struct target *target, pid_t sleeper);

/* Not guarded. */
unsigned target_waiting(void); /* ops that stay now */
void target_open_gate(void);

static inline uint64_t target_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

#endif
