/* What the perturbed runtime does wherever one of its functions begins: now and then it lets other threads run first,
 * so that they come in where they seldom do by themselves. (-finstrument-functions of gcc and clang.) */
#include "base/sys.h"

enum { YIELDS = 400, SLEEPS = 4000 }; /* one in so many */

void __cyg_profile_func_enter(void *function, void *call_site);
void __cyg_profile_func_exit(void *function, void *call_site);

/* xorshift64* (G. Marsaglia, S. Vigna) */
static uint64_t draw(void)
{
	static __thread uint64_t state;
	if (!state)
		state = hg_ticks() | 1;
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (state * UINT64_C(0x2545f4914f6cdd1d)) >> 32;
}

void __cyg_profile_func_enter(void *function, void *call_site)
{
	uint64_t drawn = draw();
	struct timespec pause = {.tv_nsec = 300000};
	(void)function;
	(void)call_site;
	if (drawn % SLEEPS == 0)
		hg_syscall(SYS_nanosleep, (long)&pause, 0, 0, 0, 0, 0);
	else if (drawn % YIELDS == 0)
		hg_syscall(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
}

void __cyg_profile_func_exit(void *function, void *call_site)
{
	(void)function;
	(void)call_site;
}
