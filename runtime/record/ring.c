#include "record/ring.h"

#include <string.h>

#include "base/counters.h"
#include "record/recording.h"

struct ring {
	char *bytes;
	uint64_t size; /* a power of two */
};

static struct ring ring_of_process(void)
{
	unsigned size;
	struct ring ring = {.bytes = hg_recording_table(HG_EXTENT_FINDINGS, &size)};
	ring.size = size;
	return ring;
}

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
			if (hg_finding_outcome(old).state != HG_FINDING_WITHDRAWN)
				hg_count(HG_COUNTER_FINDINGS_OVERWRITTEN);
		}
	}
}

bool hg_ring_write(struct hg_record_finding *finding, bool open)
{
	struct ring ring = ring_of_process();
	uint64_t from;
	if (!reserve(&ring, finding->length, &from, &finding->position))
		return false;
	overwrite(&ring, from, finding->position + finding->length);
	finding->sequence = __atomic_add_fetch(&hg_recording->ring_sequence, 1, __ATOMIC_RELAXED);
	finding->outcome = open ? hg_outcome_open(finding->sequence) : finding->outcome;
	finding->checksum = hg_finding_checksum(finding);
	char *to = ring.bytes + finding->position % ring.size;
	memcpy(to + sizeof finding->magic, (char *)finding + sizeof finding->magic,
	       finding->length - sizeof finding->magic);
	/* Last, after everything else. */
	__atomic_store_n((uint64_t *)to, HG_FINDING_MAGIC, __ATOMIC_RELEASE);
	return true;
}

/* Whoever has overwritten the record, or is about to: no other bytes are the same as an open outcome of this sequence,
 * so that the swap changes this record or nothing. */
void hg_ring_conclude(const struct hg_record_finding *finding, uint64_t outcome)
{
	struct ring ring = ring_of_process();
	struct hg_record_finding *written = (void *)(ring.bytes + finding->position % ring.size);
	uint64_t open = hg_outcome_open(finding->sequence);
	__atomic_compare_exchange_n(&written->outcome, &open, outcome, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED);
}
