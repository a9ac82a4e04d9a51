/* A signal strikes a thread whose free still waits for another thread's op; the handler frees the handle too, as
 * clean-ups do. Nothing is being torn down yet: the library would free under the op, and then once more.
 *
 * finding: late-free cell c; call cell_free in free_it on closer; op cell_call in use_it on user; create cell_new
 *     in main; drained
 * finding: repeat-free cell c; call cell_free in clean_up on closer; free cell_free in free_it on closer; create
 *     cell_new in main
 * recording: handles.cell.freed=1
 */
#include <signal.h>

#include "caller.h"

static cell *c;
static sem_t handled;

static void clean_up(int number)
{
	(void)number;
	cell_free(c);
	sem_post(&handled);
}

int main(void)
{
	struct side user, closer;
	struct sigaction action = {.sa_handler = clean_up};
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
	CHECK(cell_frees() == 0);
	let_go();
	join(&user);
	join(&closer);
	check_cells(1);
	return 0;
}
