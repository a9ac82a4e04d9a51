/* Who needs a stack takes one that is free; they are never unmapped. Lock-free, because a signal handler may come at
 * any point, and with it another call. */
#include "arch/work_stack.h"

#include <pthread.h>

#include "base/counters.h"
#include "base/libc.h"
#include "base/options.h"
#include "base/sys.h"
#include "format/record.h"

/* Below it nothing is mapped, as far as the largest page goes. Signal handlers of the program's may run on it. no
 * limit: ours need a fraction of it */
enum { SIZE = 256 << 10, GAP = 64 << 10 };
enum { MOST = 4096 }; /* limit: WORK_STACKS */

/* At the end of each. */
struct work_stack {
	struct work_stack *outer; /* that its thread was on before */
	uint32_t index;           /* plus one, so that zero means none */
	_Atomic uint32_t next;    /* of those that are free */
} __attribute__((aligned(64)));

static struct work_stack *_Atomic stacks[MOST];
static _Atomic uint32_t count;
static _Atomic uint64_t first_free; /* index, and above it how often it was changed */
static __thread struct work_stack *current __attribute__((tls_model("initial-exec")));

static uint64_t changed(uint64_t from, uint32_t index)
{
	return ((from >> 32) + 1) << 32 | index;
}

static struct work_stack *take_free(void)
{
	uint64_t head = atomic_load(&first_free);
	while ((uint32_t)head) {
		struct work_stack *stack = atomic_load(&stacks[(uint32_t)head - 1]);
		if (atomic_compare_exchange_weak(&first_free, &head, changed(head, atomic_load(&stack->next))))
			return stack;
	}
	return NULL;
}

static char *map(void)
{
	long at = hg_syscall(SYS_mmap, 0, GAP + SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (at < 0 && at > -4096)
		return NULL;
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED | MAP_STACK;
	long usable = hg_syscall(SYS_mmap, at + GAP, SIZE, PROT_READ | PROT_WRITE, flags, -1, 0);
	if (usable == at + GAP)
		return (char *)usable;
	hg_syscall(SYS_munmap, at, GAP + SIZE, 0, 0, 0, 0);
	return NULL;
}

static struct work_stack *make(void)
{
	uint32_t index = atomic_load(&count);
	do
		if (index == MOST)
			return NULL;
	while (!atomic_compare_exchange_weak(&count, &index, index + 1));
	char *low = map();
	if (!low)
		return NULL;
	struct work_stack *stack = (struct work_stack *)(low + SIZE) - 1;
	stack->index = index + 1;
	atomic_store(&stacks[index], stack);
	return stack;
}

static bool is_on(const struct work_stack *stack, uintptr_t address)
{
	return stack && (uintptr_t)stack - address < SIZE;
}

uintptr_t hg_work_stack_end(uintptr_t address)
{
	return is_on(current, address) ? (uintptr_t)current : 0;
}

static _Atomic bool may_leave; /* the program's stacks */

static bool must_stay(void)
{
	/* Whoever looks at the core file of a program that was ended finds all frames on one stack. */
	return !atomic_load(&may_leave) || hg_options.mode == HG_MODE_ABORT ||
	       is_on(current, (uintptr_t)__builtin_frame_address(0));
}

static uintptr_t use(struct work_stack *stack)
{
	stack->outer = current;
	current = stack;
	return (uintptr_t)stack;
}

uintptr_t hg_work_stack_take_ready(void)
{
	struct work_stack *stack = must_stay() ? NULL : take_free();
	return stack ? use(stack) : 0;
}

uintptr_t hg_work_stack_take(void)
{
	if (must_stay())
		return 0;
	struct work_stack *stack = take_free();
	if (!stack)
		stack = make();
	if (stack)
		return use(stack);
	hg_count(HG_COUNTER_WORK_STACKS);
	return 0;
}

static void put_back(struct work_stack *stack)
{
	uint64_t head = atomic_load(&first_free);
	do
		atomic_store(&stack->next, (uint32_t)head);
	while (!atomic_compare_exchange_weak(&first_free, &head, changed(head, stack->index)));
}

void hg_work_stack_give(uintptr_t end)
{
	struct work_stack *stack = (struct work_stack *)end;
	if (!stack)
		return;
	current = stack->outer;
	put_back(stack);
}

/* Sanitizers see what functions of the C library write, and would take two threads' use of one stack for a race.
 * Programs that are built with them have large stacks. */
static bool is_watched(void)
{
	return hg_libc_function("pthread_attr_getstack") != (void *)pthread_attr_getstack;
}

void hg_work_stack_spare(void)
{
	if (!atomic_load(&may_leave) && is_watched())
		return;
	atomic_store(&may_leave, true);
	struct work_stack *stack = (uint32_t)atomic_load(&first_free) ? NULL : make();
	if (stack)
		put_back(stack);
}
