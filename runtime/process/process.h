/* The process that the runtime is in, and whether it has started there: once a process, and anew in a forked child.
 *
 * Zeroed state means "not started": constructors of other libraries call guarded functions before ours have run. */
#ifndef HG_PROCESS_H
#define HG_PROCESS_H

#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/sys.h"

/* To be called while the process starts. */
void hg_process_loaded(void);

/* A page that a fork wipes. */
struct hg_here {
	_Atomic uint64_t epoch;    /* 0: not started in this process */
	_Atomic uint32_t starter;  /* thread that is starting the runtime */
	_Atomic uint32_t started;  /* futex */
	_Atomic uint32_t given_up; /* the starter is not waited for any more */
	_Atomic uint32_t pid;      /* 0: nobody has asked since the fork */
	_Atomic uint32_t native;   /* this is the process that the runtime was loaded into */
	_Atomic uint32_t known;    /* the C library forked this process: it has made its own locks anew */
};

extern struct hg_here *_Atomic hg_here;
extern _Atomic bool hg_here_stays; /* where a fork does not wipe it */

/* Whether this is a child whose page says it were the parent. */
bool hg_process_is_unseen_child(void);

/* This process's number, never 0, other in each forked child; 0 while the runtime is not started here. In memory that a
 * fork wipes, so that it is right whichever way the fork was made. */
static inline uint64_t hg_process_epoch(void)
{
	struct hg_here *page = atomic_load_explicit(&hg_here, memory_order_acquire);
	if (!page || (atomic_load_explicit(&hg_here_stays, memory_order_relaxed) && hg_process_is_unseen_child()))
		return 0;
	return atomic_load_explicit(&page->epoch, memory_order_acquire);
}

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

/* The kernel refuses such memory. Forks by the C library are seen all the same: whoever has some wipes it then. For
 * others each call has to look, so there must be no fast paths: whoever has some is told. Null: nobody. */
extern _Atomic bool hg_process_forks_unseen;
extern void (*hg_process_on_unwiped_child)(void);
extern void (*hg_process_on_unseen_forks)(void);

/* Starts the runtime by this function, if it has not been started in this process: `child` says whether it had been in
 * the parent. Of several threads one does so, and the others wait for it. False if it is being started just now by
 * this thread (then the call must go through unguarded), if it fails, or if the other thread does not come to an end.
 */
bool hg_process_begin(bool (*start)(bool child));

/* Notes the program's path, before the program can change its root; in a process that does not do so at its beginning
 * the start does. Empty: it is not known. */
void hg_process_note_executable(void);
extern char hg_executable[PATH_MAX];

#endif
