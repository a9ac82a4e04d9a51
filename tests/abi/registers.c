/* Calls probes with every register set, on every path that the shim has: they must be entered with what the caller
 * passed, and the caller must get back what they returned and what was its own. Usage: abi_registers
 * guard|observe|alone, by what stands before the library. */
#include "registers.h"

#include <errno.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <ucontext.h>

#include "handles.h"
#include "library.h"
#include "worker.h"

enum { ERRNO_BEFORE = 111, FAILURES_TOLD = 25, ON_STACK = 6 };
enum { DIRECTION_FLAG = 0x400, ALIGNMENT_FLAG = 0x40000, TWO_X87_REGISTERS = 0xc0 };

/* Rounding, precision and traps that no compiler sets by itself. */
enum { ODD_MXCSR = 0xfd40, ODD_X87_CONTROL = 0x067a };

#define NUMBER(name) NUMBER_##name,
enum { ABI_PROBES(NUMBER) };

struct probe {
	const char *name;
	abi_function *function;
	abi_function *inside; /* ends in a call of it that the library makes itself */
	unsigned number;
	enum abi_class class;
	unsigned handle, stack_words; /* as common.yaml has it */
};

#define PROBE(name, class, handle, stack_words)                                                                        \
	{                                                                                                              \
#name, name, name##_inside, NUMBER_##name, ABI_CLASS_##class, handle, stack_words                      \
	}
#define OPS(number) PROBE(probe_op_##number, H, number, 0), PROBE(probe_stack_##number, H, number, ABI_STACK_WORDS)

static const struct probe ops[] = {
    OPS(0),
    OPS(1),
    OPS(2),
    OPS(3),
    OPS(4),
    OPS(5),
    PROBE(probe_handle_on_stack, H, ON_STACK + 2, ABI_STACK_WORDS),
    PROBE(probe_two, H, 0, 3),
    PROBE(probe_narrow, N, 1, 0),
    PROBE(probe_narrow_stack, N, 2, ABI_STACK_WORDS),
    PROBE(probe_allowed, H, 0, 0),
    PROBE(probe_deferring, D, 0, 0),
};
static const struct probe free_probe = PROBE(probe_free, H, 0, ABI_STACK_WORDS);
static const struct probe ends_probe = PROBE(probe_ends, H, 0, ABI_STACK_WORDS);
static const struct probe deferred_probe = PROBE(probe_deferred, D, 0, 0);
static const struct probe turn_probe = PROBE(probe_turn, H, 0, ABI_STACK_WORDS);
static const struct probe held_probe = PROBE(probe_turn_held, H, 0, ABI_STACK_WORDS);
static const struct probe create_probe = PROBE(probe_create, H, 0, ABI_STACK_WORDS);

struct call {
	const struct probe *probe;
	struct abi_registers in, out;
	int error;
};

static bool guarding;
static atomic_uint failures, calls;
static struct abi_registers results;

/* --- one call --- */

static void fail(const struct probe *probe, const char *path, const char *what, unsigned number)
{
	if (atomic_fetch_add(&failures, 1) < FAILURES_TOLD)
		printf("%s, %s: %s %u\n", probe->name, path, what, number);
}

static void fill(struct abi_registers *registers, uint64_t seed)
{
	static const struct abi_leaf x87[] = {{offsetof(struct abi_legacy, x87[0]), ABI_LONG_DOUBLE, 16},
	                                      {offsetof(struct abi_legacy, x87[1]), ABI_LONG_DOUBLE, 16},
	                                      {0, 0, 0}};
	uint64_t *word = (uint64_t *)registers;
	for (size_t i = 0; i < sizeof *registers / sizeof *word; i++)
		word[i] = abi_next(&seed);
	registers->mxcsr = ODD_MXCSR;
	registers->x87_control = ODD_X87_CONTROL;
	abi_fill(&registers->legacy, x87, seed);
}

static uint64_t *argument(struct abi_registers *registers, unsigned number)
{
	static const enum abi_general in_order[ON_STACK] = {RDI, RSI, RDX, RCX, R8, R9};
	return number < ON_STACK ? &registers->general[in_order[number]] : &registers->stack[number - ON_STACK];
}

static void make_call(struct call *call, const struct probe *probe, uint64_t handle,
                      void (*by)(abi_function *, const struct abi_registers *, struct abi_registers *))
{
	call->probe = probe;
	fill(&call->in, atomic_fetch_add(&calls, 1));
	uint64_t *at = argument(&call->in, probe->handle);
	*at = probe->class == ABI_CLASS_N ? *at << 32 | handle : handle; /* what lies above an int means nothing */
	abi_noted[probe->number]->general[RSP] = 0;
	errno = ERRNO_BEFORE;
	by(probe->function, &call->in, &call->out);
	call->error = errno;
}

