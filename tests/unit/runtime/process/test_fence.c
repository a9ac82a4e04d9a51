/* The way of fencing: probed at the start, given up when the kernel takes membarrier away, also at once. */
#include <sys/wait.h>
#include <unistd.h>

#include "filter.h"
#include "harness.h"

/* From now on membarrier fails, as in a sandbox. */
static void refuse_membarrier(void)
{
	static const struct filtered_call none = {.number = SYS_membarrier, .action = SECCOMP_RET_ERRNO | EPERM};
	ck_assert_int_eq(filter_call(&none, 0), 0);
}

static _Atomic int losses;

static void lost(void)
{
	losses++;
}

START_TEST(membarrier_is_used_where_there_is_one)
{
	hg_fence_lost = lost;
	start();
	ck_assert_uint_eq(hg_fence_kind, HG_FENCE_MEMBARRIER);
	hg_fence_heavy();
	ck_assert_uint_eq(hg_fence_kind, HG_FENCE_MEMBARRIER);
	ck_assert_uint_eq(read_back()->header->fence, HG_FENCE_MEMBARRIER);
	ck_assert_int_eq(losses, 0);
}
END_TEST

START_TEST(a_refusal_at_the_start_means_full_fences)
{
	hg_fence_lost = lost;
	refuse_membarrier();
	start();
	ck_assert_uint_eq(hg_fence_kind, HG_FENCE_FULL);
	ck_assert_uint_eq(read_back()->header->fence, HG_FENCE_FULL);
	ck_assert_uint_eq(counter(HG_COUNTER_MEMBARRIER_LOST), 0);
	hg_fence_heavy();
	ck_assert_uint_eq(hg_fence_kind, HG_FENCE_FULL);
}
END_TEST

START_TEST(a_late_refusal_degrades_and_tells_who_must_know)
{
	hg_fence_lost = lost;
	start();
	refuse_membarrier();
	hg_fence_heavy();
	ck_assert_uint_eq(hg_fence_kind, HG_FENCE_DEGRADED);
	ck_assert_int_eq(losses, 1);
	hg_fence_heavy();
	ck_assert_int_eq(losses, 1);
	ck_assert_uint_eq(counter(HG_COUNTER_MEMBARRIER_LOST), 1);
	hg_recording_clock();
	ck_assert_uint_eq(read_back()->header->fence, HG_FENCE_DEGRADED);
	/* It still guards. */
	struct hg_guard *guard = born(new_class(1), 1);
	struct hg_frame *in;
	ck_assert_int_eq(enter(guard, &in), HG_ENTERED);
	hg_guard_leave(guard, in);
	ck_assert_int_eq(begin_free(guard, HG_FREE_WAIT, 1).outcome, HG_DRAINED);
}
END_TEST

START_TEST(a_child_that_is_refused_tells_too)
{
	int status;
	hg_fence_lost = lost;
	start();
	pid_t child = fork();
	if (child == 0) {
		refuse_membarrier();
		start();
		_exit(hg_fence_kind == HG_FENCE_FULL && losses == 1 ? 42 : 1);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 42);
}
END_TEST

#ifndef HG_UNDER_TSAN
/* Each side stores its own and loads the other's, all at once and over and over: at least one must see the other's
 * store. That is what an op and a free rely on. */
enum { TRIALS = 50000 };

static struct side {
	_Alignas(64) _Atomic unsigned trial; /* how far it is */
	_Alignas(64) _Atomic unsigned stored;
	unsigned seen[TRIALS];
} light, heavy;

/* Spins: both must go on at once. But not for a whole time slice, if the other is not running. */
static void meet(const _Atomic unsigned *other, unsigned trial)
{
	for (unsigned spins = 1; atomic_load_explicit(other, memory_order_relaxed) <= trial; spins++)
		if (spins % 4096 == 0)
			hg_syscall(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
}

static void *light_side(void *unused)
{
	for (unsigned i = 0; i < TRIALS; i++) {
		atomic_store(&light.trial, i + 1);
		meet(&heavy.trial, i);
		atomic_store_explicit(&light.stored, i + 1, memory_order_relaxed);
		hg_fence_light();
		light.seen[i] = atomic_load_explicit(&heavy.stored, memory_order_relaxed);
	}
	return unused;
}

static void *heavy_side(void *unused)
{
	for (unsigned i = 0; i < TRIALS; i++) {
		atomic_store(&heavy.trial, i + 1);
		meet(&light.trial, i);
		atomic_store_explicit(&heavy.stored, i + 1, memory_order_relaxed);
		hg_fence_heavy();
		heavy.seen[i] = atomic_load_explicit(&light.stored, memory_order_relaxed);
	}
	return unused;
}

static void race_the_sides(int way)
{
	start_fenced(way);
	pthread_t threads[] = {spawn(light_side, NULL), spawn(heavy_side, NULL)};
	join(threads[0]);
	join(threads[1]);
	unsigned blind = 0;
	for (unsigned i = 0; i < TRIALS; i++)
		blind += light.seen[i] <= i && heavy.seen[i] <= i;
	ck_assert_uint_eq(blind, 0);
}

START_TEST(one_side_always_sees_the_other_by_membarrier)
{
	race_the_sides(1);
}
END_TEST

START_TEST(one_side_always_sees_the_other_by_fences)
{
	race_the_sides(0);
}
END_TEST
#endif

int main(void)
{
	return RUN_SUITE("fence", membarrier_is_used_where_there_is_one, a_refusal_at_the_start_means_full_fences,
	                 a_late_refusal_degrades_and_tells_who_must_know, a_child_that_is_refused_tells_too
#ifndef HG_UNDER_TSAN
	                 ,
	                 one_side_always_sees_the_other_by_membarrier, one_side_always_sees_the_other_by_fences
#endif
	);
}
