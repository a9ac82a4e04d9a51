#include "process.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "fence.h"
#include "modules.h"
#include "sys.h"
#include "tables.h"
#include "thread.h"

struct hg_options hg_options;
char hg_executable[PATH_MAX];
void (*hg_process_on_start)(void);

/* A page that a fork wipes. */
struct here {
	_Atomic uint64_t epoch;   /* 0: not started in this process */
	_Atomic uint32_t starter; /* thread that is starting the runtime */
	_Atomic uint32_t started; /* futex */
};

static struct here *_Atomic here;
static uint64_t last_epoch;

static struct here *find_here(void)
{
	struct here *page = atomic_load(&here);
	if (page)
		return page;
	struct here *fresh = hg_map_memory(4096);
	if (!fresh)
		return NULL;
	hg_syscall(SYS_madvise, (long)fresh, 4096, MADV_WIPEONFORK, 0, 0, 0);
	if (atomic_compare_exchange_strong(&here, &page, fresh))
		return fresh;
	hg_syscall(SYS_munmap, (long)fresh, 4096, 0, 0, 0, 0);
	return page;
}

uint64_t hg_process_epoch(void)
{
	struct here *page = atomic_load_explicit(&here, memory_order_acquire);
	return page ? atomic_load_explicit(&page->epoch, memory_order_acquire) : 0;
}

void hg_say(const char *a, const char *b, const char *c, const char *d)
{
	const char *pieces[] = {"handleguard: ", a, b, c, d, "\n"};
	char line[512];
	size_t used = 0;
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		size_t size = pieces[i] ? strlen(pieces[i]) : 0;
		size_t room = sizeof line - 1 - used;
		memcpy(line + used, pieces[i] ? pieces[i] : "", size < room ? size : room);
		used += size < room ? size : room;
	}
	line[used - 1] = '\n';
	ssize_t written = write(STDERR_FILENO, line, used);
	(void)written;
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
		char text[256];
	} list[MOST_COMPLAINTS];
} complaints;

static void complain(const char *variable, const char *value, const char *expected)
{
	char text[256] = "=";
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
	if (child)
		hg_contexts_forget();
	else
		hg_process_prepare();
	say_complaints();
	if (!hg_tables_start())
		return false;
	if (!child && hg_process_on_start)
		hg_process_on_start();
	hg_modules_update();
	return true;
}

static bool wait_for_starter(struct here *page)
{
	uint64_t limit = hg_monotonic_ns() + UINT64_C(1000000000);
	while (!atomic_load(&page->started))
		if (!hg_futex_wait(&page->started, 0, limit))
			return false; /* fail open: the call goes through unguarded */
	return atomic_load(&page->epoch) != 0;
}

bool hg_process_start(void)
{
	struct here *page = find_here();
	if (!page)
		return false;
	if (atomic_load(&page->epoch))
		return true;
	uint32_t me = hg_gettid(), none = 0;
	if (!atomic_compare_exchange_strong(&page->starter, &none, me))
		return none == me ? false : wait_for_starter(page);
	bool done = start_here();
	if (done)
		atomic_store(&page->epoch, ++last_epoch);
	atomic_store(&page->started, 1);
	hg_futex_wake(&page->started);
	return done;
}