/* --- what must be true of it --- */

static bool same_vector(const struct abi_registers *one, const struct abi_registers *noted, unsigned number)
{
	if (abi_vector_level == ABI_SSE)
		return memcmp(one->vectors[number], noted->legacy.xmm[number], 16) == 0;
	return memcmp(one->vectors[number], noted->vectors[number], abi_vector_level == ABI_AVX ? 32 : 64) == 0;
}

static void check_modes(const struct call *call, const struct abi_registers *noted, const char *path)
{
	if (noted->mxcsr != ODD_MXCSR)
		fail(call->probe, path, "changed: mxcsr, to", noted->mxcsr);
	if (noted->x87_control != ODD_X87_CONTROL)
		fail(call->probe, path, "changed: the x87 control word, to", noted->x87_control);
	if (noted->flags & (DIRECTION_FLAG | ALIGNMENT_FLAG))
		fail(call->probe, path, "changed: direction or alignment flag", 0);
}

static void check_vectors_entered(const struct call *call, const struct abi_registers *noted, const char *path)
{
	for (unsigned i = 0; i < (abi_vector_level == ABI_AVX512 ? 32 : 16); i++)
		if (!same_vector(&call->in, noted, i))
			fail(call->probe, path, "entered with another vector register", i);
	if (abi_vector_level == ABI_AVX512 && memcmp(call->in.masks, noted->masks, sizeof noted->masks) != 0)
		fail(call->probe, path, "entered with other mask registers", 0);
	if (noted->legacy.tags != 0)
		fail(call->probe, path, "entered with x87 registers in use", noted->legacy.tags);
}

static void check_stack_entered(const struct call *call, const struct abi_registers *noted, const char *path)
{
	uint64_t first = noted->general[RSP] + 8;
	if (first % 16 != 0 || (call->probe->stack_words && first % 64 != 0))
		fail(call->probe, path, "entered with a stack misaligned by", (unsigned)(first % 64));
	for (unsigned i = 0; i < call->probe->stack_words; i++)
		if (noted->stack[i] != call->in.stack[i])
			fail(call->probe, path, "entered with another stack argument", i);
}

static void check_entered(const struct call *call, const char *path)
{
	static const enum abi_general passed[] = {RAX, RDI, RSI, RDX, RCX, R8, R9, R10};
	const struct abi_registers *noted = abi_noted[call->probe->number];
	for (size_t i = 0; i < sizeof passed / sizeof *passed; i++)
		if (noted->general[passed[i]] != call->in.general[passed[i]])
			fail(call->probe, path, "entered with another general register", passed[i]);
	check_vectors_entered(call, noted, path);
	check_stack_entered(call, noted, path);
	check_modes(call, noted, path);
}

static void check_kept(const struct call *call, const char *path)
{
	static const enum abi_general kept[] = {RBX, RBP, R12, R13, R14, R15};
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		if (call->out.general[kept[i]] != call->in.general[kept[i]])
			fail(call->probe, path, "not the caller's any more: general register", kept[i]);
	check_modes(call, &call->out, path);
}

static void check_results(const struct call *call, const char *path)
{
	const struct abi_registers *out = &call->out;
	if (out->general[RAX] != results.general[RAX] || out->general[RDX] != results.general[RDX])
		fail(call->probe, path, "another result in rax or rdx", 0);
	for (unsigned i = 0; i < 2; i++)
		if (!same_vector(&results, out, i))
			fail(call->probe, path, "another result in vector register", i);
	for (unsigned i = 0; i < 2; i++)
		if (memcmp(out->legacy.x87[i], results.legacy.x87[i], 10) != 0)
			fail(call->probe, path, "another result in x87 register", i);
	if (out->legacy.tags != TWO_X87_REGISTERS)
		fail(call->probe, path, "not two x87 registers in use", out->legacy.tags);
}

static void check_through(const struct call *call, const char *path)
{
	if (!abi_noted[call->probe->number]->general[RSP]) {
		fail(call->probe, path, "not entered", 0);
		return;
	}
	check_entered(call, path);
	check_results(call, path);
	check_kept(call, path);
	if (call->error != ABI_ERRNO)
		fail(call->probe, path, "errno is", (unsigned)call->error);
}

