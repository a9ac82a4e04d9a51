/* What is read out of the ring of findings: whole ones in order, torn ones skipped and counted. */
#include <stdlib.h>
#include <string.h>

#include "format/reader.h"
#include "run.h"

enum { MOST = 400 };

static const struct hg_record_finding *found[MOST];
static uint64_t torn;
static struct draft draft;

static uint64_t read_ring(const struct builder *builder)
{
	struct hg_reader reader;
	struct hg_read_error error;
	ck_assert(hg_reader_open(&reader, builder->words, builder->size, &error));
	return hg_reader_findings(&reader, found, MOST, &torn);
}

/* `value` is also how many program counters it has, so that the records differ in length. */
static uint64_t write_one(struct builder *builder, uint64_t value)
{
	uint64_t pcs[HG_STACK_MAX];
	for (uint64_t i = 0; i < HG_STACK_MAX; i++)
		pcs[i] = value + i;
	draft_begin(&draft, HG_KIND_LATE_OP, 0, value);
	draft_party(&draft, HG_PARTY_CALL, 1, 0, pcs, (uint32_t)(value % HG_STACK_MAX));
	draft_party(&draft, HG_PARTY_FREE, 2, 0, pcs, 3);
	return builder_write_finding(builder, &draft);
}

static struct builder *with(int count)
{
	struct builder *builder = builder_new();
	builder_class(builder, "stream");
	for (int i = 1; i <= count; i++)
		write_one(builder, (uint64_t)i);
	return builder;
}

START_TEST(an_empty_ring_has_nothing)
{
	struct builder *builder = with(0);
	ck_assert_uint_eq(read_ring(builder), 0);
	ck_assert_uint_eq(torn, 0);
	builder_drop(builder);
}
END_TEST

START_TEST(findings_come_with_parties_and_stacks)
{
	struct builder *builder = with(5);
	ck_assert_uint_eq(read_ring(builder), 5);
	ck_assert_uint_eq(torn, 0);
	for (uint64_t i = 0; i < 5; i++) {
		ck_assert_uint_eq(found[i]->sequence, i + 1);
		const struct hg_record_party *party = hg_reader_party(found[i], NULL);
		ck_assert_uint_eq(party->role, HG_PARTY_CALL);
		ck_assert_uint_eq(party->depth, i + 1);
		ck_assert_uint_eq(hg_reader_stack(party)[i], i + 1 + i);
		party = hg_reader_party(found[i], party);
		ck_assert_uint_eq(party->role, HG_PARTY_FREE);
		ck_assert_ptr_null(hg_reader_party(found[i], party));
	}
	builder_drop(builder);
}
END_TEST

/* Many rounds, each of which ends and begins somewhere else. */
START_TEST(a_ring_that_went_round_keeps_the_newest)
{
	for (int count = 150; count < 400; count += 7) {
		struct builder *builder = with(count);
		ck_assert_uint_gt(builder->header->ring_head, BUILDER_RING);
		uint64_t got = read_ring(builder);
		ck_assert_uint_gt(got, 90);
		ck_assert_uint_lt(got, (uint64_t)count);
		ck_assert_uint_eq(torn, 0);
		for (uint64_t i = 0; i < got; i++)
			ck_assert_uint_eq(found[i]->sequence, (uint64_t)count - got + 1 + i);
		builder_drop(builder);
	}
}
END_TEST

START_TEST(a_torn_finding_is_skipped_and_counted)
{
	struct builder *builder = with(3);
	uint64_t position = write_one(builder, 20);
	write_one(builder, 21);
	builder_finding_at(builder, position)->value ^= 1;
	ck_assert_uint_eq(read_ring(builder), 4);
	ck_assert_uint_eq(torn, 1);
	ck_assert_uint_eq(found[3]->value, 21);
	builder_drop(builder);
}
END_TEST

START_TEST(a_finding_that_was_never_committed_is_counted)
{
	struct builder *builder = with(3);
	uint64_t position = write_one(builder, 20);
	write_one(builder, 21);
	builder_finding_at(builder, position)->magic = 0;
	ck_assert_uint_eq(read_ring(builder), 4);
	ck_assert_uint_eq(torn, 1);
	/* And at the end, where nothing follows it. */
	builder_reserve(builder, 512);
	ck_assert_uint_eq(read_ring(builder), 4);
	ck_assert_uint_eq(torn, 2);
	builder_drop(builder);
}
END_TEST

