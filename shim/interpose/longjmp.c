/* Calls that are left by a jump: longjmp runs no cleanup, so that what it skips would stay in flight for ever. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>

#include "arch/preserving.h"
#include "arch/work_stack.h"
#include "around/left.h"
#include "base/counters.h"
#include "base/libc.h"
#include "dynlink/beyond.h"
#include "dynlink/elf_lookup.h"
#include "finding/race.h"
#include "format/record.h"
#include "stack/stack.h"
#include "thread/frames.h"
#include "thread/thread.h"

void *hg_before_jump(const struct __jmp_buf_tag *target, unsigned which, uint64_t fp);

static void *_Atomic real[4]; /* no limit: one for each name */

static void *real_jump(unsigned which)
{
	static const char *const names[] = {"longjmp", "_longjmp", "siglongjmp", "__longjmp_chk"};
	void *function = atomic_load(&real[which]);
	if (!function) {
		function = hg_find_beyond(names[which]);
		atomic_store(&real[which], function);
	}
	return function;
}

#if defined(__aarch64__)
static bool any_object(const struct hg_definition *object, const void *unused)
{
	(void)object;
	(void)unused;
	return true;
}

/* In a variable of the dynamic linker; on x86-64 it stands beside the thread's pointer. */
static uint64_t secret_of_jumps(void)
{
	static const uint64_t *_Atomic known;
	const uint64_t *secret = atomic_load(&known);
	struct hg_definition found;
	if (!secret && hg_elf_find("__pointer_chk_guard", any_object, NULL, &found)) {
		secret = found.address;
		atomic_store(&known, secret);
	}
	return secret ? *secret : 0;
}
#endif

/* The stack pointer that the jump will set; musl keeps it as it is, in the same place. glibc keeps it mangled: xor-ed
 * with a secret of the process and, on x86-64, rotated. 0: not known for this machine. */
static uint64_t stack_pointer_of(const struct __jmp_buf_tag *target)
{
#if defined(__x86_64__) && defined(__GLIBC__)
	enum { JB_RSP = 6, ROTATION = 17 }; /* no limit: places */
	uint64_t mangled = (uint64_t)target->__jmpbuf[JB_RSP], secret;
	if (!hg_libc_is_gnu())
		return mangled;
	__asm__("mov %%fs:0x30, %0" : "=r"(secret));
	return (mangled >> ROTATION | mangled << (64 - ROTATION)) ^ secret;
#elif defined(__aarch64__) && defined(__GLIBC__)
	enum { JB_SP = 13 }; /* no limit: a place */
	uint64_t secret = hg_libc_is_gnu() ? secret_of_jumps() : 0;
	return secret || !hg_libc_is_gnu() ? (uint64_t)target->__jmpbuf[JB_SP] ^ secret : 0;
#else
	(void)target;
	return 0;
#endif
}

static bool on_own_stack(const struct hg_context *context, uint64_t address)
{
	return address >= context->stack_low && address <= context->stack_high;
}

/* Where the stack ends that signal handlers run on, if that is the one: one of their own, or the one that the runtime
 * worked on when they came. 0: it is not. */
static uint64_t end_of_signal_stack(uint64_t address)
{
	uint64_t end = hg_work_stack_end(address);
	if (end)
		return end;
	int saved = errno;
	stack_t stack;
	bool known = sigaltstack(NULL, &stack) == 0 && !(stack.ss_flags & SS_DISABLE);
	errno = saved;
	uint64_t low = known ? (uint64_t)stack.ss_sp : 0;
	return known && address - low < stack.ss_size ? low + stack.ss_size : 0;
}

static bool is_skipped(const struct hg_frame *frame, uint64_t from, uint64_t to)
{
	return hg_frame_used(frame) && frame->fp > from && frame->fp < to;
}

static void abandon(struct hg_context *context, uint64_t from, uint64_t to)
{
	for (struct hg_frame *frame = NULL; (frame = hg_frame_before(context, frame));)
		if (is_skipped(frame, from, to)) {
			/* A free that the library makes of its own is part of another call, which is told. */
			if (!(frame->guard & HG_FRAME_OWN))
				hg_report_frame(HG_KIND_ABANDONED, context, frame, false);
			hg_retire(context, frame);
		}
}

static bool passes(uint64_t sp, uint64_t pc, bool interrupted, void *target)
{
	(void)pc;
	(void)interrupted;
	return sp < *(const uint64_t *)target;
}

struct jump {
	struct hg_context *context;
	uint64_t from, to;
};

/* A jump within a coroutine leaves what it skips; one to another coroutine only parks it. Whether it stays on its stack
 * the way to that one's end tells. */
static void leave_within_coroutine(void *argument)
{
	struct jump *jump = argument;
	struct hg_frame here = {.fp = jump->from, .caller = ((const uint64_t *)jump->from)[1]};
	if (hg_stack_climb(&here, passes, &jump->to) != HG_CLIMB_STOPPED)
		return;
	for (struct hg_frame *frame = NULL; (frame = hg_frame_before(jump->context, frame));)
		if (is_skipped(frame, jump->from, jump->to)) {
			hg_count(HG_COUNTER_CALLS_LEFT);
			hg_retire(jump->context, frame);
		}
}

static bool skips_any(const struct jump *jump)
{
	for (const struct hg_frame *frame = NULL; (frame = hg_frame_before(jump->context, frame));)
		if (is_skipped(frame, jump->from, jump->to))
			return true;
	return false;
}

/* What the jump skips lies between where it begins and where it ends; a handler on a stack of its own has interrupted
 * what lies below the end of the thread's stack. Coroutines are switched by jumps too, from a stack to another: their
 * calls are only parked. */
static void abandon_skipped(struct hg_context *context, uint64_t from, uint64_t to)
{
	struct jump jump = {context, from, to};
	if (!on_own_stack(context, to)) {
		if (from < to && skips_any(&jump))
			hg_preserving(leave_within_coroutine, &jump);
		return;
	}
	if (on_own_stack(context, from)) {
		abandon(context, from, to);
		return;
	}
	abandon(context, from, end_of_signal_stack(from));
	abandon(context, context->stack_low, to);
}

/* Returns the real function. */
void *hg_before_jump(const struct __jmp_buf_tag *target, unsigned which, uint64_t fp)
{
	struct hg_context *context = hg_context;
	uint64_t to = context && context->epoch && hg_frame_before(context, NULL) ? stack_pointer_of(target) : 0;
	if (to)
		abandon_skipped(context, fp, to);
	return real_jump(which);
}
