#include "process.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "counters.h"
#include "dead.h"
#include "fence.h"
#include "linker.h"
#include "modules.h"
#include "stack.h"
#include "sys.h"
#include "tables.h"
#include "thread.h"
#include "visit.h"

struct hg_options hg_options;
char hg_executable[PATH_MAX];
void (*hg_process_on_start)(void);

/* A page that a fork wipes. */
struct here {
	_Atomic uint64_t epoch;    /* 0: not started in this process */
	_Atomic uint32_t starter;  /* thread that is starting the runtime */
	_Atomic uint32_t started;  /* futex */
	_Atomic uint32_t given_up; /* the starter is not waited for any more */
	_Atomic uint32_t pid;      /* 0: nobody has asked since the fork */
	_Atomic uint32_t native;   /* this is the process that the runtime was loaded into */
	_Atomic uint32_t known;    /* the C library forked this process: it has made its own locks anew */
};

static struct here *_Atomic here;
static _Atomic bool here_stays; /* where a fork does not wipe it */
static uint64_t last_epoch;

_Atomic bool hg_process_forks_unseen;
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
	struct here *page = atomic_load(&here);
	if (!page)
		return;
	bool stays = atomic_load(&page->pid) != 0;
	if (stays)
		memset((void *)page, 0, sizeof *page);
	if (stays || atomic_load(&hg_process_forks_unseen))
		hg_contexts_wipe();
	atomic_store(&page->known, 1);
	atomic_store(&page->pid, hg_getpid());
}

