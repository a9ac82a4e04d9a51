/* Code that is changed while another thread runs it. */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "harness.h"
#include "loaded.h"
#include "rewrite/code_copy.h"

enum { OLD = 0x11111111, NEW = 0x22222222, TIMES = 50 };

static int (*torn)(void);
static uint64_t operand;
static struct hg_object object;
static atomic_bool over;
static atomic_uint calls, others;

static void load_torn(void)
{
	void *handle = load("libtorn.so", RTLD_NOW | RTLD_LOCAL);
	object = object_of(handle);
	operand = (uint64_t)symbol_in(handle, "torn_operand");
	*(void **)&torn = symbol_in(handle, "torn");
}

static unsigned change(uint32_t value)
{
	struct hg_text text;
	hg_text_open(&text, &object);
	ck_assert(hg_text_write(&text, operand, value));
	return hg_text_close(&text);
}

START_TEST(nothing_is_seen_before_all_is)
{
	struct hg_text text;
	load_torn();
	hg_text_open(&text, &object);
	ck_assert(hg_text_write(&text, operand, NEW));
	ck_assert_int_eq(torn(), OLD);
	ck_assert_uint_eq(hg_text_close(&text), 0);
	ck_assert_int_eq(torn(), NEW);
}
END_TEST

START_TEST(what_was_changed_before_stays)
{
	load_torn();
	struct hg_text text;
	ck_assert_uint_eq(change(NEW), 0);
	hg_text_open(&text, &object);
	ck_assert(hg_text_write(&text, operand + 16, 0));
	ck_assert_uint_eq(hg_text_close(&text), 0);
	ck_assert_int_eq(torn(), NEW);
}
END_TEST

START_TEST(what_lies_beyond_the_code_is_not_written)
{
	struct hg_text text;
	load_torn();
	hg_text_open(&text, &object);
	ck_assert(!hg_text_write(&text, object.data_low, 0));
	ck_assert(!hg_text_write(&text, text.high - 2, 0));
	ck_assert_uint_eq(hg_text_close(&text), 0);
	ck_assert_int_eq(torn(), OLD);
}
END_TEST

static void *run_it(void *unused)
{
	while (!atomic_load(&over)) {
		int value = torn();
		atomic_fetch_add(&others, value != OLD && value != NEW);
		atomic_fetch_add(&calls, 1);
	}
	return unused;
}

static void await_call(void)
{
	unsigned before = atomic_load(&calls);
	while (atomic_load(&calls) - before < 2)
		sched_yield();
}

/* Each change comes while the other thread is at it. */
START_TEST(an_operand_across_pages_is_old_or_new)
{
	pthread_t thread;
	load_torn();
	ck_assert_int_eq(pthread_create(&thread, NULL, run_it, NULL), 0);
	for (int i = 0; i < TIMES; i++) {
		await_call();
		ck_assert_uint_eq(change(i % 2 ? OLD : NEW), 0);
	}
	atomic_store(&over, true);
	pthread_join(thread, NULL);
	ck_assert_uint_eq(atomic_load(&others), 0);
	ck_assert_int_eq(torn(), OLD);
}
END_TEST

int main(void)
{
	return RUN_SUITE("shim: code that is rewritten", nothing_is_seen_before_all_is, what_was_changed_before_stays,
	                 what_lies_beyond_the_code_is_not_written, an_operand_across_pages_is_old_or_new);
}
