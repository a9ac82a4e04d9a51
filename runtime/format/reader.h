/* Reads a recording (record.h) from a buffer. The buffer is the caller's and must not change while it is read: who
 * reads the recording of a live process copies the file first, from its beginning to its end, so that whatever the
 * header announces is in the copy. Nothing in the buffer is trusted, nothing is allocated, nothing is printed.
 *
 * What makes a recording unreadable is found by hg_reader_open. After it has succeeded, every function below takes any
 * index and any text offset, and answers null, zero or the empty text for what is not there: in the copy of a live
 * recording a late record may name one that was appended after the header had been copied. */
#ifndef HG_FORMAT_READER_H
#define HG_FORMAT_READER_H

#include <stdbool.h>

#include "format/record.h"

/* HG_READ_PROBLEM(enum name, what is wrong). `found` and `expected` of the error hold the two numbers. */
#define HG_READ_PROBLEMS                                                                                               \
	HG_READ_PROBLEM(NONE, "no problem")                                                                            \
	HG_READ_PROBLEM(ALIGNMENT, "the buffer must be aligned to 8 bytes")                                            \
	HG_READ_PROBLEM(NOT_A_RECORDING, "this is not a recording: it does not begin with HGRECORD")                   \
	HG_READ_PROBLEM(UNFINISHED, "the header was never finished: the process ended while it created the recording") \
	HG_READ_PROBLEM(BYTE_ORDER, "recorded on a machine with another byte order")                                   \
	HG_READ_PROBLEM(WORD_SIZE, "recorded by a process with another word size")                                     \
	HG_READ_PROBLEM(VERSION, "recorded by another version of the format")                                          \
	HG_READ_PROBLEM(TRUNCATED, "the file is shorter than it should be")                                            \
	HG_READ_PROBLEM(HEADER_SIZE, "the header has the wrong size")                                                  \
	HG_READ_PROBLEM(COMMAND_LENGTH, "the command line is longer than the room for it")                             \
	HG_READ_PROBLEM(EXTENT_COUNT, "the header announces too many extents")                                         \
	HG_READ_PROBLEM(EXTENT_TYPE, "the extent is of no known type")                                                 \
	HG_READ_PROBLEM(EXTENT_OFFSET, "the extent is not aligned, or begins inside the header")                       \
	HG_READ_PROBLEM(EXTENT_SIZE, "the extent reaches beyond the end of the file")                                  \
	HG_READ_PROBLEM(STRIDE, "the records of the extent have the wrong distance")                                   \
	HG_READ_PROBLEM(USED, "the extent says that it holds more than it has room for")                               \
	HG_READ_PROBLEM(RING, "there can be only one ring of findings, whose size is a multiple of 16")                \
	HG_READ_PROBLEM(COUNTERS, "a thread has no room for the class counters")                                       \
	HG_READ_PROBLEM(TEXT, "the record names a text that does not lie in the strings")                              \
	HG_READ_PROBLEM(BUILD_ID, "the build id is longer than the room for it")                                       \
	HG_READ_PROBLEM(RANGE, "the module ends before it begins")                                                     \
	HG_READ_PROBLEM(KIND, "there is no such kind of finding")

enum hg_read_problem {
#define HG_READ_PROBLEM(id, sentence) HG_READ_##id,
	HG_READ_PROBLEMS
#undef HG_READ_PROBLEM
	    HG_READ_PROBLEM_COUNT
};

struct hg_read_error {
	enum hg_read_problem problem;
	enum hg_extent_type section; /* NONE: the header */
	uint64_t offset;             /* bytes from the start of the file */
	uint64_t found, expected;
};

struct hg_reader {
	const unsigned char *bytes;
	uint64_t size;
	const struct hg_record_header *header;
	const struct hg_record_extent *ring; /* null: none */
};

bool hg_reader_open(struct hg_reader *reader, const void *bytes, uint64_t size, struct hg_read_error *error);

/* Records of one type are numbered through all extents of that type, in the order of the header; each extent counts
 * with all its room, used or not. One more than the highest number that can be in use: */
uint64_t hg_reader_limit(const struct hg_reader *reader, enum hg_extent_type type);

/* How many bytes of an extent, from its beginning, are in use as far as the header tells: all of them, where each
 * record tells for itself. What lies behind was never written to, or only after the header. */
uint64_t hg_reader_used(const struct hg_record_header *header, const struct hg_record_extent *extent);

/* Null if there is no such record or it is unused (state 0, key 0, beyond `used`). */
const struct hg_record_class *hg_reader_class(const struct hg_reader *reader, uint64_t index);
const struct hg_record_symbol *hg_reader_symbol(const struct hg_reader *reader, uint64_t index);
const struct hg_record_module *hg_reader_module(const struct hg_reader *reader, uint64_t index);
const struct hg_record_thread *hg_reader_thread(const struct hg_reader *reader, uint64_t index);
const struct hg_record_site *hg_reader_site(const struct hg_reader *reader, uint64_t index);
const struct hg_record_live *hg_reader_live(const struct hg_reader *reader, uint64_t index);
const struct hg_record_label *hg_reader_label(const struct hg_reader *reader, uint64_t index);
const struct hg_record_told *hg_reader_told(const struct hg_reader *reader, uint64_t index);
const struct hg_record_named *hg_reader_named(const struct hg_reader *reader, uint64_t index);
const struct hg_record_reached *hg_reader_reached(const struct hg_reader *reader, uint64_t index);
const struct hg_record_manifest *hg_reader_manifest(const struct hg_reader *reader, uint64_t index);
const struct hg_record_unnamed *hg_reader_unnamed(const struct hg_reader *reader, uint64_t index);

/* Text offsets count through all extents of strings like record numbers. Never null. */
const char *hg_reader_text(const struct hg_reader *reader, uint32_t text);

/* Counters are summed over all threads that stand in the recording, gone or not, and the totals: the writer clears a
 * thread's counters when it adds them to the totals. */
uint64_t hg_reader_calls(const struct hg_reader *reader, uint32_t symbol);
uint64_t hg_reader_handles(const struct hg_reader *reader, uint32_t class_index, enum hg_class_counter counter);

/* The findings that stand whole in the ring, without those that were taken back. Returns how many there are, and stores
 * the first `capacity` of them; in the order of their sequence numbers if all fit. `*torn` counts those that were
 * reserved and never committed, or whose bytes are damaged: each stretch of the ring that no whole finding and no
 * padding accounts for, at least once. */
uint64_t hg_reader_findings(const struct hg_reader *reader, const struct hg_record_finding **findings,
                            uint64_t capacity, uint64_t *torn);

/* The party after `previous` (null: the first) of a finding that hg_reader_findings gave out; null after the last. */
const struct hg_record_party *hg_reader_party(const struct hg_record_finding *finding,
                                              const struct hg_record_party *previous);

/* The `depth` program counters of a party. */
const uint64_t *hg_reader_stack(const struct hg_record_party *party);

/* The numbers of its `told` frames. */
const uint32_t *hg_reader_party_told(const struct hg_record_party *party);

/* Times: linear through the header's two pairs of ticks and nanoseconds. Where these are one (nothing was recorded
 * after the start) or make no sense, a tick counts as a nanosecond. Ticks before the start are at 0; results stay below
 * 2^63. */
uint64_t hg_reader_since_start(const struct hg_reader *reader, uint64_t ticks); /* in nanoseconds */
uint64_t hg_reader_duration(const struct hg_reader *reader, uint64_t ticks);    /* in nanoseconds */

#endif
