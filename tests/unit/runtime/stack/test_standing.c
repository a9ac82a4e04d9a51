/* How calls of a thread stand to each other, as the stacks tell. A call is a function here that has called another one,
 * with a frame laid out like a trampoline's. */
#include <stdlib.h>
#include <ucontext.h>

#include "harness.h"
#include "stack/stack.h"
#include "stack/standing.h"

enum { STACK = 60 << 10, FAR = 40 << 10 }; /* two stacks side by side are close enough to be taken for one */

typedef void inside(void);

/* Calls further in, as a guarded call does. */
__attribute__((noinline)) static void call(struct hg_frame *frame, inside *further)
{
	frame->fp = (uint64_t)__builtin_frame_address(0);
	frame->caller = (uint64_t)__builtin_return_address(0);
	further();
	__asm__ volatile("" ::"r"(frame) : "memory");
}

static struct hg_context *context;
static struct hg_frame other;

static enum hg_standing standing;

/* What stands just below its caller stays as it is. */
__attribute__((noinline)) static void ask(void)
{
	static struct hg_frame here;
	volatile char untouched[512];
	here.fp = (uint64_t)__builtin_frame_address(0);
	here.caller = (uint64_t)__builtin_return_address(0);
	standing = hg_standing(context, &here, &other);
	__asm__ volatile("" ::"r"(untouched) : "memory");
}

/* --- coroutines, whose stacks lie side by side --- */

static struct coroutine {
	ucontext_t context;
	char *stack;
} routines[2];
static ucontext_t back;

static void begin(int which, void (*run)(void))
{
	struct coroutine *routine = &routines[which];
	ck_assert_int_eq(getcontext(&routine->context), 0);
	routine->context.uc_stack.ss_sp = routine->stack;
	routine->context.uc_stack.ss_size = STACK;
	routine->context.uc_link = &back;
	makecontext(&routine->context, run, 0);
	ck_assert_int_eq(swapcontext(&back, &routine->context), 0);
}

static void set_up(void)
{
	context = start();
	hg_stack_load();
	char *stacks = calloc(2, STACK);
	ck_assert_ptr_nonnull(stacks);
	routines[0].stack = stacks;
	routines[1].stack = stacks + STACK;
}

static void park(void)
{
	ck_assert_int_eq(swapcontext(&routines[0].context, &back), 0);
}

static void park_in_call(void)
{
	call(&other, park);
}

START_TEST(a_call_inside_another_returns_to_it)
{
	set_up();
	call(&other, ask);
	ck_assert_int_eq(standing, HG_STANDING_INSIDE);
}
END_TEST

static void ask_in_call(void)
{
	call(&other, ask);
}

START_TEST(so_it_does_on_a_coroutines_stack)
{
	set_up();
	begin(0, ask_in_call);
	ck_assert_int_eq(standing, HG_STANDING_INSIDE);
}
END_TEST

START_TEST(a_parked_call_is_elsewhere)
{
	set_up();
	begin(0, park_in_call);
	ask();
	ck_assert_int_eq(standing, HG_STANDING_ELSEWHERE);
}
END_TEST

START_TEST(one_that_is_parked_close_below_another_stack_too)
{
	set_up();
	begin(0, park_in_call);
	begin(1, ask);
	ck_assert_int_eq(standing, HG_STANDING_ELSEWHERE);
}
END_TEST

/* --- left by a jump that calls no function --- */

static void *landing[5]; /* frame pointer, code, stack pointer */

static void jump(void)
{
	__builtin_longjmp(landing, 1);
}

__attribute__((noinline)) static void go_down(void)
{
	volatile char between[FAR];
	between[0] = 0;
	call(&other, jump);
	ck_assert_int_eq(between[0], 0);
}

__attribute__((noinline)) static void leave(void)
{
	if (__builtin_setjmp(landing) == 0)
		go_down();
}

/* What comes next may leave anything where it would have returned to. */
static void leave_and_ask(uint64_t left)
{
	leave();
	((uint64_t *)landing[2])[-1] = left;
	ask();
	ck_assert_int_eq(standing, HG_STANDING_LEFT);
}

static void leave_each(void)
{
	leave_and_ask(0);
	leave_and_ask((uint64_t)&other);
}

START_TEST(a_call_that_was_left_is_noticed_though_its_callers_are_overwritten)
{
	set_up();
	leave_each();
}
END_TEST

START_TEST(so_it_is_on_a_coroutines_stack)
{
	set_up();
	begin(0, leave_each);
}
END_TEST

int main(void)
{
	return RUN_SUITE("standing", a_call_inside_another_returns_to_it, so_it_does_on_a_coroutines_stack,
	                 a_parked_call_is_elsewhere, one_that_is_parked_close_below_another_stack_too,
	                 a_call_that_was_left_is_noticed_though_its_callers_are_overwritten,
	                 so_it_is_on_a_coroutines_stack);
}
