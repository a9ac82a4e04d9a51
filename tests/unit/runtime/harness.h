/* What the tests of the engine share. Every test runs in a process of its own (Check forks), whose runtime has not
 * started yet, and records into a folder of its own, which is removed in the end. */
#ifndef HARNESS_H
#define HARNESS_H

#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/counters.h"
#include "base/sys.h"
#include "format/reader.h"
#include "process/fence.h"
#include "process/process.h"
#include "protocol/guard.h"
#include "protocol/handle_table.h"
#include "record/recording.h"
#include "thread/thread.h"

/* Folder of this test's recordings; made at the first call. */
const char *output_folder(void);

/* Removes the folder and what is in it. Fits a fixture's teardown. */
void remove_output(void);

/* Starts the runtime, recording without stacks unless the environment says otherwise, and takes the calling thread's
 * context. */
struct hg_context *start(void);

/* Ways to order ops against frees, for loop tests: 0 to FENCES - 1. */
#ifdef HG_UNDER_TSAN
enum { FENCES = 1 };
#else
enum { FENCES = 2 };
#endif

/* As start, with the full fence (0) or with membarrier (1). */
struct hg_context *start_fenced(int way);

/* A class of that deadline, and one with flags (enum hg_class_flag). */
const struct hg_class *new_class(uint64_t deadline_ms);
const struct hg_class *new_flagged_class(uint64_t deadline_ms, uint32_t flags);

/* A guard that was just created by this thread, and one that is the child of another. */
struct hg_guard *born(const struct hg_class *class, uint64_t value);
struct hg_guard *born_of(const struct hg_class *class, uint64_t value, struct hg_guard *parent);

struct hg_event event_now(void);
struct hg_frame frame_for(const struct hg_guard *guard);
/* The frame of a free that is about to begin. */
struct hg_frame *push_free(struct hg_guard *guard);

/* Op and free in one line. */
enum hg_entry enter(struct hg_guard *guard, struct hg_frame **in);
struct hg_free_result begin_free(struct hg_guard *guard, enum hg_free_how how, uint64_t deadline_ms);

/* A free that waits, of a handle with children; the generation and phase of a guard; whether it is marked for good. */
struct hg_free_result free_with(struct hg_guard *guard, enum hg_children policy);
uint32_t generation(const struct hg_guard *guard);
unsigned phase(const struct hg_guard *guard);
bool orphaned(struct hg_guard *guard);

/* A gate that opens once, for any number of waiters. Zeroed: shut. */
struct gate {
	_Atomic uint32_t open;
};
void gate_open(struct gate *gate);
void gate_wait(struct gate *gate);

pthread_t spawn(void *(*body)(void *), void *argument);
void *join(pthread_t thread);

/* Whether the process can map memory from now on. */
void allow_memory(bool allowed);

uint64_t counter(enum hg_counter which);

/* The test's only recording, read back. It is a copy that stays valid until the next call. */
const struct hg_reader *read_back(void);

/* How many findings of a kind the recording holds; the first of them through *first if not null. */
unsigned findings_of(enum hg_kind kind, const struct hg_record_finding **first);

/* How many there were of a kind, with those that are only counted. */
uint64_t findings_counted(enum hg_kind kind);

/* Runs a suite; returns the exit status of main. */
int run_suite(const char *name, const TTest *const *tests, size_t count);
#define RUN_SUITE(name, ...)                                                                                           \
	run_suite(name, (const TTest *const[]){__VA_ARGS__},                                                           \
	          sizeof((const TTest *const[]){__VA_ARGS__}) / sizeof(TTest *))

/* The same, each test once for each way of fencing, as _i. */
int run_fenced_suite(const char *name, const TTest *const *tests, size_t count);
#define RUN_FENCED_SUITE(name, ...)                                                                                    \
	run_fenced_suite(name, (const TTest *const[]){__VA_ARGS__},                                                    \
	                 sizeof((const TTest *const[]){__VA_ARGS__}) / sizeof(TTest *))

/* The same, each test twice: for what must come to the same in two ways, as _i. */
int run_both_suite(const char *name, const TTest *const *tests, size_t count);
#define RUN_BOTH_SUITE(name, ...)                                                                                      \
	run_both_suite(name, (const TTest *const[]){__VA_ARGS__},                                                      \
	               sizeof((const TTest *const[]){__VA_ARGS__}) / sizeof(TTest *))

#endif
