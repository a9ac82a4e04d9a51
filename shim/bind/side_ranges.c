#include "bind/side_ranges.h"

enum hg_side hg_side_ranges_at(const struct hg_side_ranges *ranges, uint64_t address)
{
	unsigned low = 0, high = ranges->count;
	while (low < high) {
		unsigned middle = low + (high - low) / 2;
		if (ranges->list[middle].low <= address)
			low = middle + 1;
		else
			high = middle;
	}
	bool within = low && address < ranges->list[low - 1].high;
	return within ? (enum hg_side)ranges->list[low - 1].side : HG_SIDE_UNDECIDED;
}
