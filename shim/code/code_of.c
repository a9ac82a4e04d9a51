#include "code/code_of.h"

static uint64_t start(const struct hg_code *code, unsigned number)
{
	return number < code->start_count ? code->base + (uint64_t)(int64_t)code->starts[2 * number] : code->high;
}

/* How many functions begin here or before. */
static unsigned begun_by(const struct hg_code *code, uint64_t at)
{
	unsigned low = 0, high = code->starts ? code->start_count : 0;
	while (low < high) {
		unsigned middle = low + (high - low) / 2;
		if (start(code, middle) <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

uint64_t hg_code_start_of(const struct hg_code *code, uint64_t at)
{
	unsigned begun = begun_by(code, at);
	uint64_t nearest = begun ? start(code, begun - 1) : code->low;
	return nearest > code->low ? nearest : code->low;
}

uint64_t hg_code_end_of(const struct hg_code *code, uint64_t function)
{
	unsigned begun = begun_by(code, function);
	return begun && start(code, begun - 1) == function ? start(code, begun) : 0;
}
