/* What the reader refuses, and where it says the fault lies; what it gives out of a recording that is in order. */
#include <stdlib.h>
#include <string.h>

#include "format/reader.h"
#include "run.h"

static struct hg_reader reader;
static struct hg_read_error error;

static bool open_builder(const struct builder *builder)
{
	return hg_reader_open(&reader, builder->words, builder->size, &error);
}

static void refused(struct builder *builder, enum hg_read_problem problem, enum hg_extent_type section, uint64_t offset)
{
	ck_assert(!open_builder(builder));
	ck_assert_int_eq(error.problem, problem);
	ck_assert_int_eq(error.section, section);
	ck_assert_uint_eq(error.offset, offset);
	builder_drop(builder);
}

static uint64_t extent_at(struct builder *builder, enum hg_extent_type type)
{
	return (uint64_t)((char *)builder_extent(builder, type) - (char *)builder->words);
}

static uint64_t offset_of(struct builder *builder, const void *record)
{
	return (uint64_t)((const char *)record - (const char *)builder->words);
}

START_TEST(a_recording_in_order_is_opened)
{
	struct builder *builder = builder_example();
	ck_assert(open_builder(builder));
	ck_assert_int_eq(error.problem, HG_READ_NONE);
	builder_drop(builder);
}
END_TEST

START_TEST(the_magic_is_asked_for)
{
	struct builder *builder = builder_example();
	builder->header->magic[0] = 'X';
	refused(builder, HG_READ_NOT_A_RECORDING, HG_EXTENT_NONE, 0);
}
END_TEST

START_TEST(a_header_that_was_never_finished_is_told_from_another_file)
{
	struct builder *builder = builder_example();
	memset(builder->header->magic, 0, sizeof builder->header->magic);
	refused(builder, HG_READ_UNFINISHED, HG_EXTENT_NONE, 0);
}
END_TEST

START_TEST(another_version_is_named)
{
	struct builder *builder = builder_example();
	builder->header->version = 77;
	builder->header->header_size = 0; /* another version may look different from here on */
	ck_assert(!open_builder(builder));
	ck_assert_int_eq(error.problem, HG_READ_VERSION);
	ck_assert_uint_eq(error.found, 77);
	ck_assert_uint_eq(error.expected, HG_RECORD_VERSION);
	builder_drop(builder);
}
END_TEST

START_TEST(another_byte_order_is_told_from_another_version)
{
	struct builder *builder = builder_example();
	builder->header->byte_order = __builtin_bswap32(HG_RECORD_BYTE_ORDER);
	builder->header->version = __builtin_bswap32(HG_RECORD_VERSION);
	refused(builder, HG_READ_BYTE_ORDER, HG_EXTENT_NONE, offsetof(struct hg_record_header, byte_order));
}
END_TEST

START_TEST(another_word_size_is_refused)
{
	struct builder *builder = builder_example();
	builder->header->word_size = 4;
	refused(builder, HG_READ_WORD_SIZE, HG_EXTENT_NONE, offsetof(struct hg_record_header, word_size));
}
END_TEST

START_TEST(every_cut_is_noticed)
{
	struct builder *builder = builder_example();
	uint64_t cuts[] = {0, 1, 7, 8, 12, 16, 20, 24, 100, sizeof(struct hg_record_header), 4096, builder->size - 1};
	for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
		/* In memory of just this size, so that a sanitizer sees a read beyond it. */
		void *part = malloc(cuts[i] + 1);
		memcpy(part, builder->words, cuts[i]);
		ck_assert(!hg_reader_open(&reader, part, cuts[i], &error));
		bool too_short_to_tell = cuts[i] > 0 && cuts[i] < sizeof builder->header->magic;
		ck_assert_int_eq(error.problem, too_short_to_tell ? HG_READ_NOT_A_RECORDING : HG_READ_TRUNCATED);
		free(part);
	}
	builder_drop(builder);
}
END_TEST

START_TEST(a_buffer_out_of_line_is_refused)
{
	struct builder *builder = builder_example();
	ck_assert(!hg_reader_open(&reader, (char *)builder->words + 1, builder->size - 1, &error));
	ck_assert_int_eq(error.problem, HG_READ_ALIGNMENT);
	builder_drop(builder);
}
END_TEST

