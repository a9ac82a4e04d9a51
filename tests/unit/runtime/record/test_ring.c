/* The ring of findings: order, wrapping, exact counts of what was overwritten and dropped, many writers, torn records.
 */
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "record/ring.h"

enum { RING = 64 << 10, MOST = 4096 };

static const struct hg_record_finding *found[MOST];
static uint64_t torn;

static uint64_t read_ring(void)
{
	uint64_t count = hg_reader_findings(read_back(), found, MOST, &torn);
	ck_assert_uint_le(count, MOST);
	return count;
}

static void start_with(const char *on_full)
{
	setenv("HANDLEGUARD_RING_KIB", "64", 1);
	setenv("HANDLEGUARD_ON_FULL", on_full, 1);
	start();
	new_class(1000);
}

union draft {
	struct hg_record_finding finding;
	char bytes[HG_FINDING_MAX];
};

/* A finding with one party whose stack is `depth` deep, and `value` in all of it. */
static bool write_one(uint64_t value, unsigned depth)
{
	union draft draft;
	memset(&draft, 0, sizeof draft);
	struct hg_record_party *party = (void *)(draft.bytes + sizeof draft.finding);
	uint64_t *pc = (uint64_t *)(party + 1);
	draft.finding.kind = HG_KIND_LATE_OP;
	draft.finding.value = value;
	draft.finding.site = UINT32_MAX;
	draft.finding.party_count = 1;
	*party = (struct hg_record_party){.role = HG_PARTY_CALL, .symbol = UINT32_MAX, .depth = depth};
	for (unsigned i = 0; i < depth; i++)
		pc[i] = value;
	draft.finding.length = (uint32_t)(sizeof draft.finding + sizeof *party + 8 * depth);
	draft.finding.length = (draft.finding.length + HG_FINDING_ALIGN - 1) & ~(HG_FINDING_ALIGN - 1);
	return hg_ring_write(&draft.finding, false);
}

static bool consistent(const struct hg_record_finding *finding)
{
	const struct hg_record_party *party = hg_reader_party(finding, NULL);
	const uint64_t *pc = hg_reader_stack(party);
	for (uint32_t i = 0; i < party->depth; i++)
		if (pc[i] != finding->value)
			return false;
	return true;
}

START_TEST(an_empty_ring_has_no_findings)
{
	start_with("overwrite");
	ck_assert_uint_eq(read_ring(), 0);
	ck_assert_uint_eq(torn, 0);
}
END_TEST

START_TEST(findings_come_back_in_order)
{
	start_with("overwrite");
	for (unsigned i = 1; i <= 20; i++)
		ck_assert(write_one(i, i));
	ck_assert_uint_eq(read_ring(), 20);
	for (unsigned i = 0; i < 20; i++) {
		ck_assert_uint_eq(found[i]->sequence, i + 1);
		ck_assert_uint_eq(found[i]->value, i + 1);
		ck_assert_uint_eq(hg_reader_party(found[i], NULL)->depth, i + 1);
		ck_assert(consistent(found[i]));
	}
	ck_assert_uint_eq(torn, 0);
}
END_TEST

/* After each write: what was written is either there, or counted as overwritten; the newest are there. */
START_TEST(every_overwritten_finding_is_counted)
{
	start_with("overwrite");
	for (unsigned written = 1; written <= 700; written++) {
		ck_assert(write_one(written, (written * 7) % HG_STACK_MAX));
		if (written < 90 || written % 13)
			continue;
		uint64_t kept = read_ring();
		ck_assert_uint_eq(kept + counter(HG_COUNTER_FINDINGS_OVERWRITTEN), written);
		ck_assert_uint_gt(kept, 50);
		ck_assert_uint_eq(torn, 0);
		for (uint64_t i = 0; i < kept; i++) {
			ck_assert_uint_eq(found[i]->value, written - kept + 1 + i);
			ck_assert(consistent(found[i]));
		}
	}
	ck_assert_uint_gt(hg_recording->ring_head, 3 * RING);
}
END_TEST

