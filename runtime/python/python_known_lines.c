/* A cache whose entries are single words, so that they can be changed while others read: the upper bits of the key, and
 * the line plus one. The lower bits of the key say where. */
#include "python/python_known_lines.h"

#include <stdatomic.h>

#include "base/mix.h"

enum { KNOWN = 1 << 12 };              /* no limit: what is forgotten is looked up again */
static const uint64_t LINE = 0xffffff; /* of an entry */

static _Atomic uint64_t known[KNOWN];

/* A multiplication carries upwards only. */
static uint64_t mix(uint64_t key, uint64_t word)
{
	key = hg_mix(key, word);
	return key ^ key >> 32;
}

static uint64_t word_at(const uint8_t *bytes)
{
	uint64_t word;
	__builtin_memcpy(&word, bytes, sizeof word);
	return word;
}

/* Four words at a time, which do not wait for each other. */
uint64_t hg_python_line_key(const uint8_t *table, size_t size, uint64_t first_line, uint64_t at)
{
	enum { WORD = sizeof(uint64_t) };
	uint64_t a = size, b = first_line, c = at, d = 0, rest = 0;
	for (; size >= 4 * WORD; size -= 4 * WORD, table += 4 * WORD) {
		a = mix(a, word_at(table));
		b = mix(b, word_at(table + WORD));
		c = mix(c, word_at(table + 2 * WORD));
		d = mix(d, word_at(table + 3 * WORD));
	}
	for (; size >= WORD; size -= WORD, table += WORD)
		d = mix(d, word_at(table));
	for (size_t i = 0; i < size; i++)
		rest = rest << 8 | table[i];
	return mix(mix(mix(mix(mix(0, a), b), c), d), rest);
}

void hg_python_line_keep(uint64_t key, int line)
{
	uint64_t number = (uint64_t)line + 1;
	if (line >= 0 && number <= LINE)
		atomic_store_explicit(&known[key % KNOWN], (key & ~LINE) | number, memory_order_relaxed);
}

bool hg_python_line_find(uint64_t key, int *line)
{
	uint64_t entry = atomic_load_explicit(&known[key % KNOWN], memory_order_relaxed);
	*line = (int)(entry & LINE) - 1;
	return (entry & ~LINE) == (key & ~LINE) && *line >= 0;
}
