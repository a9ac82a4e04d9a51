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
    {"create and free add, stacks off, ns", 200, false, ADDED("create and free", HG_GUARDED_NO_STACKS), {0}, 0},
    {"create and free add, stacks on, ns", 1500, false, ADDED("create and free", HG_GUARDED), {0}, 0},
    {"a first capture in Python adds, median, us",
     10,
     false,
     ADDED_MEDIAN("first capture in Python", HG_GUARDED),
     {0},
     1000},
    {"a first capture in Go adds, median, us", 10, false, ADDED_MEDIAN("first capture in Go", HG_GUARDED), {0}, 1000},
    {"a free returns after the last leave, median, us", 60, false, MEDIAN("wake-up of a free", HG_GUARDED), {0}, 1000},
    {"a live handle costs, bytes", 160, false, ADDED("memory of a live handle", HG_GUARDED), {0}, 0},
    {"start without a guarded call adds, median, ms",
     2,
     false,
     {.measurement = "start, no guarded call", .variant = HG_GUARDED, .added = true},
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
