/* The rows of the table. */
#include "measurements.h"

#include <stddef.h>

#include "works.h"

#define OPS                                                                                                            \
	{                                                                                                              \
		[HG_BARE] = 1, [HG_THROUGH] = 1, [HG_HAND_WRITTEN] = 1, [HG_COUNTED] = 1, [HG_TABLE] = 1,              \
		[HG_GUARDED] = 1, [HG_GUARDED_FENCED] = 1, [HG_GUARDED_WORDS] = 1, [HG_EMBEDDED] = 1                   \
	}
/* Two threads in ops of one handle would be findings, not ops. */
#define OWN_OPS                                                                                                        \
	{                                                                                                              \
		[HG_BARE] = 1, [HG_THROUGH] = 1, [HG_HAND_WRITTEN] = 1, [HG_COUNTED] = 1, [HG_TABLE] = 1,              \
		[HG_GUARDED] = 1, [HG_GUARDED_FENCED] = 1, [HG_GUARDED_WORDS] = 1, [HG_GUARDED_EXCLUSIVE] = 1,         \
		[HG_GUARDED_SERIALISED] = 1, [HG_EMBEDDED] = 1                                                         \
	}
/* They are seen to lose, so the cheap ones are enough in the other rows. */
#define ALL_PEERS                                                                                                      \
	{                                                                                                              \
		[HG_BARE] = 1, [HG_COUNTED] = 1, [HG_TABLE] = 1, [HG_AUDIT] = 1, [HG_TSAN] = 1, [HG_UFTRACE] = 1,      \
		[HG_DRD] = 1, [HG_LTRACE] = 1, [HG_GUARDED] = 1                                                        \
	}
#define RANDOM_OPS                                                                                                     \
	{                                                                                                              \
		[HG_BARE] = 1, [HG_COUNTED] = 1, [HG_TABLE] = 1, [HG_GUARDED] = 1, [HG_EMBEDDED] = 1                   \
	}
#define CREATES                                                                                                        \
	{                                                                                                              \
		[HG_BARE] = 1, [HG_GUARDED] = 1, [HG_GUARDED_NO_STACKS] = 1                                            \
	}
#define TAIL                                                                                                           \
	{                                                                                                              \
		[HG_BARE] = 1, [HG_TABLE] = 1, [HG_GUARDED] = 1, [HG_GUARDED_FENCED] = 1                               \
	}
#define DEFERS                                                                                                         \
	{                                                                                                              \
		[HG_GUARDED_DEFER] = 1, [HG_GUARDED_DEFER_NO_STACKS] = 1                                               \
	}
#define LOADS                                                                                                          \
	{                                                                                                              \
		[HG_BARE] = 1, [HG_GUARDED_SQLITE] = 1, [HG_GUARDED_MANY] = 1                                          \
	}
#define PLAIN                                                                                                          \
	{                                                                                                              \
		[HG_BARE] = 1, [HG_GUARDED] = 1                                                                        \
	}
#define OURS                                                                                                           \
	{                                                                                                              \
		[HG_GUARDED] = 1                                                                                       \
	}
#define WITH(which)                                                                                                    \
	{                                                                                                              \
		[HG_BARE] = 1, [which] = 1                                                                             \
	}

#define IN_WORKER(text, in, function, number, times, columns)                                                          \
	.name = (text), .unit = (in), .work = (function), .argument = (number), .rounds = (times), .variants = columns
#define IN_PARENT(text, in, function, number, times, columns)                                                          \
	.name = (text), .unit = (in), .own = (function), .argument = (number), .rounds = (times), .variants = columns
#define SLOW .slow = true

