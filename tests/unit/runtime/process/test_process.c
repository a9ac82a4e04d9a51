/* The start: by whoever comes first, once, with nothing left behind by who never comes. */
#include <dirent.h>
#include <dlfcn.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "api/start.h"
#include "base/options.h"
#include "base/say.h"
#include "harness.h"
#include "record/modules.h"

START_TEST(zeroed_state_is_not_started)
{
	ck_assert_uint_eq(hg_process_epoch(), 0);
	ck_assert_ptr_null(hg_recording);
	ck_assert_ptr_null(hg_context);
}
END_TEST

static int starts;

static void on_start(void)
{
	starts++;
	/* A call made while the runtime starts goes through unguarded, and does not start it again. */
	ck_assert(!hg_process_start());
	ck_assert_ptr_null(hg_context_here());
}

START_TEST(a_start_happens_once_and_tells_the_shim)
{
	hg_process_on_start = on_start;
	struct hg_context *context = start();
	ck_assert_int_eq(starts, 1);
	ck_assert_uint_ne(hg_process_epoch(), 0);
	ck_assert(hg_process_start());
	ck_assert_ptr_eq(hg_context_here(), context);
	ck_assert_int_eq(starts, 1);
}
END_TEST

enum { STARTERS = 8 };
static pthread_barrier_t together;
static struct hg_context *contexts[STARTERS];

static void *start_too(void *argument)
{
	pthread_barrier_wait(&together);
	contexts[(uint64_t)argument] = hg_context_here();
	pthread_barrier_wait(&together);
	return NULL;
}

START_TEST(threads_that_come_at_once_start_it_once)
{
	pthread_t threads[STARTERS];
	setenv("HANDLEGUARD_OUTPUT", output_folder(), 1);
	pthread_barrier_init(&together, NULL, STARTERS);
	for (uint64_t i = 0; i < STARTERS; i++)
		threads[i] = spawn(start_too, (void *)i);
	for (int i = 0; i < STARTERS; i++)
		join(threads[i]);
	for (int i = 0; i < STARTERS; i++) {
		ck_assert_ptr_nonnull(contexts[i]);
		for (int other = 0; other < i; other++)
			ck_assert_ptr_ne(contexts[i], contexts[other]);
	}
	read_back(); /* there is one recording */
}
END_TEST

static struct gate starting, finish;

static void start_slowly(void)
{
	gate_open(&starting);
	gate_wait(&finish);
}

static void *start_first(void *unused)
{
	ck_assert_ptr_nonnull(hg_context_here());
	return unused;
}

START_TEST(a_start_is_waited_for_once)
{
	setenv("HANDLEGUARD_OUTPUT", output_folder(), 1);
	hg_process_on_start = start_slowly;
	pthread_t starter = spawn(start_first, NULL);
	gate_wait(&starting);
	for (int i = 1; i <= 100; i++) {
		ck_assert_ptr_null(hg_context_here());
		ck_assert_uint_eq(counter(HG_COUNTER_START_UNFINISHED), (uint64_t)i);
	}
	gate_open(&finish);
	join(starter);
	ck_assert_ptr_nonnull(hg_context_here());
}
END_TEST

static _Atomic uint32_t gone;

static void end_in_start(void)
{
	gone = hg_gettid();
	hg_syscall(SYS_exit, 0, 0, 0, 0, 0, 0);
}

START_TEST(a_starter_that_is_gone_is_not_waited_for)
{
	setenv("HANDLEGUARD_OUTPUT", output_folder(), 1);
	hg_process_on_start = end_in_start;
	spawn(start_first, NULL);
	while (!gone || hg_thread_exists(gone))
		sched_yield();
	ck_assert_ptr_null(hg_context_here());
	ck_assert_uint_eq(counter(HG_COUNTER_START_UNFINISHED), 1);
}
END_TEST

START_TEST(the_modules_of_the_process_are_recorded)
{
	start();
	const struct hg_reader *reader = read_back();
	uint64_t here = (uint64_t)&start_too, found = 0;
	for (uint64_t i = 0; i < hg_reader_limit(reader, HG_EXTENT_MODULES); i++) {
		const struct hg_record_module *module = hg_reader_module(reader, i);
		found += module && here >= module->low && here < module->high;
	}
	ck_assert_uint_eq(found, 1);
}
END_TEST

START_TEST(modules_beyond_the_map_are_counted)
{
	start();
	while (hg_recording_append(HG_EXTENT_MODULES))
		;
	ck_assert_ptr_nonnull(dlopen("libresolv.so.2", RTLD_NOW));
	ck_assert_uint_eq(counter(HG_COUNTER_MODULES_FULL), 0);
	ck_assert(hg_modules_update());
	ck_assert_uint_gt(counter(HG_COUNTER_MODULES_FULL), 0);
}
END_TEST

static char *said(void (*say)(void))
{
	static char text[2048];
	int ends[2], kept = dup(STDERR_FILENO);
	ck_assert_int_eq(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	say();
	dup2(kept, STDERR_FILENO);
	close(ends[1]);
	ssize_t size = read(ends[0], text, sizeof text - 1);
	text[size] = '\0';
	close(ends[0]);
	return text;
}

static void say_pieces(void)
{
	hg_say("a ", "b ", NULL, "d");
}

static void say_much(void)
{
	static char much[1000];
	for (int i = 0; i < 999; i++)
		much[i] = 'm';
	hg_say(much, much, much, much);
}

START_TEST(a_line_is_a_line)
{
	ck_assert_str_eq(said(say_pieces), "handleguard: a b d\n");
	const char *text = said(say_much);
	size_t length = 0;
	while (text[length] && text[length] != '\n')
		length++;
	ck_assert_uint_lt(length, 512);
	ck_assert_int_eq(text[length], '\n');
	ck_assert_int_eq(text[length + 1], '\0');
}
END_TEST

static void start_badly(void)
{
	setenv("HANDLEGUARD_MODE", "watch", 1);
	start();
}

START_TEST(a_bad_option_is_named_once)
{
	ck_assert_str_eq(said(start_badly),
	                 "handleguard: HANDLEGUARD_MODE=watch is not guard|observe|abort; the default is used\n");
	ck_assert_uint_eq(hg_options.mode, HG_MODE_GUARD);
}
END_TEST

int main(void)
{
	return RUN_SUITE("process", zeroed_state_is_not_started, a_start_happens_once_and_tells_the_shim,
	                 threads_that_come_at_once_start_it_once, a_start_is_waited_for_once,
	                 a_starter_that_is_gone_is_not_waited_for, the_modules_of_the_process_are_recorded,
	                 modules_beyond_the_map_are_counted, a_line_is_a_line, a_bad_option_is_named_once);
}