static void check_turned_away(const struct call *call, uint64_t rejected, const char *path)
{
	if (!guarding) {
		check_through(call, path);
		return;
	}
	if (abi_noted[call->probe->number]->general[RSP])
		fail(call->probe, path, "not rejected", 0);
	if (call->out.general[RAX] != rejected)
		fail(call->probe, path, "another value in rax than the manifest rejects with", 0);
	if (call->out.legacy.tags != 0)
		fail(call->probe, path, "x87 registers in use", call->out.legacy.tags);
	check_kept(call, path);
	if (call->error != ERRNO_BEFORE)
		fail(call->probe, path, "errno is", (unsigned)call->error);
}

static void go_through(const struct probe *probe, uint64_t handle, const char *path)
{
	static __thread struct call call;
	make_call(&call, probe, handle, abi_call);
	check_through(&call, path);
}

/* A pointer of the program's, called by the library: a callback that is the function itself. */
static void go_through_pointer(const struct probe *probe, uint64_t handle, const char *path)
{
	static struct call call;
	make_call(&call, probe, handle, abi_call_inside);
	check_through(&call, path);
}

static void go_through_inside(const struct probe *probe, uint64_t handle, const char *path)
{
	static struct call call;
	struct probe inside = *probe;
	inside.function = probe->inside;
	make_call(&call, &inside, handle, abi_call);
	check_through(&call, path);
}

/* --- two threads --- */

struct meeting {
	const struct probe *probe;
	uint64_t handle;
	sem_t inside;
	atomic_bool freed;
};

static void stay_until_freed(void *argument)
{
	struct meeting *meeting = argument;
	sem_post(&meeting->inside);
	while (touch_handle(meeting->probe->class, meeting->handle) && !atomic_load(&meeting->freed))
		sched_yield();
}

static void hold(void *argument)
{
	struct meeting *meeting = argument;
	abi_when_inside(stay_until_freed, meeting);
	go_through(meeting->probe, meeting->handle, "leaving while a free waits");
}

static void use(void *argument)
{
	const struct meeting *meeting = argument;
	go_through(meeting->probe, meeting->handle, "in another thread than the creator's");
	go_through(meeting->probe, meeting->handle, "in another thread, same handle");
}

/* The op that leaves last calls the real free, which gets the integer arguments in registers. */
static void check_deferred(struct call *call)
{
	struct abi_registers *noted = abi_noted[call->probe->number];
	if (!noted->general[RSP])
		fail(call->probe, "deferred", "not entered", 0);
	for (unsigned i = 0; i < ON_STACK; i++)
		if (*argument(&call->in, i) != *argument(noted, i))
			fail(call->probe, "deferred", "entered with another argument", i);
	check_stack_entered(call, noted, "deferred");
}

static void defer(struct meeting *meeting)
{
	static struct call call;
	make_call(&call, &deferred_probe, meeting->handle, abi_call);
	check_turned_away(&call, 5, "freeing what is in use");
	atomic_store(&meeting->freed, true);
	await_worker();
	check_deferred(&call);
}

static void try_meeting(const struct probe *probe)
{
	struct meeting meeting = {.probe = probe, .handle = opened_handle(probe->class)};
	ask_worker(use, &meeting);
	await_worker();
	sem_init(&meeting.inside, 0, 0);
	ask_worker(hold, &meeting);
	sem_wait(&meeting.inside);
	if (probe->class == ABI_CLASS_D) {
		defer(&meeting);
		return;
	}
	if (probe->class == ABI_CLASS_H)
		go_through(&free_probe, meeting.handle, "waiting for an op");
	else
		close_handle(probe->class, meeting.handle);
	atomic_store(&meeting.freed, true);
	await_worker();
}

/* --- two stacks: the op that was entered first leaves first --- */

static struct {
	ucontext_t main, other;
	uint64_t handle;
	char stack[256 * 1024];
} switched;

static void switch_back(void *unused)
{
	(void)unused;
	swapcontext(&switched.other, &switched.main);
}

static void call_on_other_stack(void)
{
	abi_when_inside(switch_back, NULL);
	go_through(&ops[0], switched.handle, "entered last, left last");
}

static void switch_away(void *unused)
{
	(void)unused;
	swapcontext(&switched.main, &switched.other);
}

static void try_other_stack(const struct probe *probe)
{
	static struct call call;
	switched.handle = opened_handle(ABI_CLASS_H);
	getcontext(&switched.other);
	switched.other.uc_stack.ss_sp = switched.stack;
	switched.other.uc_stack.ss_size = sizeof switched.stack;
	switched.other.uc_link = &switched.main;
	makecontext(&switched.other, call_on_other_stack, 0);
	uint64_t handle = opened_handle(probe->class);
	go_through(probe, handle, "before the other stack");
	abi_when_inside(switch_away, NULL);
	make_call(&call, probe, handle, abi_call);
	check_through(&call, "leaving before an op that was entered later");
	swapcontext(&switched.main, &switched.other);
}

