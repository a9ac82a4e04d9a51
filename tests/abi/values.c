#include "values.h"

#include <string.h>

uint64_t abi_next(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* Numbers are kept between 1 and 2, so that no move changes them. */
static void fill_leaf(unsigned char *to, const struct abi_leaf *leaf, uint64_t *state)
{
	uint64_t bits = abi_next(state);
	uint32_t single = (uint32_t)bits & 0x7fffff;
	switch (leaf->kind) {
	case ABI_BOOL:
		*to = bits & 1;
		return;
	case ABI_FLOAT:
		single |= 0x3f800000;
		memcpy(to, &single, 4);
		return;
	case ABI_DOUBLE:
		bits = (bits >> 12) | UINT64_C(0x3ff) << 52;
		memcpy(to, &bits, 8);
		return;
	case ABI_LONG_DOUBLE:
		bits |= UINT64_C(1) << 63;
		memcpy(to, &bits, 8);
		memcpy(to + 8, "\xff\x3f", 2);
		return;
	default:
		for (int i = 0; i < leaf->size; i++)
			to[i] = (unsigned char)(abi_next(state) >> 8);
	}
}

void abi_fill(void *to, const struct abi_leaf *leaves, uint64_t seed)
{
	for (; leaves->size; leaves++)
		fill_leaf((unsigned char *)to + leaves->offset, leaves, &seed);
}

size_t abi_bytes_that_count(const struct abi_leaf *leaf)
{
	return leaf->kind == ABI_LONG_DOUBLE ? 10 : leaf->size;
}

uint64_t abi_hash(const void *from, const struct abi_leaf *leaves)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	for (; leaves->size; leaves++)
		for (size_t i = 0; i < abi_bytes_that_count(leaves); i++)
			hash = (hash ^ ((const unsigned char *)from)[leaves->offset + i]) * UINT64_C(0x100000001b3);
	return hash;
}

bool abi_same(const void *one, const void *other, const struct abi_leaf *leaves)
{
	for (; leaves->size; leaves++)
		if (memcmp((const char *)one + leaves->offset, (const char *)other + leaves->offset,
		           abi_bytes_that_count(leaves)) != 0)
			return false;
	return true;
}
