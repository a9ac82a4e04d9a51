/* A library that guards itself, and a coroutine that is parked within one of its ops and goes on on another thread: the
 * op is left on that one, though it was entered, in the library's own code, on the first. Both threads use the handle
 * after that.
 *
 * run: VARIANT=before
 * recording: handles.stream.created=1 handles.stream.freed=1 calls.stream_call=5
 */
#include <ucontext.h>

#include "stream.h"

static ucontext_t thread, coroutine;
static _Alignas(16) char stack[1 << 18];
static stream *used;

static void park_coroutine(void *unused)
{
	(void)unused;
	CHECK(swapcontext(&coroutine, &thread) == 0);
}

static void do_nothing(void *unused)
{
	(void)unused;
}

static void use(void)
{
	CHECK(STREAM(call)(used, park_coroutine, NULL) == 4);
	CHECK(swapcontext(&coroutine, &thread) == 0);
}

static void resume(void *unused)
{
	(void)unused;
	CHECK(STREAM(call)(used, do_nothing, NULL) == 4);
	CHECK(swapcontext(&thread, &coroutine) == 0);
	CHECK(STREAM(call)(used, do_nothing, NULL) == 4);
}

int main(void)
{
	struct side other;
	used = STREAM(open)();
	CHECK(STREAM(call)(used, do_nothing, NULL) == 4);
	getcontext(&coroutine);
	coroutine.uc_stack.ss_sp = stack;
	coroutine.uc_stack.ss_size = sizeof stack;
	makecontext(&coroutine, use, 0);
	CHECK(swapcontext(&thread, &coroutine) == 0);
	start(&other, "other", resume, NULL);
	join(&other);
	CHECK(STREAM(call)(used, do_nothing, NULL) == 4);
	close_stream(used);
	CHECK(STREAM(frees)() == 1 && STREAM(violations)() == 0);
	return 0;
}