/* --- every path --- */

static void try_op(const struct probe *probe)
{
	struct call call;
	uint64_t first = unmet_handle(probe->class), second = opened_handle(probe->class);
	go_through(probe, first, "first call");
	go_through(probe, first, "same handle");
	go_through(probe, second, "another handle");
	go_through(probe, second, "another handle again");
	go_through_inside(probe, second, "from inside the library");
	go_through_pointer(probe, second, "by a pointer, from inside the library");
	close_handle(probe->class, second);
	make_call(&call, probe, second, abi_call);
	check_turned_away(&call, 0, "late");
	make_call(&call, probe, second, abi_call_inside);
	check_turned_away(&call, 0, "late, by a pointer, from inside the library");
	go_through_inside(probe, second, "late, from inside the library");
	go_through(probe, first, "first handle after all");
	try_meeting(probe);
	if (probe != &ops[0])
		try_other_stack(probe);
}

static void share(void *argument)
{
	touch_handle(ABI_CLASS_H, *(uint64_t *)argument);
}

static void try_free(const struct probe *probe, uint64_t rejected)
{
	struct call call;
	uint64_t handle = unmet_handle(ABI_CLASS_H);
	go_through(probe, handle, "first call");
	make_call(&call, probe, handle, abi_call);
	check_turned_away(&call, probe == &free_probe ? handle : rejected, "repeated free");
	go_through(probe, opened_handle(ABI_CLASS_H), "free of a private handle");
	handle = opened_handle(ABI_CLASS_H);
	ask_worker(share, &handle);
	await_worker();
	go_through(probe, handle, "free of a shared handle");
	go_through_inside(probe, opened_handle(ABI_CLASS_H), "from inside the library");
	go_through_pointer(probe, opened_handle(ABI_CLASS_H), "by a pointer, from inside the library");
}

static void try_create(void)
{
	uint64_t handle = unmet_handle(ABI_CLASS_H);
	results.general[RAX] = handle;
	abi_probes_return(&results);
	go_through(&create_probe, 0, "first call");
	go_through(&create_probe, 0, "the same handle while it lives");
	go_through_inside(&create_probe, 0, "from inside the library");
	close_handle(ABI_CLASS_H, handle);
	if (guarding && touch_handle(ABI_CLASS_H, handle))
		fail(&create_probe, "closed", "not rejected", 0);
	go_through(&create_probe, 0, "again");
	if (!touch_handle(ABI_CLASS_H, handle))
		fail(&create_probe, "created again", "rejected", 0);
}

static void stay_until_told(void *argument)
{
	struct meeting *meeting = argument;
	sem_post(&meeting->inside);
	while (!atomic_load(&meeting->freed))
		sched_yield();
}

static void keep_turn(void *argument)
{
	struct meeting *meeting = argument;
	abi_when_inside(stay_until_told, meeting);
	go_through(&held_probe, meeting->handle, "while another op waits for its turn");
}

/* One waits for its turn until its class's deadline, and goes on while the other is inside. */
static void try_turns(void)
{
	struct meeting meeting = {.handle = unmet_handle(ABI_CLASS_H)};
	go_through(&turn_probe, meeting.handle, "first call");
	go_through(&turn_probe, meeting.handle, "same handle");
	go_through_inside(&turn_probe, meeting.handle, "from inside the library");
	sem_init(&meeting.inside, 0, 0);
	ask_worker(keep_turn, &meeting);
	sem_wait(&meeting.inside);
	go_through(&turn_probe, meeting.handle, "waiting for its turn");
	atomic_store(&meeting.freed, true);
	await_worker();
}

int main(int argc, char **argv)
{
	static const char *const levels[] = {"SSE", "AVX", "AVX-512"};
	if (argc != 2)
		return 2;
	guarding = strcmp(argv[1], "guard") == 0;
	fill(&results, 1);
	abi_probes_return(&results);
	start_worker();
	for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
		try_op(&ops[i]);
	try_free(&free_probe, 0);
	try_free(&ends_probe, (uint64_t)-9);
	try_create();
	try_turns();
	end_worker();
	printf("%u calls with every register that %s has, %u failures\n", atomic_load(&calls), levels[abi_vector_level],
	       atomic_load(&failures));
	return atomic_load(&failures) != 0;
}
