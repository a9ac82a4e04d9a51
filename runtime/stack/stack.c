#include "stack/stack.h"

#include <string.h>

#define UNW_LOCAL_ONLY
#include <libunwind.h>

#include "arch/work_stack.h"
#include "base/counters.h"
#include "base/newer_libc.h"
#include "base/say.h"
#include "base/sys.h"
#include "format/record.h"
#include "process/linker.h"
#include "process/process.h"
#include "record/modules.h"
#include "stack/depot.h"
#include "stack/unwinder_memory.h"
#include "thread/frames.h"

/* Of ours, between the unwinder and the trampoline's caller. no limit: where there are more, the slower way is gone */
enum { OWN_FRAMES = 16 };

enum { UNLOADED, LOADING, LOADED, MISSING };

static _Atomic int state;
static _Atomic uint32_t inside; /* threads that are in it, unless its locks tell */
static bool locks_tell;
static bool unwinder_lost; /* a thread that this process does not have was in it when this process was forked */
static struct {
	int (*backtrace)(void **, int);
	int (*context)(unw_context_t *);
	int (*init)(unw_cursor_t *, unw_context_t *);
	int (*step)(unw_cursor_t *);
	int (*get)(unw_cursor_t *, int, unw_word_t *);
	int (*place)(unw_cursor_t *, int, unw_save_loc_t *);
	int (*is_signal)(unw_cursor_t *);
} unwinder;

#define TEXT_OF(x) #x
#define NAME_OF(x) TEXT_OF(x)

static bool load(void)
{
	if (!hg_unwinder_load(&locks_tell))
		return false;
	*(void **)&unwinder.backtrace = hg_unwinder_find(NAME_OF(unw_backtrace));
	*(void **)&unwinder.context = hg_unwinder_find(NAME_OF(unw_tdep_getcontext));
	*(void **)&unwinder.init = hg_unwinder_find(NAME_OF(unw_init_local));
	*(void **)&unwinder.step = hg_unwinder_find(NAME_OF(unw_step));
	*(void **)&unwinder.get = hg_unwinder_find(NAME_OF(unw_get_reg));
	*(void **)&unwinder.place = hg_unwinder_find(NAME_OF(unw_get_save_loc));
	*(void **)&unwinder.is_signal = hg_unwinder_find(NAME_OF(unw_is_signal_frame));
	return unwinder.backtrace && unwinder.init && unwinder.step && unwinder.get && unwinder.place &&
	       unwinder.is_signal;
}

/* Nobody waits for the thread that loads: it may have to wait for the dynamic linker's lock. */
static bool ready(void)
{
	int expected = UNLOADED;
	if (atomic_load(&state) == LOADED)
		return true;
	if (!atomic_compare_exchange_strong(&state, &expected, LOADING))
		return false;
	bool loaded = load();
	if (!loaded)
		hg_say("libunwind.so.8 cannot be loaded; stacks have one frame only", NULL, NULL, NULL);
	atomic_store(&state, loaded ? LOADED : MISSING);
	return loaded;
}

void hg_stack_load(void)
{
	ready();
}

/* The unwinder's memory of a thread comes from malloc when the thread first unwinds, and a malloc of the program's may
 * call guarded functions: these do not unwind in turn. */
static __thread bool unwinding;

static bool begin(void)
{
	if (unwinding || unwinder_lost || !ready())
		return false;
	unwinding = true;
	if (!locks_tell)
		atomic_fetch_add(&inside, 1);
	return true;
}

static void end_of_walk(void)
{
	if (!locks_tell)
		atomic_fetch_sub(&inside, 1);
	unwinding = false;
}

/* Nor is the unwinder loaded in a child, or used where malloc's locks, of which it knows nothing, may be lost. */
void hg_stack_forked(void)
{
	bool alone = hg_libc_knows_one_thread() || hg_process_is_forked_by_libc();
	int now = atomic_load(&state);
	unwinder_lost = unwinder_lost || !alone || now == UNLOADED || now == LOADING ||
	                (locks_tell ? hg_unwinder_is_locked() : inside);
}

