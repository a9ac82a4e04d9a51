#include "told_probe.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include "api/start.h"
#include "arch/work_stack.h"
#include "base/counters.h"
#include "base/sys.h"
#include "process/linker.h"
#include "python/python_key.h"
#include "python/python_lines.h"
#include "record/recording.h"
#include "walkers/walkers.h"

struct thread {
	uint64_t thread;
	uint32_t tid;
};

void probe_start(const char *folder)
{
	setenv("HANDLEGUARD_OUTPUT", folder, 1);
	hg_linker_start(); /* as the shim does while the process starts */
	if (!hg_context_here())
		abort();
}

/* --- walks --- */

static int tell_here(struct thread thread, bool own, char *text, size_t size)
{
	struct hg_told told;
	unsigned room;
	hg_told_find(&(struct hg_told_at){.thread = thread.thread, .tid = thread.tid, .own = own}, &told);
	const struct hg_record_told *frames = hg_recording_table(HG_EXTENT_TOLD, &room);
	const char *texts = hg_recording_table(HG_EXTENT_STRINGS, &room);
	text[0] = '\0';
	for (unsigned i = 0, used = 0; i < told.count; i++) {
		const struct hg_record_told *frame = &frames[told.frames[i]];
		used += (unsigned)snprintf(text + used, size - used, "%#x:%s:%u:%s\n", frame->flags >> 9,
		                           texts + frame->file, frame->line, texts + frame->function);
		if (used >= size)
			abort();
	}
	return (int)told.count;
}

/* Walks run on stacks of the runtime's, as in a guarded call. */
struct walk {
	struct thread thread;
	bool own;
	char *text;
	size_t size;
	int count;
	ucontext_t before;
};

static __thread struct walk *current;

static void run_walk(void)
{
	current->count = tell_here(current->thread, current->own, current->text, current->size);
}

static int tell(struct thread thread, bool own, char *text, size_t size)
{
	enum { ENOUGH = 128 << 10 };
	struct walk walk = {.thread = thread, .own = own, .text = text, .size = size};
	ucontext_t there;
	hg_context_here(); /* a forked child begins a recording of its own */
	hg_work_stack_spare();
	uintptr_t end = hg_work_stack_take();
	if (!end || getcontext(&there) != 0)
		abort();
	current = &walk;
	there.uc_stack = (stack_t){.ss_sp = (char *)end - ENOUGH, .ss_size = ENOUGH};
	there.uc_link = &walk.before;
	makecontext(&there, run_walk, 0);
	swapcontext(&walk.before, &there);
	hg_work_stack_give(end);
	return walk.count;
}

static struct thread self(void)
{
	return (struct thread){(uint64_t)pthread_self(), (uint32_t)gettid()};
}

int probe_own(char *text, size_t size)
{
	return tell(self(), true, text, size);
}

static ucontext_t caller, coroutine;
static int told_there;

static void tell_there(void)
{
	static char text[1 << 16];
	told_there = tell_here(self(), true, text, sizeof text);
}

