/* libunwind is loaded privately: as a needed library of a preloaded object its _Unwind_* functions would replace the
 * program's own, and exceptions would run through it. */
#include "stack.h"

#include <dlfcn.h>
#include <string.h>

#define UNW_LOCAL_ONLY
#include <libunwind.h>

#include "depot.h"
#include "process.h"
#include "sys.h"
#include "unwinder_memory.h"

enum { OWN_FRAMES = 16 }; /* of ours, between the unwinder and the trampoline's caller */

enum { UNLOADED, LOADING, LOADED, MISSING };

static _Atomic int state;
static struct {
	int (*backtrace)(void **, int);
	int (*init)(unw_cursor_t *, unw_context_t *);
	int (*step)(unw_cursor_t *);
	int (*get)(unw_cursor_t *, int, unw_word_t *);
} unwinder;

#define TEXT_OF(x) #x
#define NAME_OF(x) TEXT_OF(x)

static bool load(void)
{
	void *library = dlopen("libunwind.so.8", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	if (!library)
		return false;
	hg_unwinder_without_pipe(library);
	*(void **)&unwinder.backtrace = dlsym(library, NAME_OF(unw_backtrace));
	*(void **)&unwinder.init = dlsym(library, NAME_OF(unw_init_local));
	*(void **)&unwinder.step = dlsym(library, NAME_OF(unw_step));
	*(void **)&unwinder.get = dlsym(library, NAME_OF(unw_get_reg));
	return unwinder.backtrace && unwinder.init && unwinder.step && unwinder.get;
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
	if (unwinding || !ready())
		return false;
	unwinding = true;
	return true;
}

static void end(void)
{
	unwinding = false;
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

static unsigned walk(const struct hg_frame *frame, uint64_t *pc, unsigned most)
{
	unw_context_t registers;
	unw_cursor_t cursor;
	unw_word_t at;
	unsigned depth = 1;
	caller_registers(frame, &registers);
	if (unwinder.init(&cursor, &registers) != 0)
		return depth;
	while (depth < most && unwinder.step(&cursor) > 0 && unwinder.get(&cursor, UNW_REG_IP, &at) == 0 && at)
		pc[depth++] = at;
	return depth;
}

unsigned hg_stack_of_frame(const struct hg_frame *frame, uint64_t *pc, unsigned most, bool *cut)
{
	*cut = false;
	pc[0] = frame->caller;
	if (!begin())
		return 1;
	unsigned depth = walk(frame, pc, most);
	end();
	*cut = depth == most;
	return depth;
}

/* On aarch64, libunwind 1.8's fast unwinder takes return addresses with their signatures for places. Where it finds no
 * frame there, it goes on from a register that another frame has left behind, and reads where that points, unchecked.
 */
#if defined(__aarch64__)
enum { HAS_FAST_UNWINDER = false };
#else
enum { HAS_FAST_UNWINDER = true };
#endif

/* The fast unwinder starts in here; the program's part begins at the call's return address. False: not found. */
static unsigned own_stack(const struct hg_frame *frame, uint64_t *pc)
{
	void *all[HG_STACK_MAX + OWN_FRAMES];
	if (!HAS_FAST_UNWINDER || !begin())
		return 0;
	int depth = unwinder.backtrace(all, HG_STACK_MAX + OWN_FRAMES);
	end();
	int first = 0;
	while (first < depth && (uint64_t)all[first] != frame->caller)
		first++;
	unsigned kept = 0;
	for (int i = first; i < depth && kept < HG_STACK_MAX; i++)
		pc[kept++] = (uint64_t)all[i];
	return kept;
}

uint32_t hg_stack_capture(const struct hg_frame *frame, bool *settled)
{
	uint64_t pc[HG_STACK_MAX];
	bool cut;
	unsigned depth = own_stack(frame, pc);
	if (depth < 2)
		depth = hg_stack_of_frame(frame, pc, HG_STACK_MAX, &cut);
	*settled = !unwinding && atomic_load(&state) != LOADING;
	return hg_depot_put(pc, depth);
}