/* The registers of the caller at the guarded call, from what the frame says. */
static void caller_registers(const struct hg_frame *frame, unw_context_t *registers)
{
	memset(registers, 0, sizeof *registers);
#if defined(__x86_64__)
	greg_t *general = registers->uc_mcontext.gregs;
	general[REG_RIP] = (greg_t)frame->caller;
	if (frame->fp & 1) {
		general[REG_RSP] = (greg_t)(frame->fp & ~UINT64_C(1));
		general[REG_RBP] = (greg_t)frame->caller_fp;
		return;
	}
	/* Laid out by the trampolines: r12, rbx, rbp, return address. Other registers are not kept, nor needed: callers
	 * are found by rsp and rbp. */
	const greg_t *saved = (const greg_t *)frame->fp;
	general[REG_RSP] = (greg_t)(frame->fp + 16);
	general[REG_RBP] = saved[0];
	general[REG_RBX] = saved[-1];
	general[REG_R12] = saved[-2];
#elif defined(__aarch64__)
	struct unw_sigcontext *general = &registers->uc_mcontext;
	general->pc = frame->caller;
	if (frame->fp & 1) {
		general->sp = frame->fp & ~UINT64_C(1);
		general->regs[29] = frame->caller_fp;
		return;
	}
	/* Laid out by the trampolines: x19, x20, x29, x30. */
	const uint64_t *saved = (const uint64_t *)frame->fp;
	general->sp = frame->fp + 16;
	general->regs[29] = saved[0];
	general->regs[20] = saved[-1];
	general->regs[19] = saved[-2];
#endif
}

/* A way outwards along a stack, and where it is. */
struct way {
	unw_context_t from; /* the cursor points into it */
	unw_cursor_t cursor;
	unw_word_t sp, pc;
	bool ended;
};

static bool set_out(struct way *way, const struct hg_frame *frame)
{
	caller_registers(frame, &way->from);
	way->ended = false;
	return unwinder.init(&way->cursor, &way->from) == 0 && unwinder.get(&way->cursor, UNW_REG_SP, &way->sp) == 0 &&
	       unwinder.get(&way->cursor, UNW_REG_IP, &way->pc) == 0;
}

/* On aarch64, libunwind from 1.7 on takes a frame pointer of zero for the end, and forgets the place it has come to.
 * But Go calls C with that: what returns to Go is out there. False: it is the end. */
static bool look_past_end(struct way *way)
{
#if defined(__aarch64__)
	unw_save_loc_t link;
	unw_word_t fp;
	if (unwinder.get(&way->cursor, UNW_AARCH64_X29, &fp) != 0 || fp != 0 ||
	    unwinder.place(&way->cursor, UNW_AARCH64_X30, &link) != 0 || link.type != UNW_SLT_MEMORY)
		return false;
	register uint64_t returns_to __asm__("x30") = *(const uint64_t *)link.u.addr;
	__asm__("hint 7" : "+r"(returns_to)); /* xpaclri: off with the signature, if there is one */
	way->pc = returns_to;
	return way->pc;
#else
	(void)way;
	return false;
#endif
}

/* On aarch64, libunwind looks at two instructions there without asking whether it may: where a coroutine's stack ends,
 * the return address may be anything. */
static bool is_safe_to_look_at(uint64_t pc)
{
#if defined(__aarch64__)
	enum { LOOKED_AT = 8, PAGE = 4096 }; /* no limit: bytes, and the smallest page */
	uint64_t last = pc + LOOKED_AT - 1;
	return hg_readable((const void *)pc) && ((pc ^ last) < PAGE || hg_readable((const void *)last));
#else
	(void)pc;
	return true;
#endif
}

