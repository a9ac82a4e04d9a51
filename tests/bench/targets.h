/* What the benchmark's figures are held against. */
#ifndef TARGETS_H
#define TARGETS_H

#include <stdbool.h>

#include "harness.h"

/* One figure of a measurement; `added`: what it is above the bare variant's. */
struct hg_figure {
	const char *measurement;
	enum hg_variant variant;
	bool of_minima, added;
};

struct hg_target {
	const char *text;
	double limit;
	bool at_least;
	struct hg_figure figure, divided_by; /* the second's measurement is null: not divided */
	double unit;                         /* the figure is told in this unit; 0 stands for 1 */
};

extern const struct hg_target hg_targets[];
extern const unsigned hg_target_count;

/* NaN if it was not measured. */
double hg_figure(const struct hg_figure *figure);
double hg_target_reached(const struct hg_target *target);
bool hg_target_met(const struct hg_target *target);

#endif
