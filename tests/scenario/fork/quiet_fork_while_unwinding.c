/* Forked by other ways than the C library's fork while another thread takes its stack, for as long as it takes: the
 * dynamic linker's lock stays taken in the children for ever, and nobody knows which locks of libunwind's or of
 * malloc's do. They take their stacks without.
 *
 * recordings: 3
 * recording: handles.gate.created=2 handles.gate.freed=2
 * child: handles.gate.created=1 handles.gate.freed=1 counters.linker-lock-lost=1 counters.unwinder-lost=>0
 */
#define _GNU_SOURCE
#include <link.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "scenario.h"

static sem_t listing, forked;

static int park(struct dl_phdr_info *info, size_t size, void *unused)
{
	(void)info;
	(void)size;
	(void)unused;
	sem_post(&listing);
	sem_wait(&forked);
	return 1;
}

static void list(void *unused)
{
	(void)unused;
	dl_iterate_phdr(park, NULL);
}

/* The unwinder has not been here, and has to ask which object this is. */
static void open_and_close(void *unused)
{
	(void)unused;
	gate *own = gate_open();
	gate_close(own);
}

static void live_and_await(pid_t child)
{
	if (child == 0) {
		open_and_close(NULL);
		exit(0);
	}
	await_child(child);
}

int main(void)
{
	struct side lister, unwinder;
	gate_close(gate_open());
	start(&lister, "lister", list, NULL);
	sem_wait(&listing);
	start(&unwinder, "unwinder", open_and_close, NULL);
	await_lock(&unwinder);
	live_and_await(_Fork());
	live_and_await((pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
	sem_post(&forked);
	join(&unwinder);
	join(&lister);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
