/* The arena: aligned, zeroed, nothing given out twice. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "harness.h"

enum { PIECES = 40000, WORKERS = 4 };

static struct hg_arena arena;

START_TEST(pieces_are_aligned_zeroed_and_apart)
{
	static const size_t sizes[] = {1, 8, 15, 16, 17, 100, 4000};
	for (int i = 0; i < 7000; i++) {
		size_t size = sizes[i % 7];
		char *piece = hg_arena_take(&arena, size);
		ck_assert_ptr_nonnull(piece);
		ck_assert_uint_eq((uintptr_t)piece % 16, 0);
		for (size_t at = 0; at < size; at++)
			if (piece[at])
				ck_abort_msg("byte %zu of piece %d was another's", at, i);
		memset(piece, 0xff, size);
	}
}
END_TEST

/* The first of them begin with pieces that lie side by side, those that come later do not. */
START_TEST(arenas_are_apart)
{
	enum { ARENAS = 40, ROUNDS = 20, SIZE = 100 };
	static struct hg_arena arenas[ARENAS];
	static char *taken[ARENAS][ROUNDS];
	for (int round = 0; round < ROUNDS; round++)
		for (int i = 0; i < ARENAS; i++) {
			taken[i][round] = hg_arena_take(&arenas[i], SIZE);
			ck_assert_int_eq(taken[i][round][SIZE - 1], 0);
			memset(taken[i][round], i + 1, SIZE);
		}
	for (int i = 0; i < ARENAS; i++)
		for (int round = 0; round < ROUNDS; round++)
			for (int at = 0; at < SIZE; at++)
				ck_assert_int_eq(taken[i][round][at], i + 1);
}
END_TEST

START_TEST(what_no_chunk_can_hold_is_refused)
{
	ck_assert_ptr_null(hg_arena_take(&arena, 2 << 20));
	ck_assert_ptr_null(hg_arena_take(&arena, 1 << 20));
	ck_assert_ptr_nonnull(hg_arena_take(&arena, (1 << 20) - 64));
	ck_assert_ptr_nonnull(hg_arena_take(&arena, 16));
}
END_TEST

static pthread_barrier_t together;
static uint64_t *pieces[WORKERS][PIECES];

static void *take_many(void *argument)
{
	uint64_t worker = (uint64_t)argument;
	pthread_barrier_wait(&together);
	for (uint64_t i = 0; i < PIECES; i++) {
		pieces[worker][i] = hg_arena_take(&arena, 64);
		*pieces[worker][i] = worker * PIECES + i;
	}
	return NULL;
}

START_TEST(threads_never_get_the_same_piece)
{
	pthread_t threads[WORKERS];
	pthread_barrier_init(&together, NULL, WORKERS);
	for (uint64_t i = 0; i < WORKERS; i++)
		threads[i] = spawn(take_many, (void *)i);
	for (int i = 0; i < WORKERS; i++)
		join(threads[i]);
	for (uint64_t worker = 0; worker < WORKERS; worker++)
		for (uint64_t i = 0; i < PIECES; i++)
			if (*pieces[worker][i] != worker * PIECES + i)
				ck_abort_msg("piece %llu of thread %llu is another's", (unsigned long long)i,
				             (unsigned long long)worker);
}
END_TEST

START_TEST(copies_are_exact)
{
	char from[64], to[64];
	for (int i = 0; i < 64; i++)
		from[i] = (char)i;
	for (size_t size = 0; size < 64; size++) {
		memset(to, -1, sizeof to);
		hg_copy(to, from, size);
		ck_assert_mem_eq(to, from, size);
		ck_assert_int_eq(to[size], -1);
	}
}
END_TEST

int main(void)
{
	return RUN_SUITE("memory", pieces_are_aligned_zeroed_and_apart, arenas_are_apart,
	                 what_no_chunk_can_hold_is_refused, threads_never_get_the_same_piece, copies_are_exact);
}
