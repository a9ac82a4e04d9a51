/* Which object a program counter lies in, by the recording's map of modules. */
#include "arch/preserving.h"
#include "base/counters.h"
#include "base/sys.h"
#include "format/record.h"
#include "record/modules.h"
#include "record/recording.h"

static uint32_t look_up(uint64_t pc)
{
	unsigned room;
	const struct hg_record_module *modules = hg_recording_table(HG_EXTENT_MODULES, &room);
	for (uint32_t i = 0; i < room && __atomic_load_n(&modules[i].state, __ATOMIC_ACQUIRE); i++)
		if (!__atomic_load_n(&modules[i].unloaded_ticks, __ATOMIC_RELAXED) && pc >= modules[i].low &&
		    pc < modules[i].high)
			return i;
	return HG_NO_MODULE;
}

static void update(void *done)
{
	*(bool *)done = hg_modules_update();
}

/* Apart, so that the registers are seen to be saved just around it (check_registers.py). */
static __attribute__((noinline)) bool refresh(void)
{
	bool done = false;
	hg_preserving(update, &done);
	return done;
}

enum { TRIES = 1000 }; /* limit: CALLERS_UNKNOWN */

uint32_t hg_module_at(uint64_t return_address)
{
	if (!return_address)
		return HG_NO_MODULE;
	uint32_t module = look_up(return_address - 1);
	bool done = false;
	/* Another thread may be at it. Bounded: it may be this one, interrupted, or have been killed. */
	for (int i = 0; module == HG_NO_MODULE && !done && i < TRIES; i++) {
		done = refresh();
		module = look_up(return_address - 1);
		if (module == HG_NO_MODULE && !done)
			hg_syscall(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
	}
	if (module == HG_NO_MODULE && !done)
		hg_count(HG_COUNTER_CALLERS_UNKNOWN);
	return module;
}
