/* First in, first out, within its bounds; and no block is lost or released twice, whoever comes at once. */
#include "harness.h"
#include "heap/quarantine.h"

enum { BLOCKS = 8, WORKERS = 4, EACH = 20000, SIZES = 7 };

struct block {
	size_t size;
	_Atomic int released;
};

static struct block *_Atomic order[256];
static _Atomic uint64_t releases;

static size_t size_of(void *block)
{
	return ((struct block *)block)->size;
}

static void release(void *block)
{
	uint64_t number = atomic_fetch_add(&releases, 1);
	order[number % 256] = block;
	ck_assert_int_eq(atomic_fetch_add(&((struct block *)block)->released, 1), 0);
}

static struct hg_quarantine quarantine;
static struct block blocks[100];

static struct hg_quarantine_rules emptied(uint64_t most, uint64_t bytes)
{
	memset(&quarantine, 0, sizeof quarantine);
	memset(blocks, 0, sizeof blocks);
	releases = 0;
	return (struct hg_quarantine_rules){.blocks = most, .bytes = bytes, .size = size_of, .release = release};
}

static void hold(const struct hg_quarantine_rules *rules, struct block *block, size_t size)
{
	block->size = size;
	ck_assert(hg_quarantine_hold(&quarantine, rules, block));
}

START_TEST(no_more_blocks_than_allowed_the_oldest_leave_first)
{
	struct hg_quarantine_rules rules = emptied(BLOCKS, 1000000);
	for (unsigned i = 0; i < 100; i++) {
		hold(&rules, &blocks[i], 10);
		ck_assert_uint_eq(releases, i < BLOCKS ? 0 : i - BLOCKS + 1);
		if (i >= BLOCKS)
			ck_assert_ptr_eq(order[i - BLOCKS], &blocks[i - BLOCKS]);
	}
	ck_assert_uint_eq(quarantine.bytes, BLOCKS * 10);
}
END_TEST

START_TEST(no_more_bytes_than_allowed_the_oldest_leave_first)
{
	struct hg_quarantine_rules rules = emptied(BLOCKS, 100);
	hold(&rules, &blocks[0], 40);
	hold(&rules, &blocks[1], 60);
	ck_assert_uint_eq(releases, 0);
	hold(&rules, &blocks[2], 1);
	ck_assert_uint_eq(releases, 1);
	ck_assert_ptr_eq(order[0], &blocks[0]);
	hold(&rules, &blocks[3], 100);
	ck_assert_uint_eq(releases, 3);
	ck_assert_ptr_eq(order[1], &blocks[1]);
	ck_assert_ptr_eq(order[2], &blocks[2]);
	ck_assert_uint_eq(quarantine.bytes, 100);
}
END_TEST

START_TEST(both_bounds_take_turns)
{
	struct hg_quarantine_rules rules = emptied(BLOCKS, 100);
	for (unsigned i = 0; i < 40; i++)
		hold(&rules, &blocks[i], 1);
	hold(&rules, &blocks[40], 96);
	for (unsigned i = 0; i < releases; i++)
		ck_assert_ptr_eq(order[i], &blocks[i]);
	ck_assert_uint_eq(quarantine.bytes, 100);
	ck_assert_uint_eq(releases, 36);
}
END_TEST

START_TEST(what_is_too_large_stays_the_callers)
{
	struct hg_quarantine_rules rules = emptied(BLOCKS, 100), none = rules;
	hold(&rules, &blocks[0], 10);
	blocks[1].size = 101;
	ck_assert(!hg_quarantine_hold(&quarantine, &rules, &blocks[1]));
	none.blocks = 0;
	ck_assert(!hg_quarantine_hold(&quarantine, &none, &blocks[2]));
	ck_assert_uint_eq(releases, 0);
	ck_assert_uint_eq(quarantine.bytes, 10);
}
END_TEST

static struct block many[WORKERS * EACH];
static struct hg_quarantine_rules shared;
static pthread_barrier_t together;

static void *hold_many(void *argument)
{
	struct block *mine = many + (uint64_t)argument * EACH;
	pthread_barrier_wait(&together);
	for (unsigned i = 0; i < EACH; i++) {
		mine[i].size = 1 + i % SIZES;
		ck_assert(hg_quarantine_hold(&quarantine, &shared, &mine[i]));
	}
	return NULL;
}

static void hold_from_all(uint64_t most, uint64_t bytes)
{
	pthread_t threads[WORKERS];
	uint64_t left = 0, kept = 0;
	shared = emptied(most, bytes);
	memset(many, 0, sizeof many);
	pthread_barrier_init(&together, NULL, WORKERS);
	for (uint64_t i = 0; i < WORKERS; i++)
		pthread_create(&threads[i], NULL, hold_many, (void *)i);
	for (unsigned i = 0; i < WORKERS; i++)
		pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&together);
	for (unsigned i = 0; i < HG_QUARANTINE_MOST; i++) {
		struct block *block = quarantine.blocks[i];
		ck_assert(!block || !block->released);
		left += block != NULL;
		kept += block ? block->size : 0;
	}
	ck_assert_uint_eq(left + releases, WORKERS * EACH);
	ck_assert_uint_eq(quarantine.bytes, kept);
	ck_assert_uint_le(left, most);
	ck_assert_uint_le(kept, bytes);
}

START_TEST(threads_lose_nothing_and_release_nothing_twice)
{
	hold_from_all(BLOCKS, 1000000);
	hold_from_all(1, 1000000);
	hold_from_all(BLOCKS, 3 * SIZES);
	hold_from_all(1000, SIZES);
}
END_TEST

int main(void)
{
	return RUN_SUITE("quarantine", no_more_blocks_than_allowed_the_oldest_leave_first,
	                 no_more_bytes_than_allowed_the_oldest_leave_first, both_bounds_take_turns,
	                 what_is_too_large_stays_the_callers, threads_lose_nothing_and_release_nothing_twice);
}
