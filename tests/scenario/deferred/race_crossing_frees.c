/* Two ops on two handles, whose callbacks each free the other's handle: if both frees waited they would wait for each
 * other. The second one notices it, and is left to the last op to leave; the first one drains.
 *
 * finding: late-free gate b; call gate_close in close_other on first; op gate_call in call_second on second;
 *     create gate_open in main; drained
 * finding: late-free gate a; call gate_close in close_other on second; op gate_call in call_first on first;
 *     create gate_open in main; deferred
 * recording: handles.gate.freed=2 handles.gate.leaked=0
 */
#include "scenario.h"

static gate *a, *b;
static struct side first, second;
static sem_t second_is_in, first_waits;

static void close_other(void *other)
{
	gate_close(other);
}

static void close_when_second_is_in(void *other)
{
	sem_wait(&second_is_in);
	close_other(other);
}

static void close_when_first_waits(void *other)
{
	sem_post(&second_is_in);
	sem_wait(&first_waits);
	close_other(other);
}

static void call_first(void *unused)
{
	(void)unused;
	CHECK(gate_call(a, close_when_second_is_in, b) == 4);
}

static void call_second(void *unused)
{
	(void)unused;
	CHECK(gate_call(b, close_when_first_waits, a) == 4);
}

int main(void)
{
	a = gate_open();
	b = gate_open();
	tell("a", a);
	tell("b", b);
	sem_init(&second_is_in, 0, 0);
	sem_init(&first_waits, 0, 0);
	start(&first, "first", call_first, NULL);
	start(&second, "second", call_second, NULL);
	await_drain(&first);
	CHECK(gate_frees() == 0);
	sem_post(&first_waits);
	join(&first);
	join(&second);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
