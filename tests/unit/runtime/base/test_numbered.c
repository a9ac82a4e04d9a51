/* Pieces of memory that are named by numbers. */
#include "base/numbered.h"

#include "harness.h"

struct piece {
	uint64_t owner, more;
};

enum { THREADS = 4, EACH = 5000 };
static struct hg_numbered pieces = {.size = sizeof(struct piece), .next = HG_NUMBERED_FIRST};
static uint32_t numbers[THREADS][EACH];

static void *make_each(void *own)
{
	uint64_t thread = (uint64_t)own;
	for (unsigned i = 0; i < EACH; i++) {
		numbers[thread][i] = hg_numbered_make(&pieces);
		struct piece *piece = hg_numbered_at(&pieces, numbers[thread][i]);
		ck_assert_uint_eq(piece->owner | piece->more, 0);
		piece->owner = piece->more = thread * EACH + i + 1;
	}
	return NULL;
}

START_TEST(no_two_pieces_share_memory_however_many_there_are)
{
	start();
	pthread_t threads[THREADS];
	for (uint64_t i = 0; i < THREADS; i++)
		threads[i] = spawn(make_each, (void *)i);
	for (unsigned i = 0; i < THREADS; i++)
		join(threads[i]);
	for (uint64_t thread = 0; thread < THREADS; thread++)
		for (unsigned i = 0; i < EACH; i++) {
			const struct piece *piece = hg_numbered_at(&pieces, numbers[thread][i]);
			ck_assert_uint_eq(piece->owner, thread * EACH + i + 1);
			ck_assert_uint_eq(piece->more, thread * EACH + i + 1);
		}
}
END_TEST

START_TEST(numbers_follow_each_other)
{
	start();
	for (uint32_t i = 0; i < 1000; i++)
		ck_assert_uint_eq(hg_numbered_make(&pieces), HG_NUMBERED_FIRST + i);
}
END_TEST

START_TEST(what_is_there_from_the_beginning_needs_no_memory)
{
	static struct piece first[HG_NUMBERED_FIRST];
	static struct hg_numbered own = {.size = sizeof *first, .next = HG_NUMBERED_FIRST, .blocks = {first}};
	uint32_t made[HG_NUMBERED_FIRST], refused;
	start();
	uint64_t before = counter(HG_COUNTER_MEMORY_REFUSED);
	allow_memory(false);
	for (unsigned i = 0; i < HG_NUMBERED_FIRST; i++)
		made[i] = hg_numbered_make(&own);
	refused = hg_numbered_make(&own);
	allow_memory(true);
	for (unsigned i = 0; i < HG_NUMBERED_FIRST; i++)
		ck_assert_ptr_eq(hg_numbered_at(&own, made[i]), &first[i]);
	ck_assert_uint_eq(refused, 0);
	ck_assert_uint_eq(counter(HG_COUNTER_MEMORY_REFUSED), before + 1);
	ck_assert_uint_eq(hg_numbered_make(&own), 2 * HG_NUMBERED_FIRST);
}
END_TEST

int main(void)
{
	return RUN_SUITE("numbered", no_two_pieces_share_memory_however_many_there_are, numbers_follow_each_other,
	                 what_is_there_from_the_beginning_needs_no_memory);
}