/* As unw_step: > 0: one frame further out; 0: there is none; < 0: lost. */
static int step_out(struct way *way)
{
	if (way->ended)
		return 0;
	int more = unwinder.step(&way->cursor);
	if (more < 0 || unwinder.get(&way->cursor, UNW_REG_SP, &way->sp) != 0)
		return -1;
	way->ended = more == 0;
	if (way->ended)
		return look_past_end(way);
	return unwinder.get(&way->cursor, UNW_REG_IP, &way->pc) == 0 && is_safe_to_look_at(way->pc) ? 1 : -1;
}

static unsigned walk(const struct hg_frame *frame, uint64_t *pc, unsigned most)
{
	struct way way;
	unsigned depth = 1;
	if (!set_out(&way, frame))
		return depth;
	while (depth < most && !hg_told_ends_c(pc[depth - 1]) && step_out(&way) > 0 && way.pc)
		pc[depth++] = way.pc;
	return depth;
}

/* What a caller's frame pointer leads to is a frame if it lies above, and the return address in it in some object. */
static unsigned walk_frame_pointers(const struct hg_frame *frame, uint64_t *pc, unsigned most)
{
	bool by_value = frame->fp & 1;
	uint64_t below = by_value ? frame->fp & ~UINT64_C(1) : frame->fp;
	uint64_t fp = by_value ? frame->caller_fp : *(const uint64_t *)frame->fp;
	unsigned depth = 1;
	hg_count(HG_COUNTER_UNWINDER_LOST);
	while (depth < most && fp > below && fp % sizeof(void *) == 0 && hg_readable((void *)fp) &&
	       hg_readable((void *)(fp + sizeof(void *)))) {
		const uint64_t *saved = (const uint64_t *)fp;
		if (hg_module_at(saved[1]) == HG_NO_MODULE)
			break;
		pc[depth++] = saved[1];
		below = fp;
		fp = saved[0];
	}
	return depth;
}

unsigned hg_stack_of_frame(const struct hg_frame *frame, uint64_t *pc, unsigned most, bool *cut)
{
	*cut = false;
	pc[0] = frame->caller;
	/* Who asked for it is long gone. */
	if (hg_frame_is_deferred(frame) || (!unwinder_lost && !begin()))
		return 1;
	unsigned depth = unwinder_lost ? walk_frame_pointers(frame, pc, most) : walk(frame, pc, most);
	if (!unwinder_lost)
		end_of_walk();
	*cut = depth == most;
	return depth;
}

static enum hg_climb climb(const struct hg_frame *frame, hg_stack_step *step, void *argument)
{
	enum { MOST_STEPS = 10000 }; /* limit: CLIMBS_CUT */
	struct way way;
	bool interrupted = false;
	if (!set_out(&way, frame))
		return HG_CLIMB_LOST;
	for (int i = 0; i < MOST_STEPS; i++) {
		if (!step(way.sp, way.pc, interrupted, argument))
			return HG_CLIMB_STOPPED;
		interrupted |= !way.ended && unwinder.is_signal(&way.cursor) > 0;
		int more = step_out(&way);
		if (more <= 0)
			return more == 0 ? HG_CLIMB_END : HG_CLIMB_LOST;
	}
	hg_count(HG_COUNTER_CLIMBS_CUT);
	return HG_CLIMB_LOST;
}

enum hg_climb hg_stack_climb(const struct hg_frame *frame, hg_stack_step *step, void *argument)
{
	if (!begin())
		return HG_CLIMB_LOST;
	enum hg_climb how = climb(frame, step, argument);
	end_of_walk();
	return how;
}

#if defined(__x86_64__)
static const int preserved[] = {UNW_X86_64_RBX, UNW_X86_64_RBP, UNW_X86_64_R12,
                                UNW_X86_64_R13, UNW_X86_64_R14, UNW_X86_64_R15};
