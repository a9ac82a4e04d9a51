/* Recordings with random damage: whatever they say, reading and reporting them ends well. Worth most under a sanitizer,
 * but also here a crash or an endless loop fails the test. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format/reader.h"
#include "run.h"

/* The thread sanitizer has nothing to say of one thread: a part of them shows that it runs. */
#ifdef __SANITIZE_THREAD__
enum { PART = 8 };
#else
enum { PART = 1 };
#endif
enum { ROUNDS = 20000 / PART, REPORTS = 1500 / PART };

static uint64_t random_state;

/* xorshift64* (Vigna) */
static uint64_t next_random(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return random_state * UINT64_C(2685821657736338717);
}

static struct builder *rich_example(void)
{
	struct builder *builder = builder_example();
	struct hg_record_thread *thread = builder_thread(builder, 77, "busy");
	thread->frames[0] =
	    (struct hg_frame){.guard = 0x1000, .slot = builder->symbols[1].slot, .value = 0x5555, .caller = 0x400200};
	builder_site(builder, HG_KIND_REPEAT_FREE, 0, 2, 2, 5);
	if (next_random() % 2)
		*builder_live(builder) = (struct hg_record_live){.state = HG_LIVE_KEPT, .depth = 1, .pc = {0x400100}};
	builder_named(builder, 0x400100, 0, "inner", 12)->flags = HG_NAMED_INLINED;
	builder_named(builder, 0x400100, 0, "outer", 34);
	builder_named(builder, 0x400120, UINT32_MAX, "compiled", 56);
	builder_reached(builder, 0, "linked-in", "/usr/lib/libother.so");
	builder_manifest(builder, "net", 1);
	builder_unnamed(builder, "net", "net_poke");
	struct draft draft;
	for (int i = 0; i < 20; i++) {
		draft_begin(&draft, (enum hg_kind)(i % HG_KIND_COUNT), 0, 0x5555);
		draft_party(&draft, HG_PARTY_CALL, 1, 1, (uint64_t[]){0x400100, 0x400110}, 2);
		draft_party(&draft, HG_PARTY_FREE, 1, 2, (uint64_t[]){0x400120}, 1);
		builder_write_finding(builder, &draft);
	}
	return builder;
}

/* Mostly where it matters: in the header, and in the first bytes of each extent. */
static uint64_t random_offset(const struct builder *builder)
{
	const struct hg_record_header *header = builder->header;
	switch (next_random() % 4) {
	case 0:
		return next_random() % offsetof(struct hg_record_header, executable);
	case 1:
		return next_random() % builder->size;
	default:
		return header->extents[next_random() % header->extent_count].offset + next_random() % 512;
	}
}

static uint64_t random_value(uint64_t old)
{
	static const uint64_t edges[] = {0,         1,          7,         8,          4095,    4096,
	                                 INT32_MAX, UINT32_MAX, INT64_MAX, UINT64_MAX, 1u << 20};
	switch (next_random() % 4) {
	case 0:
		return edges[next_random() % (sizeof edges / sizeof *edges)];
	case 1:
		return old ^ UINT64_C(1) << next_random() % 64;
	case 2:
		return old + next_random() % 33 - 16;
	default:
		return next_random();
	}
}

/* Damages a word or half of one, so that the offsets of the intact original are used throughout. */
static void damage(const struct builder *builder, unsigned char *copy)
{
	uint64_t offset = random_offset(builder) & ~UINT64_C(3);
	size_t width = next_random() % 2 == 0 || offset % 8 != 0 ? 4 : 8;
	uint64_t word = 0;
	memcpy(&word, copy + offset, width);
	word = random_value(word);
	memcpy(copy + offset, &word, width);
}

/* So that damage in a finding gets past the checksum. */
static void mend_checksums(unsigned char *copy, const struct builder *builder)
{
	uint64_t ring = (uint64_t)(builder->ring - (unsigned char *)builder->words);
	for (uint64_t at = ring; at < ring + 16384; at += HG_FINDING_ALIGN) {
		struct hg_record_finding *finding = (void *)(copy + at);
		if (finding->magic != HG_FINDING_MAGIC || finding->length < sizeof *finding ||
		    finding->length > HG_FINDING_MAX)
			continue;
		size_t start = offsetof(struct hg_record_finding, checksum) + sizeof finding->checksum;
		finding->checksum = hg_checksum(copy + at + start, finding->length - start);
	}
}

