#include "ring.h"

#include <string.h>

#include "counters.h"
#include "recording.h"

struct ring {
	char *bytes;
	uint64_t size; /* a power of two */
};

/* Takes the room from `from` on: the record goes to its end. Never across the ring's end: what is left there is passed
 * over. */
static bool reserve(const struct ring *ring, uint64_t length, uint64_t *from, uint64_t *position)
{
	uint64_t head = __atomic_load_n(&hg_recording->ring_head, __ATOMIC_RELAXED), start;
	do {
		uint64_t left = ring->size - head % ring->size;
		start = length > left ? head + left : head;
		if (hg_recording->on_full && start + length > ring->size) {
			hg_count(HG_COUNTER_FINDINGS_DROPPED);
			return false;
		}
		if (!hg_recording_back(HG_EXTENT_FINDINGS, start % ring->size + length)) {
			hg_count(HG_COUNTER_FINDINGS_UNWRITTEN);
			return false;
		}
	} while (!__atomic_compare_exchange_n(&hg_recording->ring_head, &head, start + length, false, __ATOMIC_RELAXED,
	                                      __ATOMIC_RELAXED));
	*from = head;
	*position = start;
	return true;
}

/* What begins in the room that was taken is gone as a whole: without its magic no reader takes its rest for a finding.
 */
static void overwrite(const struct ring *ring, uint64_t from, uint64_t end)
{
	for (uint64_t at = from < ring->size ? ring->size : from; at < end; at += HG_FINDING_ALIGN) {
		struct hg_record_finding *old = (void *)(ring->bytes + at % ring->size);
		if (__atomic_load_n(&old->magic, __ATOMIC_ACQUIRE) == HG_FINDING_MAGIC &&
		    old->position == at - ring->size) {
			__atomic_store_n(&old->magic, 0, __ATOMIC_RELEASE);
			hg_count(HG_COUNTER_FINDINGS_OVERWRITTEN);
		}
	}
}

bool hg_ring_write(struct hg_record_finding *finding)
{
	unsigned size;
	struct ring ring = {.bytes = hg_recording_table(HG_EXTENT_FINDINGS, &size)};
	ring.size = size;
	uint64_t from;
	if (!reserve(&ring, finding->length, &from, &finding->position))
		return false;
	overwrite(&ring, from, finding->position + finding->length);
	finding->sequence = __atomic_add_fetch(&hg_recording->ring_sequence, 1, __ATOMIC_RELAXED);
	size_t start = offsetof(struct hg_record_finding, checksum) + sizeof finding->checksum;
	finding->checksum = hg_checksum((char *)finding + start, finding->length - start);
	char *to = ring.bytes + finding->position % ring.size;
	memcpy(to + sizeof finding->magic, (char *)finding + sizeof finding->magic,
	       finding->length - sizeof finding->magic);
	/* Last, after everything else. */
	__atomic_store_n((uint64_t *)to, HG_FINDING_MAGIC, __ATOMIC_RELEASE);
	return true;
}