START_TEST(the_header_keeps_to_its_size)
{
	struct builder *builder = builder_example();
	builder->header->header_size++;
	refused(builder, HG_READ_HEADER_SIZE, HG_EXTENT_NONE, offsetof(struct hg_record_header, header_size));
	builder = builder_example();
	builder->header->command_length = sizeof builder->header->command + 1;
	refused(builder, HG_READ_COMMAND_LENGTH, HG_EXTENT_NONE, offsetof(struct hg_record_header, command_length));
	builder = builder_example();
	builder->header->extent_count = HG_RECORD_EXTENTS + 1;
	refused(builder, HG_READ_EXTENT_COUNT, HG_EXTENT_NONE, offsetof(struct hg_record_header, extent_count));
}
END_TEST

START_TEST(extents_keep_to_the_file)
{
	static const struct {
		uint64_t offset, size;
		enum hg_read_problem problem;
	} wrongs[] = {
	    {0, 4096, HG_READ_EXTENT_OFFSET},
	    {4097, 4096, HG_READ_EXTENT_OFFSET},
	    {UINT64_MAX - 4095, 4096, HG_READ_EXTENT_SIZE}, /* the sum would be 0 */
	    {4096, UINT64_MAX, HG_READ_EXTENT_SIZE},
	    {UINT64_C(1) << 40, 0, HG_READ_EXTENT_SIZE},
	};
	for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
		struct builder *builder = builder_example();
		struct hg_record_extent *extent = builder_extent(builder, HG_EXTENT_SYMBOLS);
		extent->offset = wrongs[i].offset;
		extent->size = wrongs[i].size;
		uint64_t at = extent_at(builder, HG_EXTENT_SYMBOLS);
		refused(builder, wrongs[i].problem, HG_EXTENT_SYMBOLS, at);
	}
}
END_TEST

START_TEST(strides_and_counts_are_checked)
{
	for (enum hg_extent_type type = HG_EXTENT_STRINGS; type < HG_EXTENT_TYPE_COUNT; type++) {
		struct builder *builder = builder_example();
		builder_live(builder);
		builder_extent(builder, type)->stride = 0;
		uint64_t at = extent_at(builder, type);
		refused(builder, HG_READ_STRIDE, type, at);
	}
	static const enum hg_extent_type counted[] = {HG_EXTENT_STRINGS, HG_EXTENT_CLASSES,   HG_EXTENT_SYMBOLS,
	                                              HG_EXTENT_MODULES, HG_EXTENT_TOLD,      HG_EXTENT_NAMED,
	                                              HG_EXTENT_REACHED, HG_EXTENT_MANIFESTS, HG_EXTENT_UNNAMED};
	for (size_t i = 0; i < sizeof counted / sizeof *counted; i++) {
		struct builder *builder = builder_example();
		builder_extent(builder, counted[i])->used = UINT64_MAX;
		uint64_t at = extent_at(builder, counted[i]);
		refused(builder, HG_READ_USED, counted[i], at);
	}
}
END_TEST

START_TEST(extents_of_no_type_are_refused)
{
	struct builder *builder = builder_example();
	uint64_t at = extent_at(builder, HG_EXTENT_SITES);
	builder_extent(builder, HG_EXTENT_SITES)->type = HG_EXTENT_TYPE_COUNT;
	refused(builder, HG_READ_EXTENT_TYPE, HG_EXTENT_NONE, at);
}
END_TEST

START_TEST(there_is_one_ring)
{
	struct builder *builder = builder_example();
	struct hg_record_extent *extent = builder_extent(builder, HG_EXTENT_FINDINGS);
	builder->header->extents[builder->header->extent_count++] = *extent;
	refused(builder, HG_READ_RING, HG_EXTENT_FINDINGS, extent->offset);
	builder = builder_example();
	extent = builder_extent(builder, HG_EXTENT_FINDINGS);
	extent->size -= 8;
	refused(builder, HG_READ_RING, HG_EXTENT_FINDINGS, extent->offset);
	builder = builder_example();
	extent = builder_extent(builder, HG_EXTENT_FINDINGS);
	extent->size = 0;
	refused(builder, HG_READ_RING, HG_EXTENT_FINDINGS, extent->offset);
}
END_TEST

START_TEST(threads_have_room_for_the_class_counters)
{
	struct builder *builder = builder_example();
	builder->header->class_counters = UINT32_MAX;
	refused(builder, HG_READ_COUNTERS, HG_EXTENT_THREADS, builder_extent(builder, HG_EXTENT_THREADS)->offset);
}
END_TEST

