/* What is the same on every processor. */
#include "called_word.h"

#include <stddef.h>

uint64_t hg_code_end_of(const struct hg_code *code, uint64_t function)
{
	unsigned low = 0, high = code->starts ? code->start_count : 0;
	while (low < high) {
		unsigned middle = low + (high - low) / 2;
		uint64_t start = code->base + (uint64_t)(int64_t)code->starts[2 * middle];
		if (start == function && middle + 1 == code->start_count)
			return code->high;
		if (start == function)
			return code->base + (uint64_t)(int64_t)code->starts[2 * middle + 2];
		if (start < function)
			low = middle + 1;
		else
			high = middle;
	}
	return 0;
}

uint64_t *hg_called_word_at(const struct hg_called_words *words, uint64_t at)
{
	for (unsigned i = 0; i < words->count && at >= words->low && at < words->high; i++)
		if (words->at[i] == at)
			return &words->at[i];
	return NULL;
}
