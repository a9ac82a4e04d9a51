#include "targets.h"

/* Minima are what the code can do at best, whatever else the machine does. What two threads do to each other is no such
 * thing: its minimum is of a round in which they did not run at the same time. */
#define ADDED(name, which)                                                                                             \
	{                                                                                                              \
		.measurement = name, .variant = which, .of_minima = true, .added = true                                \
	}
#define ADDED_MEDIAN(name, which)                                                                                      \
	{                                                                                                              \
		.measurement = name, .variant = which, .added = true                                                   \
	}
#define MEDIAN(name, which)                                                                                            \
	{                                                                                                              \
		.measurement = name, .variant = which                                                                  \
	}

const struct hg_target hg_targets[] = {
    {"an op adds, ns", 3, false, ADDED("op, one thread", HG_GUARDED), {0}, 0},
    {"the hand-written guard adds so many times that", 3, true, ADDED("op, one thread", HG_HAND_WRITTEN),
     ADDED("op, one thread", HG_GUARDED), 0},
    {"two threads, one handle: so many times", 10, true, ADDED_MEDIAN("op, two threads, one handle", HG_HAND_WRITTEN),
     ADDED_MEDIAN("op, two threads, one handle", HG_GUARDED), 0},
    {"added by two threads with own handles / by one", 1.5, false, ADDED("op, two threads, own handles", HG_GUARDED),
     ADDED("op, one thread", HG_GUARDED), 0},
    {"added by two threads with one handle / by one", 1.5, false, ADDED("op, two threads, one handle", HG_GUARDED),
     ADDED("op, one thread", HG_GUARDED), 0},
    {"with 8 stack words, ns", 2.7, false, ADDED("op, one thread", HG_GUARDED_WORDS), {0}, 0},
    {"where overlaps are told, ns", 10, false, ADDED("op, one thread", HG_GUARDED_EXCLUSIVE), {0}, 0},
    {"where ops run one after the other, ns", 10, false, ADDED("op, one thread", HG_GUARDED_SERIALISED), {0}, 0},
    {"with 256 handles at random, ns", 3.5, false, ADDED("op, 256 handles at random", HG_GUARDED), {0}, 0},
    {"with 1000, ns", 4.5, false, ADDED("op, 1000 handles at random", HG_GUARDED), {0}, 0},
    {"with 10000, ns", 25, false, ADDED("op, 10000 handles at random", HG_GUARDED), {0}, 0},
    {"with 1000000, ns", 150, false, ADDED("op, 1000000 handles at random", HG_GUARDED), {0}, 0},
    {"a late op that is told often enough, median, us",
     0.4,
     false,
     MEDIAN("late op, one of many", HG_GUARDED),
     {0},
     1000},
    {"a million leaks add, median, ms",
     300,
     false,
     ADDED_MEDIAN("start, and a million leaks at the end", HG_GUARDED),
     {0},
     0},
    {"create and free add, stacks off, ns", 90, false, ADDED("create and free", HG_GUARDED_NO_STACKS), {0}, 0},
    {"create and free add, stacks on, ns", 90, false, ADDED("create and free", HG_GUARDED), {0}, 0},
    {"a first capture in Python adds, median, us",
     10,
     false,
     ADDED_MEDIAN("first capture in Python", HG_GUARDED),
     {0},
     1000},
    {"a first capture in Go adds, median, us", 10, false, ADDED_MEDIAN("first capture in Go", HG_GUARDED), {0}, 1000},
    {"one in a deep stack of Python adds, median, us",
     10,
     false,
     ADDED_MEDIAN("first capture in Python, deep stack", HG_GUARDED),
     {0},
     1000},
    {"one in a deep stack of Go adds, median, us",
     10,
     false,
     ADDED_MEDIAN("first capture in Go, deep stack", HG_GUARDED),
     {0},
     1000},
    {"a free that meets another thread in Python, median, us",
     500,
     false,
     MEDIAN("free that meets another thread in Python", HG_GUARDED_DEFER),
     {0},
     1000},
    {"the same in Go", 500, false, MEDIAN("free that meets another thread in Go", HG_GUARDED_DEFER), {0}, 1000},
    {"the same in Java", 500, false, MEDIAN("free that meets another thread in Java", HG_GUARDED_DEFER), {0}, 1000},
    {"a free returns after the last leave, median, us", 60, false, MEDIAN("wake-up of a free", HG_GUARDED), {0}, 1000},
    {"dlopen and dlclose with 300 plugins, SQLite's manifest, add, us",
     100,
     false,
     ADDED("dlopen and dlclose, 300 plugins loaded", HG_GUARDED_SQLITE),
     {0},
     0},
    {"the same with 10000 functions",
     300,
     false,
     ADDED("dlopen and dlclose, 300 plugins loaded", HG_GUARDED_MANY),
     {0},
     0},
    {"a live handle costs, bytes", 128, false, ADDED("memory of a live handle", HG_GUARDED), {0}, 0},
    {"start without a guarded call adds, median, ms",
     2,
     false,
     {.measurement = "start, no guarded call", .variant = HG_GUARDED, .added = true},
     {0},
     0},
    {"a start with one guarded call adds, ms",
     0.4,
     false,
     {.measurement = "start, one guarded call", .variant = HG_GUARDED, .of_minima = true, .added = true},
     {0},
     0},
    {"handleguard.h in the library adds, ns", 3, false, ADDED("op, one thread", HG_EMBEDDED), {0}, 0},
    {"the hand-written guard, two threads, one handle: so many times that, median", 4, true,
     MEDIAN("op, two threads, one handle", HG_HAND_WRITTEN), MEDIAN("op, two threads, one handle", HG_EMBEDDED), 0},
    {"an op beside shared frees, p99.99, median, us",
     2,
     false,
     MEDIAN("op beside shared frees, p99.99", HG_GUARDED),
     {0},
     1000},
    {"a late op at a new place, median, us", 5, false, MEDIAN("late op at a new place", HG_GUARDED), {0}, 1000},
    {"create and free in Python add, ns", 150, false, ADDED("create and free in Python", HG_GUARDED), {0}, 0},
    {"create and free in Go add, ns", 150, false, ADDED("create and free in Go", HG_GUARDED), {0}, 0},
    {"a report of 20000 findings, median, s",
     5,
     false,
     MEDIAN("report of 20000 findings at places of their own", HG_GUARDED),
     {0},
     1000},
    {"a report of 2000 recordings, median, s", 1, false, MEDIAN("report of 2000 recordings", HG_GUARDED), {0}, 1000},
    {"memory of that, MiB", 60, false, MEDIAN("memory of that", HG_GUARDED), {0}, 0},
    {"a recording without findings takes on the disk, KiB",
     64,
     false,
     MEDIAN("recording of one guarded call", HG_GUARDED),
     {0},
     0},
};

const unsigned hg_target_count = sizeof hg_targets / sizeof *hg_targets;

double hg_target_reached(const struct hg_target *target)
{
	double figure = hg_figure(&target->figure) / (target->unit ? target->unit : 1);
	return target->divided_by.measurement ? figure / hg_figure(&target->divided_by) : figure;
}

bool hg_target_met(const struct hg_target *target)
{
	double reached = hg_target_reached(target);
	return target->at_least ? reached >= target->limit : reached <= target->limit;
}