START_TEST(records_that_say_the_impossible_are_named)
{
	struct builder *builder = builder_example();
	builder->classes[0].name = UINT32_MAX;
	refused(builder, HG_READ_TEXT, HG_EXTENT_CLASSES, offset_of(builder, builder->classes));
	builder = builder_example();
	builder->symbols[2].library = 1 << 20;
	refused(builder, HG_READ_TEXT, HG_EXTENT_SYMBOLS, offset_of(builder, &builder->symbols[2]));
	builder = builder_example();
	builder->modules[0].build_id_length = HG_BUILD_ID_MAX + 1;
	refused(builder, HG_READ_BUILD_ID, HG_EXTENT_MODULES, offset_of(builder, builder->modules));
	builder = builder_example();
	builder->modules[0].low = builder->modules[0].high + 1;
	refused(builder, HG_READ_RANGE, HG_EXTENT_MODULES, offset_of(builder, builder->modules));
	builder = builder_example();
	builder->sites[0].kind = HG_KIND_COUNT;
	refused(builder, HG_READ_KIND, HG_EXTENT_SITES, offset_of(builder, builder->sites));
	builder = builder_example();
	builder_named(builder, 0x400100, 0, "kept", 12)->file = UINT32_MAX;
	refused(builder, HG_READ_TEXT, HG_EXTENT_NAMED, offset_of(builder, builder->named));
	builder = builder_example();
	builder_reached(builder, 0, "linked-in", "/usr/lib/libother.so")->used_by = UINT32_MAX;
	refused(builder, HG_READ_TEXT, HG_EXTENT_REACHED, offset_of(builder, builder->reached));
	builder = builder_example();
	builder_manifest(builder, "net", 1)->unguarded = UINT32_MAX;
	refused(builder, HG_READ_TEXT, HG_EXTENT_MANIFESTS, offset_of(builder, builder->manifests));
	builder = builder_example();
	builder_unnamed(builder, "net", "net_poke")->object = UINT32_MAX;
	refused(builder, HG_READ_TEXT, HG_EXTENT_UNNAMED, offset_of(builder, builder->unnamed));
}
END_TEST

START_TEST(a_text_ends_in_its_extent)
{
	struct builder *builder = builder_example();
	struct hg_record_extent *extent = builder_extent(builder, HG_EXTENT_STRINGS);
	builder->classes[0].name = (uint32_t)extent->size - 4;
	memset(builder->strings + extent->size - 4, 'x', 4);
	refused(builder, HG_READ_TEXT, HG_EXTENT_CLASSES, offset_of(builder, builder->classes));
}
END_TEST

START_TEST(records_not_yet_complete_are_passed_over)
{
	struct builder *builder = builder_example();
	builder->symbols[1].state = HG_SYMBOL_UNUSED;
	builder->symbols[1].name = UINT32_MAX;
	builder->modules[0].state = 0;
	builder->sites[0].key = 0;
	ck_assert(open_builder(builder));
	ck_assert_ptr_null(hg_reader_symbol(&reader, 1));
	ck_assert_ptr_nonnull(hg_reader_symbol(&reader, 2));
	ck_assert_ptr_null(hg_reader_module(&reader, 0));
	ck_assert_ptr_null(hg_reader_site(&reader, 0));
	builder_drop(builder);
}
END_TEST

START_TEST(whatever_is_asked_for_beyond_the_end_is_not_there)
{
	struct builder *builder = builder_example();
	ck_assert(open_builder(builder));
	uint64_t far[] = {8, 1 << 16, UINT32_MAX, UINT64_MAX};
	for (size_t i = 0; i < sizeof far / sizeof *far; i++) {
		ck_assert_ptr_null(hg_reader_class(&reader, far[i]));
		ck_assert_ptr_null(hg_reader_symbol(&reader, far[i]));
		ck_assert_ptr_null(hg_reader_module(&reader, far[i]));
		ck_assert_ptr_null(hg_reader_thread(&reader, far[i]));
		ck_assert_ptr_null(hg_reader_site(&reader, far[i]));
		ck_assert_uint_eq(hg_reader_calls(&reader, (uint32_t)far[i]), 0);
		ck_assert_uint_eq(hg_reader_handles(&reader, (uint32_t)far[i], HG_CLASS_LEAKED), 0);
	}
	ck_assert_str_eq(hg_reader_text(&reader, UINT32_MAX), "");
	ck_assert_str_eq(hg_reader_text(&reader, 0), "");
	builder_drop(builder);
}
END_TEST

