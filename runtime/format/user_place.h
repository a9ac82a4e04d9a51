/* The key of a place in the user's code: made of texts, so that it is the same in all processes of a program. */
#ifndef HG_FORMAT_USER_PLACE_H
#define HG_FORMAT_USER_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Begins as zeros. */
struct hg_user_place {
	uint64_t key; /* 0: there is no frame */
	unsigned frames;
	const char *innermost; /* its file */
	bool whole;            /* what lies further out does not make it another one */
};

/* Of the innermost frames so many at least, at most. no limit: frames further out do not count */
enum { HG_USER_PLACE_LEAST = 3, HG_USER_PLACE_MOST = 16 };

/* By so many of the user's frames the process itself tells calls of one C function apart: further out a stack may be
 * that of another call. no limit: told as a guess */
enum { HG_USER_PLACE_KEYED = 8 };

static inline uint64_t hg_user_place_text(uint64_t key, const char *text)
{
	do
		key = (key ^ (unsigned char)*text) * UINT64_C(1099511628211); /* FNV-1a */
	while (*text++);
	return key;
}

/* A package is a folder of files, in Go as in Python. */
static inline bool hg_user_place_same_folder(const char *one, const char *other)
{
	const char *end = strrchr(one, '/'), *other_end = strrchr(other, '/');
	size_t length = end ? (size_t)(end - one) : 0;
	return length == (other_end ? (size_t)(other_end - other) : 0) && memcmp(one, other, length) == 0;
}

/* Adds the next frame further out: of all until one is in another package than the first, which is the binding's, whose
 * functions all its users call. */
static inline void hg_user_place_add(struct hg_user_place *place, const char *function, const char *file, uint32_t line)
{
	if (place->whole)
		return;
	uint64_t key = place->frames ? place->key : UINT64_C(14695981039346656037);
	place->innermost = place->frames ? place->innermost : file;
	key = hg_user_place_text(hg_user_place_text(key, function), file);
	place->key = (key ^ line) * UINT64_C(1099511628211) | 1;
	place->frames++;
	place->whole = place->frames == HG_USER_PLACE_MOST ||
	               (place->frames >= HG_USER_PLACE_LEAST && !hg_user_place_same_folder(place->innermost, file));
}

#endif