#else
static const int preserved[] = {UNW_AARCH64_X19, UNW_AARCH64_X20, UNW_AARCH64_X21, UNW_AARCH64_X22, UNW_AARCH64_X23,
                                UNW_AARCH64_X24, UNW_AARCH64_X25, UNW_AARCH64_X26, UNW_AARCH64_X27, UNW_AARCH64_X28};
#endif

static bool in_registers(unw_cursor_t *cursor, uint64_t value)
{
	unw_word_t held;
	for (size_t i = 0; i < sizeof preserved / sizeof *preserved; i++)
		if (unwinder.get(cursor, preserved[i], &held) == 0 && held == value)
			return true;
	return false;
}

static bool on_stack(uint64_t value, uint64_t from, uint64_t to)
{
	for (from &= ~UINT64_C(7); from < to; from += sizeof value)
		if (*(const uint64_t *)from == value)
			return true;
	return false;
}

/* The registers of here, so that all that callees preserve is found on the way. */
__attribute__((noinline)) static bool has_value(uint64_t value, struct hg_span code, struct hg_span stack, bool *lost)
{
	unw_context_t registers;
	unw_cursor_t cursor;
	unw_word_t sp, pc, above;
#if defined(__x86_64__)
	*lost = !unwinder.context || unwinder.context(&registers) != 0;
#else
	*lost = unw_tdep_getcontext(&registers) != 0; /* inline there */
#endif
	*lost = *lost || unwinder.init(&cursor, &registers) != 0;
	while (!*lost) {
		if (unwinder.get(&cursor, UNW_REG_SP, &sp) != 0 || unwinder.get(&cursor, UNW_REG_IP, &pc) != 0)
			break;
		/* The way begins on the runtime's own stack, wherever that lies. */
		bool ours = hg_work_stack_end(sp);
		if (!ours && sp >= stack.high)
			return false;
		bool looked_for = !ours && pc >= code.low && pc < code.high && sp >= stack.low;
		if (looked_for && in_registers(&cursor, value))
			return true;
		if (unwinder.step(&cursor) <= 0 || unwinder.get(&cursor, UNW_REG_SP, &above) != 0)
			break;
		if (looked_for && on_stack(value, sp, above))
			return true;
	}
	*lost = true;
	return false;
}

bool hg_stack_has_value(uint64_t value, struct hg_span code, struct hg_span stack, bool *lost)
{
	*lost = true;
	if (!begin())
		return false;
	bool has = has_value(value, code, stack, lost);
	end_of_walk();
	return has;
}

/* On aarch64, libunwind 1.8's fast unwinder takes return addresses with their signatures for places. Where it finds no
 * frame there, it goes on from a register that another frame has left behind, and reads where that points, unchecked.
 */
#if defined(__aarch64__)
enum { HAS_FAST_UNWINDER = false };
#else
enum { HAS_FAST_UNWINDER = true };
#endif

/* The fast unwinder gives each thread memory of its own, and fills that first: as much as it saves on so many stacks.
 * Most threads of most programs take fewer. */
enum { STEPPED_FIRST = 16 }; /* no limit: the others are taken faster */

static bool fast_unwinder_pays(void)
{
	static __thread uint8_t stepped;
	if (!HAS_FAST_UNWINDER)
		return false;
	stepped += stepped < STEPPED_FIRST + 1;
	return stepped > STEPPED_FIRST;
}

/* The fast unwinder starts in here; the program's part begins at the call's return address. False: not found. */
static unsigned own_stack(const struct hg_frame *frame, uint64_t *pc)
{
	void *all[HG_STACK_MAX + OWN_FRAMES];
	if (!fast_unwinder_pays() || !begin())
		return 0;
	int depth = unwinder.backtrace(all, HG_STACK_MAX + OWN_FRAMES);
	end_of_walk();
	int first = 0;
	while (first < depth && (uint64_t)all[first] != frame->caller)
		first++;
	if (first > OWN_FRAMES)
		return 0;
	unsigned kept = 0;
	for (int i = first; i < depth && kept < HG_STACK_MAX; i++)
		pc[kept++] = (uint64_t)all[i];
	return kept;
}

