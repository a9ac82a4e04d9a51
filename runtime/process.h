/* The runtime's life in a process: started by the first guarded call, started anew in a forked child.
 *
 * Zeroed state means "not started": constructors of other libraries call guarded functions before ours have run. */
#ifndef HG_PROCESS_H
#define HG_PROCESS_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "options.h"
#include "sys.h"

/* To be called while the process starts. */
void hg_process_loaded(void);

/* This process's number, never 0, other in each forked child; 0 while the runtime is not started here. In memory that a
 * fork wipes, so that it is right whichever way the fork was made. */
uint64_t hg_process_epoch(void);

/* The process whose threads and memory these are: in a child of vfork it is the parent. */
uint32_t hg_process_pid(void);

static inline bool hg_thread_exists(uint32_t tid)
{
	return hg_syscall(SYS_tgkill, hg_process_pid(), tid, 0, 0, 0, 0) != -ESRCH;
}

/* Whether this process was forked from one that the runtime was loaded into: what the parent's other threads held at
 * that moment, they will never release here. Even less if it was not the C library that forked it. */
bool hg_process_is_forked(void);
bool hg_process_is_forked_by_libc(void);

/* Zeroed memory that a forked child finds zeroed again. Null if the system refuses memory. */
void *hg_process_map_wiped(uint64_t size);

/* The kernel refuses such memory. Forks by the C library are seen all the same; for others each call has to look, so
 * there must be no fast paths: whoever has some is told. Null: nobody. */
extern _Atomic bool hg_process_forks_unseen;
extern void (*hg_process_on_unseen_forks)(void);

/* Starts the runtime if need be. False if it is being started just now by this thread (then the call must go through
 * unguarded) or if memory was refused. May call libc: only with vector registers saved. */
bool hg_process_start(void);

/* To be called while the process starts: takes the options from the environment, and notes which program this is,
 * before the program can change its environment or its root. Without it, the start does so. */
void hg_process_prepare(void);

/* The options in force; valid once started. */
extern struct hg_options hg_options;

/* The program's path, as far as it was noted; else empty. */
extern char hg_executable[PATH_MAX];

/* Set by the shim before any start: tells the runtime of classes and symbols. Called at each start, not in children,
 * which inherit them. */
extern void (*hg_process_on_start)(void);

/* Calls work(argument) with every register of the processor saved and restored around it, errno too: what C code, libc
 * and the unwinder may clobber, the program must not notice. On the slow paths everything else is compiled to use
 * general registers only. */
void hg_preserving(void (*work)(void *), void *argument);

/* The same on the stack that it is called on, for work that calls the program; hg_preserving uses one of the runtime's
 * own (work_stack.h). `frame` is its own frame, laid out like a trampoline's, from which the stack can be climbed. */
void hg_preserving_here(void (*work)(void *argument, uint64_t frame), void *argument);

/* One line on standard error, "handleguard: ..."; no stdio. Cut at 512 bytes. Up to four pieces, null ends them. */
void hg_say(const char *a, const char *b, const char *c, const char *d);

#endif
