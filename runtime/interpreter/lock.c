#include "interpreter/lock.h"

#include "arch/preserving.h"
#include "interpreter/lock_look.h"

/* Apart, so that the registers are seen to be saved just around it (check_registers.py). */
__attribute__((noinline)) bool hg_interpreter_lock_held(void)
{
	bool held = false;
	hg_preserving(hg_interpreter_look, &held);
	return held;
}