struct c_frames {
	uint64_t pc[2 * HG_STACK_MAX], sp[2 * HG_STACK_MAX]; /* no limit: who calls C from further out is not told */
	unsigned depth;
	bool interrupted;
};

static bool note_frame(uint64_t sp, uint64_t pc, bool interrupted, void *argument)
{
	struct c_frames *frames = argument;
	frames->interrupted |= interrupted;
	frames->pc[frames->depth] = pc;
	frames->sp[frames->depth++] = sp;
	return frames->depth < sizeof frames->pc / sizeof *frames->pc && !hg_told_ends_c(pc);
}

/* If a walker needs them. Who asked for what is deferred is long gone. */
static void find_c_frames(const struct hg_frame *frame, struct c_frames *frames)
{
	frames->depth = 0;
	frames->interrupted = false;
	if (!hg_frame_is_deferred(frame) && hg_told_wants_c_frames())
		hg_stack_climb(frame, note_frame, frames);
}

static void find_told(const struct hg_context *owner, const struct hg_frame *frame, bool further_in,
                      const struct c_frames *frames, struct hg_told *told)
{
	*told = (struct hg_told){.count = 0};
	if (hg_frame_is_deferred(frame))
		return;
	hg_told_find(&(struct hg_told_at){.frame = frame,
	                                  .thread = owner->thread,
	                                  .tid = owner->tid,
	                                  .own = owner == hg_context,
	                                  .interrupted = frames->interrupted,
	                                  .below = further_in ? frame->fp & ~UINT64_C(1) : 0,
	                                  .depth = frames->depth,
	                                  .pc = frames->pc,
	                                  .sp = frames->sp},
	             told);
}

void hg_stack_told(const struct hg_context *owner, const struct hg_frame *frame, bool further_in, struct hg_told *told)
{
	struct c_frames frames;
	uint64_t before = hg_linker_changes_hold();
	find_c_frames(frame, &frames);
	find_told(owner, frame, further_in, &frames, told);
	hg_linker_changes_release(before);
}

unsigned hg_stack_below_told(const struct hg_told *told, const uint64_t *pc, unsigned depth)
{
	unsigned below = 1;
	if (!(told->languages >> HG_LANGUAGE_JAVA & 1))
		return depth;
	while (below < depth && hg_module_at(pc[below]) != HG_NO_MODULE)
		below++;
	return below < depth ? below : depth;
}

/* The walk that the walkers need serves for the stack as well. */
static unsigned own_frames(const struct hg_frame *frame, const struct c_frames *frames, uint64_t *pc)
{
	unsigned depth = 0;
	bool cut;
	for (; depth < frames->depth && depth < HG_STACK_MAX; depth++)
		pc[depth] = frames->pc[depth];
	if (depth < 2)
		depth = own_stack(frame, pc);
	return depth < 2 ? hg_stack_of_frame(frame, pc, HG_STACK_MAX, &cut) : depth;
}

void hg_stack_capture(const struct hg_context *context, const struct hg_frame *frame, struct hg_captured *captured)
{
	uint64_t pc[HG_STACK_MAX];
	struct c_frames frames;
	struct hg_told told;
	uint64_t before = hg_linker_changes_hold();
	find_c_frames(frame, &frames);
	unsigned depth = own_frames(frame, &frames, pc);
	find_told(context, frame, false, &frames, &told);
	hg_linker_changes_release(before);
	depth = hg_stack_below_told(&told, pc, depth);
	captured->settled = hg_told_settled() && (unwinder_lost || (!unwinding && atomic_load(&state) != LOADING));
	captured->languages = told.languages;
	captured->spot = told.spot;
	captured->stack =
	    hg_depot_put(&(struct hg_stack){.pc = pc, .depth = depth, .told = told.frames, .told_count = told.count});
}
