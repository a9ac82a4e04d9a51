/* What of a loaded object's code is whose, as it is asked when a call arrives. */
#ifndef HG_SIDE_RANGES_H
#define HG_SIDE_RANGES_H

#include <stdint.h>

#include "sides/sides.h"

struct hg_side_range {
	uint64_t low, high;
	uint64_t side; /* enum hg_side */
};

/* Sorted; what lies in none is undecided. */
struct hg_side_ranges {
	unsigned count;
	struct hg_side_range list[];
};

enum hg_side hg_side_ranges_at(const struct hg_side_ranges *ranges, uint64_t address);

#endif