START_TEST(a_ring_that_keeps_the_oldest_counts_what_it_drops)
{
	start_with("drop");
	unsigned kept = 0, tried = 500;
	for (unsigned i = 1; i <= tried; i++)
		kept += write_one(i, 10);
	ck_assert_uint_lt(kept, tried);
	ck_assert_uint_eq(counter(HG_COUNTER_FINDINGS_DROPPED), tried - kept);
	ck_assert_uint_eq(counter(HG_COUNTER_FINDINGS_OVERWRITTEN), 0);
	ck_assert_uint_eq(read_ring(), kept);
	for (unsigned i = 0; i < kept; i++)
		ck_assert_uint_eq(found[i]->value, i + 1);
	ck_assert_uint_le(hg_recording->ring_head, RING);
}
END_TEST

START_TEST(a_torn_finding_is_skipped_and_counted)
{
	start_with("overwrite");
	for (unsigned i = 1; i <= 3; i++)
		write_one(i, 20);
	unsigned size;
	char *ring = hg_recording_table(HG_EXTENT_FINDINGS, &size);
	read_ring();
	uint64_t second = found[1]->position, third = found[2]->position;
	/* Killed before it was committed; and killed while it was copied. */
	*(uint64_t *)(ring + second) = 0;
	ck_assert_uint_eq(read_ring(), 2);
	ck_assert_uint_ge(torn, 1);
	*(uint64_t *)(ring + second) = HG_FINDING_MAGIC;
	ring[third + sizeof(struct hg_record_finding) + 60] ^= 1;
	ck_assert_uint_eq(read_ring(), 2);
	ck_assert_uint_ge(torn, 1);
	ck_assert_uint_eq(found[1]->value, 2);
}
END_TEST

enum { WRITERS = 4 };
static unsigned each_writes;

static void *write_many(void *argument)
{
	uint64_t writer = (uint64_t)argument;
	for (unsigned i = 0; i < each_writes; i++)
		write_one(writer << 32 | i, i % 40);
	return NULL;
}

static void all_write(unsigned each)
{
	pthread_t threads[WRITERS];
	each_writes = each;
	for (uint64_t i = 0; i < WRITERS; i++)
		threads[i] = spawn(write_many, (void *)i);
	for (int i = 0; i < WRITERS; i++)
		join(threads[i]);
}

START_TEST(writers_do_not_disturb_each_other)
{
	start_with("overwrite");
	all_write(25);
	ck_assert_uint_eq(read_ring(), WRITERS * 25);
	ck_assert_uint_eq(torn, 0);
	uint64_t next[WRITERS] = {0};
	for (unsigned i = 0; i < WRITERS * 25; i++) {
		uint64_t writer = found[i]->value >> 32;
		ck_assert_uint_eq(found[i]->sequence, i + 1);
		ck_assert_uint_eq(found[i]->value & UINT32_MAX, next[writer]++);
		ck_assert(consistent(found[i]));
	}
}
END_TEST

#ifndef HG_UNDER_TSAN
/* A writer that is overtaken by a whole round meets the newer ones' bytes: such findings may be torn, never wrong. (A
 * race by design, which the thread sanitizer would report.) */
START_TEST(writers_that_wrap_leave_nothing_wrong)
{
	start_with("overwrite");
	all_write(5000);
	uint64_t kept = read_ring();
	ck_assert_uint_gt(kept, 0);
	for (uint64_t i = 0; i < kept; i++)
		ck_assert(consistent(found[i]));
	ck_assert_uint_eq(hg_recording->ring_sequence, WRITERS * 5000);
}
END_TEST
#endif

int main(void)
{
	return RUN_SUITE("ring", an_empty_ring_has_no_findings, findings_come_back_in_order,
	                 every_overwritten_finding_is_counted, a_ring_that_keeps_the_oldest_counts_what_it_drops,
	                 a_torn_finding_is_skipped_and_counted, writers_do_not_disturb_each_other
#ifndef HG_UNDER_TSAN
	                 ,
	                 writers_that_wrap_leave_nothing_wrong
#endif
	);
}
