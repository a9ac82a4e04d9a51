/* All rows of the table, and all points of the curves. */
#ifndef MEASUREMENTS_H
#define MEASUREMENTS_H

#include "harness.h"

extern const struct hg_measurement hg_rows[], hg_points[];
extern const unsigned hg_row_count, hg_point_count;

/* What a worker is told that it is to measure. */
unsigned hg_measurement_index(const struct hg_measurement *measurement);
const struct hg_measurement *hg_measurement_at(unsigned index);

#endif
