/* small_stack BYTES [top]: calls that are the first of their kind in the process, with so many bytes of stack below
 * them and nothing mapped beyond. small_stack.py runs it, and checks what is reported.
 *
 * With "top", an op is called by a function that has its return address and nothing else above its frame, on a stack
 * with nothing mapped above it. */
#define _GNU_SOURCE
#include <alloca.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "scenario.h"

enum { STACK = 256 << 10, ROOM = 64 << 10 };

static ucontext_t home, routine;
static uintptr_t lowest; /* of the stack */
static size_t below;
static gate *g, *raced;
static struct side waiter, helper, closer;

/* Comes right before each call: the stack ends so many bytes below this frame. */
static __attribute__((noinline)) void with_room(void (*call)(void))
{
	uintptr_t here = (uintptr_t)__builtin_frame_address(0), spare = here - lowest - below;
	volatile char *filler = alloca(spare & ~(uintptr_t)15);
	filler[0] = 0;
	call();
}

static void create(void)
{
	g = gate_open();
}

static void op(void)
{
	gate_touch(g);
}

static void end(void)
{
	gate_close(g);
}

static void race(void)
{
	gate_close(raced);
}

static void let_go_of_waiter(void *unused)
{
	(void)unused;
	await_drain(&closer);
	gate_let_go(raced);
}

/* Another thread's op is in flight when main frees. */
static void prepare_race(void)
{
	raced = gate_open();
	closer.tid = gettid();
	start(&waiter, "waiter", wait_in, raced);
	gate_await_parked(raced, 1);
	start(&helper, "helper", let_go_of_waiter, NULL);
}

static void run(void)
{
	with_room(create);
	with_room(op);
	with_room(end);
	with_room(op);  /* late */
	with_room(end); /* repeated */
	prepare_race();
	with_room(race);
	join(&waiter);
	join(&helper);
	CHECK(swapcontext(&routine, &home) == 0);
}

static void at_the_top(void)
{
	for (int i = 0; i < 3; i++)
		CHECK(gate_touch(g) == 1);
	CHECK(swapcontext(&routine, &home) == 0);
}

int main(int count, char **arguments)
{
	bool top = count > 2;
	if (top)
		g = gate_open();
	below = strtoul(arguments[1], NULL, 10);
	/* What lies beyond is not mapped, below and above. */
	char *map = mmap(NULL, ROOM + STACK + ROOM, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(map != MAP_FAILED && mprotect(map + ROOM, STACK, PROT_READ | PROT_WRITE) == 0);
	lowest = (uintptr_t)map + ROOM;
	CHECK(getcontext(&routine) == 0);
	routine.uc_stack.ss_sp = map + ROOM;
	routine.uc_stack.ss_size = STACK;
	makecontext(&routine, top ? at_the_top : run, 0);
	CHECK(swapcontext(&home, &routine) == 0);
	CHECK(gate_violations() == 0);
	return 0;
}