static struct here *find_here(void)
{
	struct here *page = atomic_load(&here);
	if (page)
		return page;
	struct here *fresh = hg_process_map_wiped(4096);
	if (!fresh)
		return NULL;
	atomic_store(&here_stays, atomic_load(&hg_process_forks_unseen));
	atomic_store(&fresh->native, 1);
	atomic_store(&fresh->pid, hg_getpid());
	if (!atomic_compare_exchange_strong(&here, &page, fresh)) {
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

static uint32_t pid_of(struct here *page)
{
	uint32_t pid = atomic_load(&page->pid), none = 0;
	if (!pid && atomic_compare_exchange_strong(&page->pid, &none, pid = hg_getpid()))
		return pid;
	return none ? none : pid;
}

uint32_t hg_process_pid(void)
{
	struct here *page = atomic_load(&here);
	return page ? pid_of(page) : hg_getpid();
}

/* A child that shares its parent's memory (vfork) is of the parent's process; where a fork does not wipe the page, its
 * child looks the same. */
static bool is_unseen_child(struct here *page)
{
	return atomic_load_explicit(&here_stays, memory_order_relaxed) && pid_of(page) != hg_getpid();
}

bool hg_process_is_forked(void)
{
	struct here *page = atomic_load(&here);
	return page && (!atomic_load(&page->native) || is_unseen_child(page));
}

bool hg_process_is_forked_by_libc(void)
{
	struct here *page = atomic_load(&here);
	return page && atomic_load(&page->known) && !is_unseen_child(page);
}

uint64_t hg_process_epoch(void)
{
	struct here *page = atomic_load_explicit(&here, memory_order_acquire);
	return page && !is_unseen_child(page) ? atomic_load_explicit(&page->epoch, memory_order_acquire) : 0;
}

void hg_say(const char *a, const char *b, const char *c, const char *d)
{
	const char *pieces[] = {"handleguard: ", a, b, c, d, "\n"};
	char line[512]; /* no limit: of a longer one the end is not said, which can be seen */
	size_t used = 0;
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		size_t size = pieces[i] ? strlen(pieces[i]) : 0;
		size_t room = sizeof line - 1 - used;
		memcpy(line + used, pieces[i] ? pieces[i] : "", size < room ? size : room);
		used += size < room ? size : room;
	}
	line[used - 1] = '\n';
	hg_syscall(SYS_write, STDERR_FILENO, (long)line, (long)used, 0, 0, 0);
}

enum {
	MOST_COMPLAINTS = 0
#define HG_OPTION_CHOICE(field, environment, name, words, standard, help)           +1
#define HG_OPTION_NUMBER(field, environment, name, unit, standard, low, high, help) +1
#define HG_OPTION_PATH(field, environment, name, placeholder, standard, help)       +1
#include "format/options.def"
#undef HG_OPTION_CHOICE
#undef HG_OPTION_NUMBER
#undef HG_OPTION_PATH
};

/* Bad options are told of where they matter: by a process that calls a guarded function. */
static struct {
	unsigned count;
	struct {
		const char *variable;
		char text[256]; /* no limit: complain() has no more to say */
	} list[MOST_COMPLAINTS];
} complaints;

static void complain(const char *variable, const char *value, const char *expected)
{
	char text[256] = "="; /* no limit: what follows is cut to fit, and says what is wrong all the same */
	strncat(text, value, 80);
	strcat(text, " is not ");
	strncat(text, expected, 120);
	if (complaints.count == MOST_COMPLAINTS)
		return;
	complaints.list[complaints.count].variable = variable;
	strcpy(complaints.list[complaints.count++].text, text);
}

static void say_complaints(void)
{
	for (unsigned i = 0; i < complaints.count; i++)
		hg_say(complaints.list[i].variable, complaints.list[i].text, "; the default is used", NULL);
	complaints.count = 0;
}

/* The C library knows its environment from its own constructor on. Calls from a program's .preinit_array come before:
 * then it is where the kernel has put it, behind the arguments at the beginning of the first thread's stack. */
static char *look_up(const char *name)
{
	extern void *__libc_stack_end;
	if (environ)
		return secure_getenv(name);
	char **arguments = (char **)__libc_stack_end + 1;
	size_t count = *(size_t *)__libc_stack_end, length = strlen(name);
	if (getauxval(AT_SECURE) || arguments[count])
		return NULL;
	for (char **pair = arguments + count + 1; *pair; pair++)
		if (strncmp(*pair, name, length) == 0 && (*pair)[length] == '=')
			return *pair + length + 1;
	return NULL;
}

void hg_process_prepare(void)
{
	static bool prepared;
	if (prepared)
		return;
	prepared = true;
	hg_options_read(&hg_options, look_up, complain);
	hg_syscall(SYS_readlinkat, AT_FDCWD, (long)"/proc/self/exe", (long)hg_executable, sizeof hg_executable - 1, 0,
	           0);
}

/* Everything that a start needs and that waits for nobody. */
static bool start_here(void)
{
	hg_fence_start();
	bool child = last_epoch != 0;
	if (child && atomic_load(&hg_process_forks_unseen))
		hg_contexts_wipe();
	if (child) {
		hg_contexts_forget();
		hg_visits_forget();
		hg_dead_forked();
	} else
		hg_process_prepare();
	say_complaints();
	if (!hg_tables_start())
		return false;
	if (hg_process_is_forked()) {
		hg_stack_forked();
		hg_tables_forked();
		if (hg_linker_lock_is_lost())
			hg_count(HG_COUNTER_LINKER_LOCK_LOST);
	}
	if (!child && hg_process_on_start)
		hg_process_on_start();
	hg_modules_update();
	return true;
}

/* The call goes through unguarded. Waited for once: not by each call again. */
static bool give_up(struct here *page)
{
	hg_count(HG_COUNTER_START_UNFINISHED);
	if (!atomic_exchange(&page->given_up, 1))
		hg_say("a thread that began to start the guards has not finished; ",
		       "as long as it does not, calls in this process go through unguarded", NULL, NULL);
	return false;
}

static bool wait_for_starter(struct here *page, uint32_t starter)
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

bool hg_process_start(void)
{
	struct here *page = find_here();
	if (!page)
		return false;
	if (hg_process_epoch())
		return true;
	if (is_unseen_child(page))
		return refuse_unseen();
	uint32_t me = hg_gettid(), none = 0;
	if (!atomic_compare_exchange_strong(&page->starter, &none, me))
		return none == me ? false : wait_for_starter(page, none);
	bool done = start_here();
	if (done)
		atomic_store(&page->epoch, ++last_epoch);
	atomic_store(&page->started, 1);
	hg_futex_wake(&page->started);
	return done;
}
