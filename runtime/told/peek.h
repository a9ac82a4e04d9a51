/* Reading what an interpreter keeps in this process, by pointers that may lead nowhere. */
#ifndef HG_PEEK_H
#define HG_PEEK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* no limit: what is kept of what was read, so that one system call serves many reads */
enum { HG_PEEK_WINDOW = 4096, HG_PEEK_WINDOWS = 8 };

/* What one walk reads through. Memory is read once, in windows, and the walk sees each as it was then. */
struct hg_peek {
	bool plain; /* by loads: what is read is known to be there, and to stay */
	bool held;  /* by loads what hg_peek_held reads */
	unsigned oldest;
	uintptr_t at[HG_PEEK_WINDOWS]; /* 0: none */
	unsigned char window[HG_PEEK_WINDOWS][HG_PEEK_WINDOW];
};

void hg_peek_begin(struct hg_peek *peek, bool plain);

/* Copies so many bytes from that address. False: they cannot be read. Takes no lock, allocates nothing. */
bool hg_peek(struct hg_peek *peek, uintptr_t from, void *to, size_t size);

/* The same of an object that the thread's frames hold, or that such an object holds. */
static inline bool hg_peek_held(struct hg_peek *peek, uintptr_t from, void *to, size_t size)
{
	if (!peek->held || from < HG_PEEK_WINDOW)
		return hg_peek(peek, from, to, size);
	__builtin_memcpy(to, (const void *)from, size);
	return true;
}

static inline uint64_t hg_peek_held_word(struct hg_peek *peek, uintptr_t from)
{
	uint64_t word = 0;
	return hg_peek_held(peek, from, &word, sizeof word) ? word : 0;
}

/* A word; 0 also if it cannot be read. */
static inline uint64_t hg_peek_word(struct hg_peek *peek, uintptr_t from)
{
	uint64_t word = 0;
	return hg_peek(peek, from, &word, sizeof word) ? word : 0;
}

/* A word in what was copied. */
static inline uint64_t hg_word_in(const void *copy, size_t offset)
{
	uint64_t word;
	__builtin_memcpy(&word, (const char *)copy + offset, sizeof word);
	return word;
}

static inline uint32_t hg_half_in(const void *copy, size_t offset)
{
	uint32_t half;
	__builtin_memcpy(&half, (const char *)copy + offset, sizeof half);
	return half;
}

#endif