START_TEST(records_are_numbered_through_all_their_extents)
{
	struct builder *builder = builder_example();
	struct hg_record_header *header = builder->header;
	struct hg_record_extent *threads = builder_extent(builder, HG_EXTENT_THREADS);
	/* The same room as two extents. */
	header->extents[header->extent_count] = *threads;
	header->extents[header->extent_count].offset += 4096 * (uint64_t)(threads->stride * 2 / 4096);
	threads->size = threads->stride;
	header->extents[header->extent_count].size = threads->stride;
	header->extent_count++;
	ck_assert(open_builder(builder));
	ck_assert_uint_eq(hg_reader_limit(&reader, HG_EXTENT_THREADS), 2);
	ck_assert_ptr_eq(hg_reader_thread(&reader, 0), builder->threads);
	struct hg_record_thread *second =
	    (void *)((char *)builder->words + header->extents[header->extent_count - 1].offset);
	second->state = HG_THREAD_GONE;
	second->counters[0] = 41;
	ck_assert_ptr_eq(hg_reader_thread(&reader, 1), second);
	ck_assert_uint_eq(hg_reader_calls(&reader, 0), 42);
	builder_drop(builder);
}
END_TEST

START_TEST(counters_are_summed_over_threads_and_totals)
{
	struct builder *builder = builder_example();
	struct hg_record_thread *gone = builder_thread(builder, 9, "gone");
	gone->state = HG_THREAD_GONE;
	gone->counters[1] = 10;
	builder->totals[1] = 100;
	gone->counters[BUILDER_CLASS_COUNTERS + HG_CLASS_ADOPTED] = 7;
	ck_assert(open_builder(builder));
	ck_assert_uint_eq(hg_reader_calls(&reader, 1), 1234567 + 110);
	ck_assert_uint_eq(hg_reader_handles(&reader, 0, HG_CLASS_ADOPTED), 7);
	ck_assert_uint_eq(hg_reader_handles(&reader, 0, HG_CLASS_CREATED), 1);
	builder_drop(builder);
}
END_TEST

START_TEST(ticks_become_nanoseconds)
{
	struct builder *builder = builder_example(); /* 2 000 000 ticks are 1 s */
	ck_assert(open_builder(builder));
	ck_assert_uint_eq(hg_reader_since_start(&reader, builder->header->start_ticks), 0);
	ck_assert_uint_eq(hg_reader_since_start(&reader, 0), 0);
	ck_assert_uint_eq(hg_reader_since_start(&reader, builder->header->start_ticks + 3000000), 1500000000);
	ck_assert_uint_eq(hg_reader_duration(&reader, 2), 1000);
	ck_assert_uint_eq(hg_reader_duration(&reader, UINT64_MAX), INT64_MAX);
	builder->header->latest_ticks = builder->header->start_ticks;
	ck_assert_uint_eq(hg_reader_duration(&reader, 1234), 1234);
	builder->header->latest_ticks = 0;
	ck_assert_uint_eq(hg_reader_duration(&reader, 1234), 1234);
	builder_drop(builder);
}
END_TEST

int main(void)
{
	return RUN_SUITE("reader", a_recording_in_order_is_opened, the_magic_is_asked_for,
	                 a_header_that_was_never_finished_is_told_from_another_file, another_version_is_named,
	                 another_byte_order_is_told_from_another_version, another_word_size_is_refused,
	                 every_cut_is_noticed, a_buffer_out_of_line_is_refused, the_header_keeps_to_its_size,
	                 extents_keep_to_the_file, strides_and_counts_are_checked, extents_of_no_type_are_refused,
	                 there_is_one_ring, threads_have_room_for_the_class_counters,
	                 records_that_say_the_impossible_are_named, a_text_ends_in_its_extent,
	                 records_not_yet_complete_are_passed_over, whatever_is_asked_for_beyond_the_end_is_not_there,
	                 records_are_numbered_through_all_their_extents, counters_are_summed_over_threads_and_totals,
	                 ticks_become_nanoseconds);
}