START_TEST(a_reservation_over_old_findings_is_one_loss)
{
	for (int count = 150; count < 300; count += 7) {
		struct builder *builder = with(count);
		uint64_t before = read_ring(builder);
		builder_reserve(builder, 512);
		ck_assert_uint_le(read_ring(builder), before);
		ck_assert_uint_le(torn, 1);
		bool at_the_end = builder->header->ring_head % BUILDER_RING == 0;
		ck_assert_uint_eq(torn, at_the_end ? 0 : 1);
		builder_drop(builder);
	}
}
END_TEST

START_TEST(stale_findings_of_an_earlier_round_are_not_read)
{
	struct builder *builder = with(3);
	uint64_t position = write_one(builder, 5);
	builder->header->ring_head += BUILDER_RING; /* as if it had been reserved anew */
	read_ring(builder);
	for (uint64_t i = 0; i < 4; i++)
		ck_assert_ptr_ne(found[i], builder_finding_at(builder, position));
	builder_drop(builder);
}
END_TEST

/* Each field that says how long something is, set to what would lead out of the record; with a fitting checksum. */
static void wrong(void (*change)(struct hg_record_finding *finding))
{
	struct builder *builder = with(3);
	uint64_t position = write_one(builder, 20);
	write_one(builder, 21);
	struct hg_record_finding *finding = builder_finding_at(builder, position);
	change(finding);
	size_t start = offsetof(struct hg_record_finding, length);
	uint32_t length = finding->length < 4096 ? finding->length : 512;
	finding->checksum = hg_checksum((char *)finding + start, length - start);
	ck_assert_uint_eq(read_ring(builder), 4);
	ck_assert_uint_eq(torn, 1);
	builder_drop(builder);
}

static struct hg_record_party *first_party(struct hg_record_finding *finding)
{
	return (void *)(finding + 1);
}

static void far_length(struct hg_record_finding *finding)
{
	finding->length = UINT32_MAX - 15;
}
static void short_length(struct hg_record_finding *finding)
{
	finding->length = sizeof *finding - 16;
}
static void odd_length(struct hg_record_finding *finding)
{
	finding->length += 8;
}
static void many_parties(struct hg_record_finding *finding)
{
	finding->party_count = UINT32_MAX;
}
static void one_more_party(struct hg_record_finding *finding)
{
	finding->party_count++;
}
static void deep_stack(struct hg_record_finding *finding)
{
	first_party(finding)->depth = UINT32_MAX;
}
static void deeper_stack(struct hg_record_finding *finding)
{
	first_party(finding)->depth = HG_STACK_MAX;
}
static void no_kind(struct hg_record_finding *finding)
{
	finding->kind = HG_KIND_COUNT;
}

START_TEST(lengths_that_lead_out_of_the_record_are_damage)
{
	wrong(far_length);
	wrong(short_length);
	wrong(odd_length);
	wrong(many_parties);
	wrong(one_more_party);
	wrong(deep_stack);
	wrong(deeper_stack);
	wrong(no_kind);
}
END_TEST

START_TEST(findings_are_sorted_whatever_they_say)
{
	struct builder *builder = builder_new();
	uint64_t sequence = 12345;
	for (int i = 0; i < 100; i++) {
		sequence = sequence * 6364136223846793005u + 1442695040888963407u;
		builder->header->ring_sequence = sequence >> 33;
		write_one(builder, 1);
	}
	ck_assert_uint_eq(read_ring(builder), 100);
	for (int i = 1; i < 100; i++)
		ck_assert_uint_le(found[i - 1]->sequence, found[i]->sequence);
	builder_drop(builder);
}
END_TEST

START_TEST(the_count_is_told_even_without_room)
{
	struct builder *builder = with(5);
	struct hg_reader reader;
	struct hg_read_error error;
	ck_assert(hg_reader_open(&reader, builder->words, builder->size, &error));
	ck_assert_uint_eq(hg_reader_findings(&reader, NULL, 0, &torn), 5);
	builder_drop(builder);
}
END_TEST

int main(void)
{
	return RUN_SUITE("ring", an_empty_ring_has_nothing, findings_come_with_parties_and_stacks,
	                 a_ring_that_went_round_keeps_the_newest, a_torn_finding_is_skipped_and_counted,
	                 a_finding_that_was_never_committed_is_counted, a_reservation_over_old_findings_is_one_loss,
	                 stale_findings_of_an_earlier_round_are_not_read,
	                 lengths_that_lead_out_of_the_record_are_damage, findings_are_sorted_whatever_they_say,
	                 the_count_is_told_even_without_room);
}
