/* A signal strikes a thread whose free still waits for another thread's op; the handler uses the handle.
 *
 * finding: late-free cell c; call cell_free in free_it on closer; op cell_call in use_it on user; create cell_new
 *     in main; drained
 * finding: late-op cell c; call cell_touch in use_in_handler on closer; free cell_free in free_it on closer;
 *     create cell_new in main
 * recording: handles.cell.freed=1
 */
#include <signal.h>

#include "caller.h"

static cell *c;
static int result;
static sem_t handled;

static void use_in_handler(int number)
{
	(void)number;
	result = cell_touch(c);
	sem_post(&handled);
}

int main(void)
{
	struct side user, closer;
	struct sigaction action = {.sa_handler = use_in_handler};
	sem_init(&handled, 0, 0);
	CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
	c = cell_new();
	tell("c", c);
	start(&user, "user", use_it, c);
	await_inside();
	start(&closer, "closer", free_it, c);
	await_drain(&closer);
	CHECK(pthread_kill(closer.thread, SIGUSR1) == 0);
	sem_wait(&handled);
	CHECK(result == -1);
	let_go();
	join(&user);
	join(&closer);
	check_cells(1);
	return 0;
}
