/* A label belongs to the thread that says it, and to those that it creates afterwards. A thread that was there before
 * is told with the last one of the process, and a question mark.
 *
 * finding: repeat-free stream child; call stream_close in of_child on child; free stream_close in close_it;
 *     create stream_open in begin; test test_a
 * finding: repeat-free stream childs_child; call stream_close in of_childs_child on childs_child;
 *     free stream_close in close_it; create stream_open in begin; test test_a
 * finding: repeat-free stream c11; call stream_close in of_c11; free stream_close in close_it;
 *     create stream_open in begin; test test_a
 * finding: repeat-free stream before; call stream_close in of_before on before; free stream_close in close_it;
 *     create stream_open in begin; test test_b?
 * finding: repeat-free stream left_over; call stream_close in of_left_over on left_over; free stream_close in close_it;
 *     create stream_open in begin; test test_a; the free: test_b; the create: test_b
 * finding: repeat-free stream own; call stream_close in of_own on own; free stream_close in close_it;
 *     create stream_open in begin; test test_own; the free: test_b; the create: test_b
 * finding: repeat-free stream done; call stream_close in of_done on done; free stream_close in close_it;
 *     create stream_open in begin
 * recording: counters.starting-full=0
 */
#include "scenario.h"

#include <dlfcn.h>
#include <threads.h>

static void (*label)(const char *);
static sem_t before_may_go, left_over_may_go;

/* A handle that is freed already. */
static gate *begin(const char *name)
{
	gate *g = gate_open();
	tell(name, g);
	close_it(g);
	return g;
}

static void of_child(void *g)
{
	gate_close(g);
}

static void of_childs_child(void *g)
{
	gate_close(g);
}

static void has_child(void *g)
{
	struct side side;
	start(&side, "childs_child", of_childs_child, g);
	join(&side);
}

static void of_c11(void *g)
{
	gate_close(g);
}

static int c11_main(void *g)
{
	of_c11(g);
	return 11;
}

static void run_c11(gate *g)
{
	thrd_t thread;
	int result;
	CHECK(thrd_create(&thread, c11_main, g) == thrd_success);
	CHECK(thrd_join(thread, &result) == thrd_success && result == 11);
}

static void of_before(void *g)
{
	sem_wait(&before_may_go);
	gate_close(*(gate **)g);
}

static void of_left_over(void *g)
{
	sem_wait(&left_over_may_go);
	gate_close(*(gate **)g);
}

static void of_own(void *g)
{
	label("test_own");
	gate_close(g);
}

static void of_done(void *g)
{
	gate_close(g);
}

static void run(const char *name, void (*of)(void *), gate *g)
{
	struct side side;
	start(&side, name, of, g);
	join(&side);
}

static void *never(void *unused)
{
	return unused;
}

/* Threads that never begin take no room from those that do. */
static void fail_often(void)
{
	pthread_attr_t attributes;
	pthread_t thread;
	pthread_attr_init(&attributes);
	CHECK(pthread_attr_setstacksize(&attributes, (size_t)1 << 62) == 0);
	for (int i = 0; i < 300; i++)
		CHECK(pthread_create(&thread, &attributes, never, NULL) != 0);
	pthread_attr_destroy(&attributes);
}

int main(void)
{
	struct side before, left_over;
	gate *of_the_one_before, *of_the_left_over;
	label = (void (*)(const char *))dlsym(RTLD_DEFAULT, "handleguard_label");
	CHECK(label);
	sem_init(&before_may_go, 0, 0);
	sem_init(&left_over_may_go, 0, 0);
	start(&before, "before", of_before, &of_the_one_before);
	label("test_a");
	fail_often();
	run("child", of_child, begin("child"));
	run("has_child", has_child, begin("childs_child"));
	run_c11(begin("c11"));
	start(&left_over, "left_over", of_left_over, &of_the_left_over);
	label("test_b");
	of_the_one_before = begin("before");
	sem_post(&before_may_go);
	join(&before);
	of_the_left_over = begin("left_over");
	sem_post(&left_over_may_go);
	join(&left_over);
	run("own", of_own, begin("own"));
	label(NULL);
	run("done", of_done, begin("done"));
	return 0;
}