int probe_own_on_small_stack(void)
{
	enum { SMALL = 16 << 10, GUARD = 64 << 10 };
	char *stack = mmap(NULL, GUARD + SMALL, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (stack == MAP_FAILED || mprotect(stack + GUARD, SMALL, PROT_READ | PROT_WRITE) != 0 ||
	    getcontext(&coroutine) != 0)
		abort();
	coroutine.uc_stack = (stack_t){.ss_sp = stack + GUARD, .ss_size = SMALL};
	coroutine.uc_link = &caller;
	makecontext(&coroutine, tell_there, 0);
	swapcontext(&caller, &coroutine);
	munmap(stack, GUARD + SMALL);
	return told_there;
}

void probe_refuse_reads(void)
{
	struct sock_filter filter[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	                               BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_process_vm_readv, 0, 1),
	                               BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
	                               BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
	struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
		abort();
}

/* --- threads that are parked --- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct thread parked[16];
static int parked_count;
static int rounds;

int probe_park(void)
{
	pthread_mutex_lock(&lock);
	int number = parked_count++, round = rounds;
	parked[number] = self();
	pthread_cond_broadcast(&changed);
	while (round == rounds)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
	return number;
}

int probe_parked(void)
{
	pthread_mutex_lock(&lock);
	int count = parked_count;
	pthread_mutex_unlock(&lock);
	return count;
}

void probe_let_go(void)
{
	pthread_mutex_lock(&lock);
	parked_count = 0;
	rounds++;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

int probe_other(int number, char *text, size_t size)
{
	return tell(parked[number], false, text, size);
}

struct request {
	void (*function)(void);
	int number, count;
	char *text;
	size_t size;
};

static void *run(void *argument)
{
	struct request *request = argument;
	if (request->function)
		request->function();
	else
		request->count = probe_other(request->number, request->text, request->size);
	return NULL;
}

static void run_in_thread(struct request *request)
{
	pthread_t thread;
	if (pthread_create(&thread, NULL, run, request) != 0 || pthread_join(thread, NULL) != 0)
		abort();
}

int probe_other_from_c(int number, char *text, size_t size)
{
	struct request request = {.number = number, .text = text, .size = size};
	run_in_thread(&request);
	return request.count;
}

void probe_call_in_thread(void (*function)(void))
{
	run_in_thread(&(struct request){.function = function});
}

/* --- parts --- */

void probe_lines(int format, const uint8_t *table, size_t size, int first_line, int *lines, int count)
{
	for (int i = 0; i < count; i++) {
		struct hg_python_table all = {.size = size, .piece = table, .count = size};
		lines[i] = hg_python_line((enum hg_python_lines)format, &all, first_line, i * 2L);
	}
}

uint64_t probe_key(void)
{
	return hg_python_key();
}

static double walk_cost(struct thread thread, bool own, int count)
{
	struct hg_told told;
	hg_context_here(); /* says where the thread's stack lies, on which the walk runs here */
	uint64_t start = hg_monotonic_ns();
	for (int i = 0; i < count; i++)
		hg_told_find(&(struct hg_told_at){.thread = thread.thread, .tid = thread.tid, .own = own}, &told);
	return told.count ? (double)(hg_monotonic_ns() - start) / count : -1;
}

double probe_own_cost(int count)
{
	return walk_cost(self(), true, count);
}

double probe_other_cost(int number, int count)
{
	return walk_cost(parked[number], false, count);
}

double probe_key_cost(int count)
{
	uint64_t start = hg_monotonic_ns(), sum = 0;
	for (int i = 0; i < count; i++)
		sum += hg_python_key();
	return sum ? (double)(hg_monotonic_ns() - start) / count : 0;
}

uint64_t probe_count(const char *name)
{
	static const char *const names[] = {
#define HG_COUNTER(symbol, word, meaning) word,
#include "format/counters.def"
#undef HG_COUNTER
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], name) == 0)
			return atomic_load(&atomic_load(&hg_counters)[i]);
	abort();
}

/* --- stress --- */

static struct thread seen[1 << 16];
static _Atomic unsigned seen_count;
static _Atomic unsigned long walks, stress_told;
static _Atomic bool ended;
static pthread_t walker;

void probe_seen(void)
{
	unsigned at = atomic_fetch_add(&seen_count, 1);
	if (at < sizeof seen / sizeof *seen)
		seen[at] = self();
}

/* The latest threads: of those most are running. */
static void *walk_all(void *argument)
{
	enum { LATEST = 16 };
	(void)argument;
	static char text[1 << 20];
	while (!atomic_load(&ended)) {
		unsigned count = atomic_load(&seen_count), first = count > LATEST ? count - LATEST : 0;
		for (unsigned i = first; i < count && i < sizeof seen / sizeof *seen; i++) {
			int frames = tell(seen[i], false, text, sizeof text);
			stress_told += (unsigned long)frames;
			walks += frames > 0;
		}
	}
	return NULL;
}

void probe_stress(void)
{
	if (pthread_create(&walker, NULL, walk_all, NULL) != 0)
		abort();
}

unsigned long probe_stress_walks(void)
{
	return walks;
}

unsigned long probe_stress_end(void)
{
	atomic_store(&ended, true);
	pthread_join(walker, NULL);
	return stress_told;
}

static void tell_at_exit(void)
{
	char text[1 << 16];
	printf("at exit: %d\n", probe_own(text, sizeof text));
	fflush(stdout);
}

void probe_at_exit(void)
{
	atexit(tell_at_exit);
}
