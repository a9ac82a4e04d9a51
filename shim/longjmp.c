/* Calls that are left by a jump: longjmp runs no cleanup, so that what it skips would stay in flight for ever. */
#include <setjmp.h>

#include "call.h"
#include "elf_lookup.h"

void *hg_before_jump(const struct __jmp_buf_tag *target, unsigned which, uint64_t fp);

static void *_Atomic real[4];

static void *real_jump(unsigned which)
{
	static const char *const names[] = {"longjmp", "_longjmp", "siglongjmp", "__longjmp_chk"};
	void *function = atomic_load(&real[which]);
	if (!function) {
		function = hg_find_in_libc(names[which]);
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

/* The stack pointer that the jump will set. glibc keeps it mangled: xor-ed with a secret of the process and, on x86-64,
 * rotated. 0: not known for this machine. */
static uint64_t stack_pointer_of(const struct __jmp_buf_tag *target)
{
#if defined(__x86_64__) && defined(__GLIBC__)
	enum { JB_RSP = 6, ROTATION = 17 };
	uint64_t mangled = (uint64_t)target->__jmpbuf[JB_RSP], secret;
	__asm__("mov %%fs:0x30, %0" : "=r"(secret));
	return (mangled >> ROTATION | mangled << (64 - ROTATION)) ^ secret;
#elif defined(__aarch64__) && defined(__GLIBC__)
	enum { JB_SP = 13 };
	uint64_t secret = secret_of_jumps();
	return secret ? (uint64_t)target->__jmpbuf[JB_SP] ^ secret : 0;
#else
	(void)target;
	return 0;
#endif
}

/* Coroutines are switched by jumps too, from a stack to another: their calls are only parked. Both ends must lie on the
 * thread's own stack. */
static bool within_stack(const struct hg_context *context, uint64_t from, uint64_t to)
{
	return from >= context->stack_low && from < to && to <= context->stack_high;
}

static void abandon(struct hg_context *context, uint64_t from, uint64_t to)
{
	for (struct hg_frame *frame = context->top; frame-- > context->base;)
		if (frame->guard && frame->guard != HG_FRAME_HOLE && frame->fp > from && frame->fp < to) {
			hg_report_frame(HG_KIND_ABANDONED, context, frame, false);
			hg_leave_frame(frame);
		}
}

/* Returns the real function. */
void *hg_before_jump(const struct __jmp_buf_tag *target, unsigned which, uint64_t fp)
{
	struct hg_context *context = hg_context;
	uint64_t to = context && context->epoch && context->top != context->base ? stack_pointer_of(target) : 0;
	if (to && within_stack(context, fp, to))
		abandon(context, fp, to);
	return real_jump(which);
}
