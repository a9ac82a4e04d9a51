/* The way of fencing: probed at the start, given up when the kernel takes membarrier away, also at once. */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

/* From now on membarrier fails, as in a sandbox. */
static void refuse_membarrier(void)
{
	struct sock_filter filter[] = {
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_membarrier, 0, 1),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {.len = sizeof filter / sizeof *filter, .filter = filter};
	ck_assert_int_eq(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	ck_assert_int_eq(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
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

int main(void)
{
	return RUN_SUITE("fence", membarrier_is_used_where_there_is_one, a_refusal_at_the_start_means_full_fences,
	                 a_late_refusal_degrades_and_tells_who_must_know, a_child_that_is_refused_tells_too);
}
