/* A seccomp filter, installed after the first guarded call, that kills for every system call but those that
 * CONTRIBUTING.md says a sandboxed program must allow, and what the program itself needs: a thread's first call, frees
 * of shared handles, a finding, the end.
 *
 * finding: late-op gate g; call gate_touch in main; free gate_close in close_it<close_later on closer; create gate_open in main
 * recording: handles.gate.created=2 handles.gate.freed=2 clean_exit=true
 */
#include <stddef.h>
#include <sys/syscall.h>

#include "filter.h"
#include "scenario.h"

static const int allowed[] = {
    /* the runtime, and the C library and libunwind for it */
    SYS_clock_gettime, SYS_futex, SYS_getpid, SYS_gettid, SYS_madvise, SYS_membarrier, SYS_mincore, SYS_mmap,
    SYS_mprotect, SYS_munmap, SYS_prctl, SYS_prlimit64, SYS_rt_sigprocmask, SYS_sched_getaffinity, SYS_sched_yield,
    SYS_tgkill, SYS_process_vm_readv,
    /* the program */
    SYS_brk, SYS_exit, SYS_exit_group, SYS_write};

static void kill_for_all_others(void)
{
	enum { COUNT = sizeof allowed / sizeof *allowed };
	struct sock_filter code[COUNT + 3] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))};
	for (int i = 0; i < COUNT; i++)
		code[i + 1] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)allowed[i],
		                                           (unsigned char)(COUNT - i), 0);
	code[COUNT + 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
	code[COUNT + 2] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	CHECK(filter_by(code, COUNT + 3, SECCOMP_FILTER_FLAG_TSYNC) == 0);
}

static sem_t filtered;

static void close_later(void *g)
{
	sem_wait(&filtered);
	gate *own = gate_open();
	CHECK(gate_touch(g) == 1 && gate_touch(own) == 1);
	gate_close(own);
	close_it(g);
}

int main(void)
{
	struct side closer;
	gate *g = gate_open();
	tell("g", g);
	CHECK(gate_touch(g) == 1);
	sem_init(&filtered, 0, 0);
	start(&closer, "closer", close_later, g);
	kill_for_all_others();
	sem_post(&filtered);
	join(&closer);
	CHECK(gate_touch(g) == -EPIPE);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
