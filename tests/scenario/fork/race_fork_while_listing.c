/* Forked while another thread goes through the loaded objects: the dynamic linker's lock stays taken in the child for
 * ever. The child finds functions that it calls for the first time all the same, and tells whole stacks.
 *
 * recordings: 2
 * finding: late-op gate own; call gate_touch in live_as_child<main; free gate_close in live_as_child<main;
 *     create gate_open in live_as_child<main; child
 * recording: handles.gate.created=1 handles.gate.freed=1 counters.linker-lock-lost=0
 * child: handles.gate.freed=1 counters.linker-lock-lost=1 counters.unwinder-lost=0
 */
#define _GNU_SOURCE
#include <link.h>
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

static void live_as_child(void)
{
	gate *own = gate_open();
	tell("own", own);
	gate_close(own);
	CHECK(gate_touch(own) == -EPIPE);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	exit(0);
}

int main(void)
{
	struct side lister;
	gate *g = gate_open();
	start(&lister, "lister", list, NULL);
	sem_wait(&listing);
	pid_t child = fork();
	if (child == 0)
		live_as_child();
	await_child(child);
	sem_post(&forked);
	join(&lister);
	gate_close(g);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
