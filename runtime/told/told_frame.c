/* Texts and frames in the recording, each once: hash tables of their places, open for all threads. A place once taken
 * stays. A forked child's recording begins with a copy of its parent's, so that the tables hold there too. */
#include "told/told_frame.h"

#include <stdatomic.h>
#include <string.h>

#include "base/counters.h"
#include "base/mix.h"
#include "record/recording.h"

enum {
	TEXTS = 1 << 14,  /* limit: TOLD_FULL */
	FRAMES = 1 << 15, /* limit: TOLD_FULL */
	REACH = 64,       /* limit: TOLD_FULL */
	LONGEST = 1023    /* limit: TOLD_FULL */
};

/* Of each the upper half of its hash, and its place in the recording plus one; 0: unused. */
static _Atomic uint64_t texts[TEXTS], frames[FRAMES];

static uint64_t hash_of(const char *bytes, size_t size)
{
	uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a, as hg_checksum, but over bytes */
	for (size_t i = 0; i < size; i++)
		hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(1099511628211);
	return hash ^ hash >> 29;
}

static uint64_t entry_of(uint64_t hash, uint32_t place)
{
	return hash >> 32 << 32 | (place + 1);
}

/* Looks for the same bytes, from *slot on. True: *place says where they stand. False: *slot is free, or null. */
static bool find(enum hg_extent_type type, _Atomic uint64_t **slot, _Atomic uint64_t *table, size_t size, uint64_t hash,
                 const void *bytes, size_t length, uint32_t *place)
{
	unsigned room;
	const char *at = hg_recording_table(type, &room);
	uint64_t unit = type == HG_EXTENT_TOLD ? sizeof(struct hg_record_told) : 1;
	size_t first = *slot ? (size_t)(*slot - table) : hash % size;
	*slot = NULL;
	for (size_t i = 0; i < REACH; i++) {
		_Atomic uint64_t *here = &table[(first + i) % size];
		uint64_t entry = atomic_load_explicit(here, memory_order_acquire);
		if (!entry) {
			*slot = here;
			return false;
		}
		*place = (uint32_t)entry - 1;
		bool fits = *place * unit + length <= room * unit;
		if (entry >> 32 == hash >> 32 && fits && memcmp(at + *place * unit, bytes, length) == 0)
			return true;
	}
	return false;
}

/* Keeps what stands at `place` in the slot, or finds that another thread has kept the same meanwhile. */
static uint32_t keep(enum hg_extent_type type, _Atomic uint64_t *slot, _Atomic uint64_t *table, size_t size,
                     uint64_t hash, const void *bytes, size_t length, uint32_t place)
{
	uint32_t other;
	while (slot) {
		uint64_t none = 0;
		if (atomic_compare_exchange_strong(slot, &none, entry_of(hash, place)))
			return place;
		if (find(type, &slot, table, size, hash, bytes, length, &other))
			return other;
	}
	hg_count(HG_COUNTER_TOLD_FULL);
	return place;
}

uint32_t hg_told_text(const char *text, size_t length)
{
	char whole[LONGEST + 1];
	_Atomic uint64_t *slot = NULL;
	uint32_t place;
	if (!length)
		return 0;
	if (length > LONGEST) {
		hg_count(HG_COUNTER_TOLD_FULL);
		length = LONGEST;
	}
	memcpy(whole, text, length);
	whole[length] = '\0';
	uint64_t hash = hash_of(whole, length);
	if (find(HG_EXTENT_STRINGS, &slot, texts, TEXTS, hash, whole, length + 1, &place))
		return place;
	place = slot ? hg_recording_text(whole) : 0;
	if (!place) {
		hg_count(HG_COUNTER_TOLD_FULL);
		return 0;
	}
	return keep(HG_EXTENT_STRINGS, slot, texts, TEXTS, hash, whole, length + 1, place);
}

/* By words: there are up to HG_TOLD_MAX in a stack. The upper bits are the best ones, and choose the place. */
static uint64_t hash_of_frame(const struct hg_record_told *frame)
{
	uint64_t hash = hg_mix(0, (uint64_t)frame->function << 32 | frame->file);
	hash = hg_mix(hash, (uint64_t)frame->line << 32 | frame->flags);
	return hash ^ hash >> 47;
}

uint32_t hg_told_number(const struct hg_record_told *frame)
{
	_Atomic uint64_t *slot = NULL;
	uint32_t place;
	uint64_t hash = hash_of_frame(frame);
	if (find(HG_EXTENT_TOLD, &slot, frames, FRAMES, hash, frame, sizeof *frame, &place))
		return place;
	unsigned room;
	const struct hg_record_told *table = hg_recording_table(HG_EXTENT_TOLD, &room);
	struct hg_record_told *kept = slot ? hg_recording_append(HG_EXTENT_TOLD) : NULL;
	if (!kept) {
		hg_count(HG_COUNTER_TOLD_FULL);
		return HG_TOLD_NONE;
	}
	*kept = *frame;
	return keep(HG_EXTENT_TOLD, slot, frames, FRAMES, hash, frame, sizeof *frame, (uint32_t)(kept - table));
}
