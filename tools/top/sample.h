/* What a process is doing at a moment, by its recording: which is a file, so that the process has no part in it. */
#ifndef HG_TOP_SAMPLE_H
#define HG_TOP_SAMPLE_H

#include "report/model/model.h"

/* A guarded call that a thread is in. */
struct hg_sampled_call {
	struct hg_sampled_call *prev, *next;
	const char *function;
	const char *thread; /* its name; empty: it has none */
	uint32_t tid;
	uint64_t handle; /* 0: on none that is known */
	uint64_t serial; /* of the thread */
	uint64_t calls;  /* that the thread has made of the function: tells the next call from this one */
	struct hg_frame frame;
	uint64_t seen_ns; /* when it was seen first; CLOCK_MONOTONIC */
};

/* A free that waits for calls in flight. */
struct hg_sampled_wait {
	struct hg_sampled_wait *prev, *next;
	const char *what;     /* "net_close of net 0x1 in thread 2" */
	const char *for_whom; /* "net_recv in thread 3, net_poll in thread 4" */
	uint64_t for_ns;
};

struct hg_sample {
	struct hg_model model; /* the memory of it all */
	pid_t pid;
	const char *program;
	uint64_t at_ns;
	uint64_t calls, live, findings;
	const char *handles; /* "db 1, stmt 4": those that are alive */
	struct hg_sampled_call *in_flight;
	struct hg_sampled_wait *waiting;
};

/* Of the process whose recording lies at `path`; `before`, which may be null, is of the same process, and says since
 * when its calls are in flight. Null: it cannot be read. */
struct hg_sample *hg_sample_take(pid_t pid, const char *path, const struct hg_sample *before);
void hg_sample_drop(struct hg_sample *sample);

#endif
