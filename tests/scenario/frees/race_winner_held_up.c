/* A free is held up just after it has won, before it has said who it is; a call on the handle is rejected meanwhile,
 * and told without it. Where that is, is found by letting the call be made between any two instructions of the free.
 *
 * run: HANDLEGUARD_STACKS=off
 * finding: late-op gate g; call gate_touch in any on user; create any
 * recording: handles.gate.freed=2 counters.winner-unknown=1
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <signal.h>
#include <ucontext.h>

#include "scenario.h"

enum { TRAP_FLAG = 0x100 };

static gate *gates[2];
static sem_t asked, answered;
static volatile sig_atomic_t stepping, refused;
static uintptr_t low, high; /* the runtime's code */

static int find_runtime(struct dl_phdr_info *info, size_t size, void *unused)
{
	(void)size;
	(void)unused;
	for (int i = 0; strstr(info->dlpi_name, "/libhandleguard.so") && i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_flags & PF_X) {
			low = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
			high = low + info->dlpi_phdr[i].p_memsz;
		}
	return 0;
}

/* After each instruction of the free. */
static void after_step(int unused, siginfo_t *unused_too, void *context)
{
	greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
	uintptr_t at = (uintptr_t)registers[REG_RIP];
	(void)unused;
	(void)unused_too;
	if (stepping && at >= low && at < high) {
		sem_post(&asked);
		sem_wait(&answered);
		stepping = !refused;
	}
	if (!stepping)
		registers[REG_EFL] &= ~TRAP_FLAG;
}

static void answer(void *unused)
{
	(void)unused;
	while (!refused) {
		sem_wait(&asked);
		refused = gate_touch(gates[1]) == -EPIPE;
		sem_post(&answered);
	}
}

static void step(void)
{
	__asm__ volatile("pushfq\n\torq %0, (%%rsp)\n\tpopfq" : : "i"(TRAP_FLAG) : "memory", "cc");
}

/* The first free has looked up all that is looked up once: while signals are blocked, as they are
 * while stacks are walked, there can be no steps. */
static void close_both(void)
{
	for (int i = 0; i < 2; i++) {
		stepping = i;
		if (stepping)
			step();
		gate_close(gates[i]);
	}
}

int main(void)
{
	struct side user;
	struct sigaction action = {.sa_sigaction = after_step, .sa_flags = SA_SIGINFO};
	CHECK(sigaction(SIGTRAP, &action, NULL) == 0);
	dl_iterate_phdr(find_runtime, NULL);
	CHECK(low);
	for (int i = 0; i < 2; i++)
		gates[i] = gate_open();
	tell("g", gates[1]);
	CHECK(gate_touch(gates[0]) == 1);
	sem_init(&asked, 0, 0);
	sem_init(&answered, 0, 0);
	start(&user, "user", answer, NULL);
	close_both();
	join(&user);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