static uint64_t walk_stack(const struct hg_record_party *party)
{
	uint64_t sum = 0;
	for (uint32_t i = 0; i < party->depth; i++)
		sum += hg_reader_stack(party)[i];
	return sum;
}

/* Touches all that there is. */
static uint64_t walk(const struct hg_reader *reader)
{
	static const struct hg_record_finding *found[64];
	uint64_t torn, sum = 0;
	uint64_t count = hg_reader_findings(reader, found, 64, &torn);
	for (uint64_t i = 0; i < count && i < 64; i++) {
		const struct hg_record_party *party = NULL;
		while ((party = hg_reader_party(found[i], party)) != NULL)
			sum += walk_stack(party);
		sum += hg_reader_since_start(reader, found[i]->ticks);
	}
	for (uint32_t i = 0; i < 300; i++) {
		const struct hg_record_thread *thread = hg_reader_thread(reader, i);
		sum += hg_reader_calls(reader, i) + hg_reader_handles(reader, i, i % HG_CLASS_COUNTERS);
		sum += thread != NULL ? thread->frames[HG_FRAMES - 1].guard : 0;
		sum += strlen(hg_reader_text(reader, i * 7));
	}
	return sum;
}

static unsigned char *damaged_copy(const struct builder *builder, size_t size)
{
	unsigned char *copy = malloc(builder->size);
	memcpy(copy, builder->words, builder->size);
	for (uint64_t i = 1 + next_random() % 4; i > 0; i--)
		damage(builder, copy);
	mend_checksums(copy, builder);
	return realloc(copy, size);
}

START_TEST(the_reader_stands_any_damage)
{
	volatile uint64_t kept = 0; /* so that nothing is optimised away */
	struct builder *builder = rich_example();
	int opened = 0;
	random_state = 20240607;
	for (int round = 0; round < ROUNDS; round++) {
		size_t size = next_random() % 16 == 0 ? 1 + next_random() % builder->size : builder->size;
		unsigned char *copy = damaged_copy(builder, size);
		struct hg_reader reader;
		struct hg_read_error error;
		if (hg_reader_open(&reader, copy, size, &error)) {
			kept = kept + walk(&reader);
			opened++;
		} else {
			ck_assert_int_ne(error.problem, HG_READ_NONE);
		}
		free(copy);
	}
	/* Neither must all have been refused at the door, nor all have come through. */
	ck_assert_int_gt(opened, ROUNDS / 5);
	ck_assert_int_lt(opened, ROUNDS / 20 * 19);
	builder_drop(builder);
}
END_TEST

static void save(const char *path, const unsigned char *bytes, size_t size)
{
	FILE *file = fopen(path, "we");
	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
	fclose(file);
}

START_TEST(the_report_stands_any_damage)
{
	struct builder *builder = rich_example();
	struct hg_report_options options = hg_report_defaults();
	const char *path = test_path("damaged.hgr");
	random_state = 7777777;
	for (int round = 0; round < REPORTS; round++) {
		unsigned char *copy = damaged_copy(builder, builder->size);
		save(path, copy, builder->size);
		free(copy);
		struct hg_report_target target = {.format = (enum hg_report_format)(round % HG_REPORT_FORMATS)};
		options.targets = &target;
		options.target_count = 1;
		struct resolved resolved = report_path(options, path);
		ck_assert(resolved.status != HG_REPORT_UNABLE || *resolved.errors != 0);
		/* Where there is no finding there is no annotation. */
		ck_assert(resolved.status == HG_REPORT_UNABLE || target.format == HG_REPORT_GITHUB ||
		          *resolved.out != 0);
	}
	builder_drop(builder);
}
END_TEST

int main(void)
{
	return RUN_SUITE("fuzz", the_reader_stands_any_damage, the_report_stands_any_damage);
}
