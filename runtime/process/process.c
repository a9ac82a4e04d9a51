#include "process/process.h"

#include <fcntl.h>
#include <pthread.h>
#include <string.h>

#include "base/counters.h"
#include "base/say.h"
#include "format/record.h"

char hg_executable[PATH_MAX];

struct hg_here *_Atomic hg_here;
_Atomic bool hg_here_stays;
static uint64_t last_epoch;

_Atomic bool hg_process_forks_unseen;
void (*hg_process_on_unwiped_child)(void);
void (*hg_process_on_unseen_forks)(void);

static bool wipes(void *memory, uint64_t size)
{
	return hg_syscall(SYS_madvise, (long)memory, (long)size, MADV_WIPEONFORK, 0, 0, 0) == 0;
}

void *hg_process_map_wiped(uint64_t size)
{
	void *memory = hg_map_memory(size);
	if (!memory || wipes(memory, size))
		return memory;
	if (!atomic_exchange(&hg_process_forks_unseen, true) && hg_process_on_unseen_forks)
		hg_process_on_unseen_forks();
	return memory;
}

/* Forks that the C library knows of are seen even where nothing is wiped: then the pages are the parent's. */
static void in_forked_child(void)
{
	struct hg_here *page = atomic_load(&hg_here);
	if (!page)
		return;
	bool stays = atomic_load(&page->pid) != 0;
	if (stays)
		memset((void *)page, 0, sizeof *page);
	if ((stays || atomic_load(&hg_process_forks_unseen)) && hg_process_on_unwiped_child)
		hg_process_on_unwiped_child();
	atomic_store(&page->known, 1);
	atomic_store(&page->pid, hg_getpid());
}

static struct hg_here *find_here(void)
{
	struct hg_here *page = atomic_load(&hg_here);
	if (page)
		return page;
	struct hg_here *fresh = hg_process_map_wiped(4096);
	if (!fresh)
		return NULL;
	atomic_store(&hg_here_stays, atomic_load(&hg_process_forks_unseen));
	atomic_store(&fresh->native, 1);
	atomic_store(&fresh->pid, hg_getpid());
	if (!atomic_compare_exchange_strong(&hg_here, &page, fresh)) {
		hg_syscall(SYS_munmap, (long)fresh, 4096, 0, 0, 0, 0);
		return page;
	}
	pthread_atfork(NULL, NULL, in_forked_child);
	return fresh;
}

void hg_process_loaded(void)
{
	find_here();
}

static uint32_t pid_of(struct hg_here *page)
{
	uint32_t pid = atomic_load(&page->pid), none = 0;
	if (!pid && atomic_compare_exchange_strong(&page->pid, &none, pid = hg_getpid()))
		return pid;
	return none ? none : pid;
}

uint32_t hg_process_pid(void)
{
	struct hg_here *page = atomic_load(&hg_here);
	return page ? pid_of(page) : hg_getpid();
}

/* A child that shares its parent's memory (vfork) is of the parent's process; where a fork does not wipe the page, its
 * child looks the same. */
static bool is_unseen_child(struct hg_here *page)
{
	return atomic_load_explicit(&hg_here_stays, memory_order_relaxed) && pid_of(page) != hg_getpid();
}

bool hg_process_is_forked(void)
{
	struct hg_here *page = atomic_load(&hg_here);
	return page && (!atomic_load(&page->native) || is_unseen_child(page));
}

bool hg_process_is_forked_by_libc(void)
{
	struct hg_here *page = atomic_load(&hg_here);
	return page && atomic_load(&page->known) && !is_unseen_child(page);
}

bool hg_process_is_unseen_child(void)
{
	return is_unseen_child(atomic_load(&hg_here));
}

void hg_process_note_executable(void)
{
	hg_syscall(SYS_readlinkat, AT_FDCWD, (long)"/proc/self/exe", (long)hg_executable, sizeof hg_executable - 1, 0,
	           0);
}

/* --- the start --- */

/* The call goes through unguarded. Waited for once: not by each call again. */
static bool give_up(struct hg_here *page)
{
	hg_count(HG_COUNTER_START_UNFINISHED);
	if (!atomic_exchange(&page->given_up, 1))
		hg_say("a thread that began to start the guards has not finished; ",
		       "as long as it does not, calls in this process go through unguarded", NULL, NULL);
	return false;
}

static bool wait_for_starter(struct hg_here *page, uint32_t starter)
{
	enum { LIMIT_MS = 1000 }; /* limit: START_UNFINISHED */
	enum { LOOK_MS = 50 };    /* no limit: who waits looks again */
	uint64_t ms = 1000000, now = hg_monotonic_ns(), limit = now + LIMIT_MS * ms;
	for (; !atomic_load(&page->started); now = hg_monotonic_ns()) {
		if (atomic_load(&page->given_up) || now >= limit || !hg_thread_exists(starter))
			return give_up(page);
		hg_futex_wait(&page->started, 0, now + LOOK_MS * ms);
	}
	return atomic_load(&page->epoch) != 0;
}

static bool refuse_unseen(void)
{
	static _Atomic bool said;
	hg_count(HG_COUNTER_FORKS_UNSEEN);
	if (!atomic_exchange(&said, true))
		hg_say(
		    "this process was not forked by the C library's fork, and the kernel refuses what tells of others ",
		    "(MADV_WIPEONFORK); its calls go through unguarded", NULL, NULL);
	return false;
}

bool hg_process_begin(bool (*start)(bool child))
{
	struct hg_here *page = find_here();
	if (!page)
		return false;
	if (hg_process_epoch())
		return true;
	if (is_unseen_child(page))
		return refuse_unseen();
	uint32_t me = hg_gettid(), none = 0;
	if (!atomic_compare_exchange_strong(&page->starter, &none, me))
		return none == me ? false : wait_for_starter(page, none);
	bool done = start(last_epoch != 0);
	if (done)
		atomic_store(&page->epoch, ++last_epoch);
	atomic_store(&page->started, 1);
	hg_futex_wake(&page->started);
	return done;
}
