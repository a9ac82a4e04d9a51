/* Calls from everywhere that code can run: before all constructors, those of the C library and of the runtime included;
 * constructors before main; destructors of thread-local keys (made before the runtime's own and after, in several
 * rounds); functions that atexit calls; destructors after main.
 *
 * recording: handles.gate.created=6 handles.gate.freed=6 handles.gate.live=0
 */
#include "scenario.h"

static gate *first, *early, *of_atexit, *of_destructor;
static pthread_key_t first_key, second_key;

static void end_with_thread(void *g)
{
	CHECK(gate_touch(g) == 1);
	gate_close(g);
}

/* Comes back once more, as destructors that find a value again do. */
static void end_later(void *g)
{
	static bool again;
	CHECK(gate_touch(g) == 1);
	if (again)
		gate_close(g);
	else
		CHECK(pthread_setspecific(second_key, g) == 0);
	again = true;
}

static void before_constructors(void)
{
	first = gate_open();
	CHECK(gate_touch(first) == 1);
}

__attribute__((section(".preinit_array"), used)) static void (*const preinit)(void) = before_constructors;

__attribute__((constructor(101))) static void before_main(void)
{
	CHECK(pthread_key_create(&first_key, end_with_thread) == 0);
	early = gate_open();
	CHECK(gate_touch(early) == 1);
	CHECK(pthread_key_create(&second_key, end_later) == 0);
}

__attribute__((destructor)) static void after_main(void)
{
	CHECK(gate_touch(of_destructor) == 1);
	gate_close(of_destructor);
	CHECK(gate_frees() == 6 && gate_violations() == 0);
}

static void at_exit(void)
{
	CHECK(gate_touch(of_atexit) == 1);
	gate_close(of_atexit);
}

static void with_keys(void *unused)
{
	(void)unused;
	CHECK(pthread_setspecific(first_key, gate_open()) == 0);
	CHECK(pthread_setspecific(second_key, gate_open()) == 0);
}

int main(void)
{
	struct side side;
	CHECK(gate_touch(early) == 1);
	gate_close(early);
	CHECK(gate_touch(first) == 1);
	gate_close(first);
	of_atexit = gate_open();
	of_destructor = gate_open();
	CHECK(atexit(at_exit) == 0);
	start(&side, "with keys", with_keys, NULL);
	join(&side);
	return 0;
}
