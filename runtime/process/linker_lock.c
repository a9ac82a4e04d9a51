/* The C library makes the locks of its dynamic linker anew in a forked child, all but one: the one that dl_iterate_phdr
 * takes, and dlopen for moments. It cannot be asked for, but it can be seen: of the recursive mutexes in the dynamic
 * linker's data, it is the one that this thread owns inside dl_iterate_phdr and not outside. It is only ever read. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "base/libc.h"
#include "base/sys.h"
#include "process/linker.h"
#include "process/process.h"

int hg_linker_iterate(hg_linker_visitor *visit, void *argument)
{
	static int (*_Atomic known)(hg_linker_visitor *, void *);
	int (*real)(hg_linker_visitor *, void *) = atomic_load(&known);
	if (!real) {
		*(void **)&real = hg_libc_function("dl_iterate_phdr");
		atomic_store(&known, real);
	}
	return real(visit, argument);
}

static const pthread_mutex_t *lock; /* null: not found */

static const volatile int *owner_of(const pthread_mutex_t *mutex)
{
	return &mutex->__data.__owner;
}

static bool owns(const pthread_mutex_t *mutex, uint32_t me)
{
	return mutex->__data.__lock && (uint32_t)*owner_of(mutex) == me && mutex->__data.__count == 1 &&
	       mutex->__data.__kind == PTHREAD_MUTEX_RECURSIVE_NP;
}

enum { OWNED_MOST = 4 }; /* limit: LINKER_LOCK_LOST, of a lock that is not found */

struct owned {
	const char *start;
	size_t size;
	const pthread_mutex_t *list[OWNED_MOST];
	unsigned count;
};

static int find_owned(struct dl_phdr_info *info, size_t size, void *argument)
{
	(void)info;
	(void)size;
	struct owned *owned = argument;
	uint32_t me = hg_gettid();
	for (size_t at = 0; at + sizeof(pthread_mutex_t) <= owned->size; at += _Alignof(pthread_mutex_t)) {
		const pthread_mutex_t *mutex = (const void *)(owned->start + at);
		if (owns(mutex, me) && owned->count < OWNED_MOST)
			owned->list[owned->count++] = mutex;
	}
	return 1;
}

/* The dynamic linker's data. */
static bool find_data(struct owned *owned)
{
	Dl_info info;
	const ElfW(Sym) *symbol = NULL;
	owned->start = dlsym(RTLD_DEFAULT, "_rtld_global");
	if (!owned->start || !dladdr1(owned->start, &info, (void **)&symbol, RTLD_DL_SYMENT) || !symbol)
		return false;
	owned->size = symbol->st_size;
	return true;
}

/* Inside a load this thread owns another lock, too, and goes on owning it. */
void hg_linker_lock_start(void)
{
	struct owned owned = {0};
	uint32_t me = hg_gettid();
	if (!find_data(&owned))
		return;
	hg_linker_iterate(find_owned, &owned);
	for (unsigned i = 0; i < owned.count; i++)
		if (!owns(owned.list[i], me))
			lock = owned.list[i];
}

/* At the first look a child mostly has one thread: a lock without an owner is then one that was just being taken or
 * released. */
static bool is_lost(void)
{
	enum { LIMIT_MS = 100 }; /* limit: LINKER_LOCK_LOST */
	uint64_t limit = 0;
	while (lock && *(const volatile int *)&lock->__data.__lock) {
		uint32_t owner = (uint32_t)*owner_of(lock);
		if (owner)
			return !hg_thread_exists(owner);
		limit = limit ? limit : hg_monotonic_ns() + LIMIT_MS * UINT64_C(1000000);
		if (hg_monotonic_ns() >= limit)
			return true;
		hg_syscall(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
	}
	return !lock;
}

bool hg_linker_lock_is_lost(void)
{
	enum { SOUND = 0x1, LOST = 0x2 };
	static _Atomic uint64_t verdict; /* the process's number, and what was found in it */
	uint64_t here = (uint64_t)hg_process_pid() << 32, known = atomic_load(&verdict);
	if (known != (here | SOUND) && known != (here | LOST)) {
		uint64_t found = here | (is_lost() ? LOST : SOUND);
		known = atomic_compare_exchange_strong(&verdict, &known, found) ? found : known;
	}
	return known == (here | LOST);
}
