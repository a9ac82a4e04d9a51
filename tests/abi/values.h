/* Values of every type, by the places in them that hold something: what lies between is padding and says nothing. */
#ifndef ABI_VALUES_H
#define ABI_VALUES_H

#include <assert.h>
#include <complex.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)
#include <immintrin.h>
#else
typedef long long abi_v128 __attribute__((vector_size(16)));
#endif

__extension__ typedef __int128 abi_i128;

enum abi_kind {
	ABI_BYTES,
	ABI_BOOL,
	ABI_FLOAT,
	ABI_DOUBLE,
	ABI_LONG_DOUBLE,
	ABI_AT, /* the address of a handle: the test fills it in */
	ABI_OUT /* the address where a handle is to be put: the same */
};

/* A list of them ends with size 0. */
struct abi_leaf {
	uint16_t offset;
	uint8_t kind, size;
};

/* Without padding. */
size_t abi_bytes_that_count(const struct abi_leaf *leaf);

/* Fills the leaves with values that follow from `seed`. */
void abi_fill(void *to, const struct abi_leaf *leaves, uint64_t seed);

uint64_t abi_hash(const void *from, const struct abi_leaf *leaves);

bool abi_same(const void *one, const void *other, const struct abi_leaf *leaves);

/* One step of splitmix64. */
uint64_t abi_next(uint64_t *state);

#endif