const struct hg_measurement hg_rows[] = {
    {IN_WORKER("op, one thread", "ns", hg_work_op, HG_ONE_THREAD, 0, OWN_OPS)},
    {IN_WORKER("op, beside whatever else one may take", "ns", hg_work_op, HG_ONE_THREAD, 8, ALL_PEERS), SLOW},
    {IN_WORKER("op, two threads, own handles", "ns", hg_work_op, HG_OWN_HANDLES, 0, OWN_OPS)},
    {IN_WORKER("op, two threads, one handle", "ns", hg_work_op, HG_SHARED_HANDLE, 0, OPS)},
    {IN_WORKER("op, 64 handles at random", "ns", hg_work_handles, 64, 0, RANDOM_OPS)},
    {IN_WORKER("op, 256 handles at random", "ns", hg_work_handles, 256, 0, RANDOM_OPS)},
    {IN_WORKER("op, 1000 handles at random", "ns", hg_work_handles, 1000, 0, RANDOM_OPS)},
    {IN_WORKER("op, 10000 handles at random", "ns", hg_work_handles, 10000, 0, RANDOM_OPS)},
    {IN_WORKER("op, 1000000 handles at random", "ns", hg_work_handles, 1000000, 12, RANDOM_OPS), SLOW},
    {IN_WORKER("op beside shared frees, median", "ns", hg_work_tail, HG_TAIL_P50, 21, TAIL)},
    {IN_WORKER("op beside shared frees, p99", "ns", hg_work_tail, HG_TAIL_P99, 21, TAIL)},
    {IN_WORKER("op beside shared frees, p99.99", "ns", hg_work_tail, HG_TAIL_P9999, 21, TAIL)},
    {IN_WORKER("the free beside such ops", "ns", hg_work_tail, HG_TAIL_FREE, 21, TAIL)},
    {IN_WORKER("late op, one of many", "ns", hg_work_late, 0, 0, OURS)},
    {IN_WORKER("late op at a new place", "ns", hg_work_late_places, 0, 0, OURS)},
    {IN_WORKER("create and free", "ns", hg_work_churn, 0, 0, CREATES)},
    {IN_WORKER("create and free of a child", "ns", hg_work_branch_churn, 0, 0, CREATES)},
    {IN_PARENT("create and free in Python", "ns", hg_work_python, HG_KNOWN_PLACE, 0, CREATES), SLOW},
    {IN_PARENT("first capture in Python", "ns", hg_work_python, HG_FIRST_CAPTURE, 0, CREATES), SLOW},
    {IN_PARENT("first capture in Python, deep stack", "ns", hg_work_python, HG_DEEP_CAPTURE, 0, PLAIN), SLOW},
    {IN_PARENT("free that meets another thread in Python", "ns", hg_work_python, HG_OF_ANOTHER, 0, DEFERS), SLOW},
#ifdef HG_LIVES_GO
    {IN_PARENT("create and free in Go", "ns", hg_work_go, HG_KNOWN_PLACE, 0, CREATES), SLOW},
    {IN_PARENT("first capture in Go", "ns", hg_work_go, HG_FIRST_CAPTURE, 0, CREATES), SLOW},
    {IN_PARENT("first capture in Go, deep stack", "ns", hg_work_go, HG_DEEP_CAPTURE, 0, PLAIN), SLOW},
    {IN_PARENT("free that meets another thread in Go", "ns", hg_work_go, HG_OF_ANOTHER, 0, DEFERS), SLOW},
    {IN_PARENT("program: a loop of cgo calls", "ns", hg_work_go, HG_OP_LOOP, 21, PLAIN), SLOW},
#endif
#ifdef HG_LIVES_JAVA
    {IN_PARENT("create and free in Java", "ns", hg_work_java, HG_KNOWN_PLACE, 0, CREATES), SLOW},
    {IN_PARENT("first capture in Java", "ns", hg_work_java, HG_FIRST_CAPTURE, 0, CREATES), SLOW},
    {IN_PARENT("free that meets another thread in Java", "ns", hg_work_java, HG_OF_ANOTHER, 0, DEFERS), SLOW},
#endif
    {IN_PARENT("program: SQLite in C, a query", "us", hg_work_program, HG_SQLITE_IN_C, 11, WITH(HG_GUARDED_SQLITE))},
    {IN_PARENT("program: SQLite in Python, a query", "us", hg_work_program, HG_SQLITE_IN_PYTHON, 11,
               WITH(HG_GUARDED_SQLITE)),
     SLOW},
    {IN_PARENT("program: pyzmq, a round trip", "us", hg_work_program, HG_ZMQ_IN_PYTHON, 11, WITH(HG_GUARDED_ZMQ)),
     SLOW},
    {IN_PARENT("program: curl's multi on loopback, a transfer", "us", hg_work_program, HG_CURL_IN_C, 11,
               WITH(HG_GUARDED_CURL)),
     SLOW},
    {IN_WORKER("wake-up of a free", "ns", hg_work_wake, 1, 100, OURS)},
    {IN_WORKER("wake-up by a futex alone", "ns", hg_work_wake, 0, 100, {[HG_BARE] = 1})},
    {IN_WORKER("memory of a live handle", "B", hg_work_memory, 1000000, 1, CREATES), SLOW},
    {IN_WORKER("memory of a live handle with a family", "B", hg_work_family_memory, 300000, 1, PLAIN), SLOW},
    {IN_WORKER("memory of a dead value that never returns", "B", hg_work_dead, 1000000, 1, PLAIN), SLOW},
    {IN_WORKER("free of one with children, 10000 like it", "ns", hg_work_family, 10000, 9, PLAIN)},
    {IN_WORKER("shared free, other thread asleep", "ns", hg_work_shared_free, 0, 0, PLAIN)},
    {IN_WORKER("shared free, other thread busy", "ns", hg_work_shared_free, 1, 0, PLAIN)},
    {IN_WORKER("shared free, 1000 threads in flight", "ns", hg_work_crowd, 1000, 0, PLAIN), SLOW},
    {IN_PARENT("start, no guarded call", "ms", hg_work_startup, 0, 100, PLAIN)},
    {IN_PARENT("start, one guarded call", "ms", hg_work_startup, 1, 100, PLAIN)},
    {IN_PARENT("start, and a million leaks at the end", "ms", hg_work_leaks, 1000000, 5, PLAIN), SLOW},
    {IN_PARENT("recording of one guarded call", "KiB", hg_work_disk, 0, 9, OURS)},
    {IN_PARENT("report of 20000 findings at places of their own", "ms", hg_work_report_findings, 20000, 3, OURS), SLOW},
    {IN_PARENT("report of 2000 recordings", "ms", hg_work_report_recordings, 2000, 5, OURS), SLOW},
    {IN_PARENT("memory of that", "MiB", hg_work_report_memory, 2000, 1, OURS), SLOW},
    {IN_PARENT("dlopen and dlclose, 30 plugins loaded", "us", hg_work_loads, 30, 21, LOADS)},
    {IN_PARENT("dlopen and dlclose, 300 plugins loaded", "us", hg_work_loads, 300, 21, LOADS), SLOW},
    {IN_PARENT("60 threads together", "ms", hg_work_threads_together, 60, 0, PLAIN)},
    {IN_PARENT("60 threads in turn", "ms", hg_work_threads_in_turn, 60, 0, PLAIN)},
    {IN_PARENT("600 threads together", "ms", hg_work_threads_together, 600, 0, PLAIN), SLOW},
    {IN_PARENT("600 threads in turn", "ms", hg_work_threads_in_turn, 600, 0, PLAIN), SLOW},
    {IN_PARENT("6000 threads together", "ms", hg_work_threads_together, 6000, 5, PLAIN), SLOW},
    {IN_PARENT("6000 threads in turn", "ms", hg_work_threads_in_turn, 6000, 5, PLAIN), SLOW},
};

const unsigned hg_row_count = sizeof hg_rows / sizeof *hg_rows;

unsigned hg_measurement_index(const struct hg_measurement *measurement)
{
	return (unsigned)(measurement->curve ? hg_row_count + (unsigned)(measurement - hg_points)
	                                     : (unsigned)(measurement - hg_rows));
}

const struct hg_measurement *hg_measurement_at(unsigned index)
{
	return index < hg_row_count ? &hg_rows[index] : &hg_points[index - hg_row_count];
}
