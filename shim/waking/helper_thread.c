#include "waking/helper_thread.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sys.h"
#include "dynlink/beyond.h"

typedef int create_thread(pthread_t *thread, const pthread_attr_t *attributes, void *(*routine)(void *),
                          void *argument);

bool hg_helper_thread(void *(*run)(void *), void *argument)
{
	static void *_Atomic known;
	void *real = atomic_load(&known);
	pthread_attr_t attributes;
	pthread_t thread;
	uint64_t all = UINT64_MAX, before;
	if (!real)
		atomic_store(&known, real = hg_find_beyond("pthread_create"));
	if (!real || pthread_attr_init(&attributes) != 0)
		return false;
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	hg_syscall(SYS_rt_sigprocmask, SIG_SETMASK, (long)&all, (long)&before, sizeof all, 0, 0);
	int result = ((create_thread *)real)(&thread, &attributes, run, argument);
	hg_syscall(SYS_rt_sigprocmask, SIG_SETMASK, (long)&before, 0, sizeof before, 0, 0);
	pthread_attr_destroy(&attributes);
	return result == 0;
}
