/* Findings in the ring of a recording, read as reader.c reads the rest: what a record says of its own length is held
 * against what is left. */
#include "format/reader.h"

#include <string.h>

static bool parties_fit(const struct hg_record_finding *finding)
{
	const unsigned char *bytes = (const unsigned char *)finding;
	uint64_t at = sizeof *finding;
	if (finding->party_count > HG_PARTY_MAX)
		return false;
	for (uint32_t i = 0; i < finding->party_count; i++) {
		if (finding->length - at < sizeof(struct hg_record_party))
			return false;
		const struct hg_record_party *party = (const void *)(bytes + at);
		at += sizeof *party;
		if (party->depth > HG_STACK_MAX || party->told > HG_TOLD_MAX ||
		    finding->length - at < hg_party_frames_size(party))
			return false;
		at += hg_party_frames_size(party);
	}
	return true;
}

/* Whether a finding of this round, and no stale one, claims to stand at `offset` of the ring. */
static bool claims(const struct hg_reader *reader, const struct hg_record_finding *finding, uint64_t offset)
{
	uint64_t size = reader->ring->size;
	uint64_t head = reader->header->ring_head;
	return finding->magic == HG_FINDING_MAGIC && finding->position % size == offset &&
	       (head <= size || finding->position >= head - size);
}

static bool is_whole(const struct hg_record_finding *finding, uint64_t room)
{
	return finding->length >= sizeof *finding && finding->length <= HG_FINDING_MAX &&
	       finding->length % HG_FINDING_ALIGN == 0 && finding->length <= room && finding->kind < HG_KIND_COUNT &&
	       hg_finding_outcome(finding).kind < HG_KIND_COUNT && parties_fit(finding) &&
	       hg_finding_checksum(finding) == finding->checksum;
}

/* One pass over the ring. */
struct scan {
	const struct hg_record_finding **findings;
	uint64_t capacity;
	uint64_t count;
	uint64_t torn;
	uint64_t gap;    /* offset where the bytes began that no whole finding covers */
	uint64_t broken; /* findings in the gap that claim to be there and are not whole */
};

/* Where the writer goes on: bytes from here to the next whole finding are the remains of an overwritten one, or unused.
 */
static uint64_t head_offset(const struct hg_reader *reader)
{
	uint64_t head = reader->header->ring_head;
	return head <= reader->ring->size ? head : head % reader->ring->size;
}

/* A gap that ends at the ring's end is padding, and one that begins at the head is no loss. Any other is a loss. */
static void end_gap(const struct hg_reader *reader, struct scan *scan, uint64_t end)
{
	uint64_t size = reader->ring->size;
	uint64_t head = head_offset(reader);
	bool wrapped = reader->header->ring_head > size;
	uint64_t losses = 0;
	if (scan->gap < head && scan->gap < end && (end < head ? end : head) < size)
		losses++;
	else if (scan->gap > head && scan->gap < end && end < size && wrapped)
		losses++;
	scan->torn += losses > scan->broken ? losses : scan->broken;
	scan->broken = 0;
}

static void take(struct scan *scan, const struct hg_record_finding *finding)
{
	if (hg_finding_outcome(finding).state == HG_FINDING_WITHDRAWN)
		return;
	if (scan->count < scan->capacity)
		scan->findings[scan->count] = finding;
	scan->count++;
}

/* Whether nothing was ever written at `offset` of the ring and from there on: behind the head there is nothing but what
 * was added to a live recording after its header had been copied. Who reads thousands of recordings does not have the
 * kernel make pages of the rest. */
static bool is_unused(const struct hg_reader *reader, uint64_t offset)
{
	enum { STRETCH = 4096 }; /* no limit: how much is looked at */
	const unsigned char *ring = reader->bytes + reader->ring->offset;
	uint64_t head = reader->header->ring_head;
	if (head > reader->ring->size || offset < head || reader->ring->size - offset < STRETCH)
		return false;
	return ring[offset] == 0 && memcmp(ring + offset, ring + offset + 1, STRETCH - 1) == 0;
}

static void scan_ring(const struct hg_reader *reader, struct scan *scan)
{
	const unsigned char *ring = reader->bytes + reader->ring->offset;
	uint64_t size = reader->ring->size;
	uint64_t offset = 0;
	while (offset < size && size - offset >= sizeof(struct hg_record_finding) && !is_unused(reader, offset)) {
		const struct hg_record_finding *finding = (const void *)(ring + offset);
		uint64_t step = HG_FINDING_ALIGN;
		if (claims(reader, finding, offset)) {
			if (is_whole(finding, size - offset)) {
				end_gap(reader, scan, offset);
				take(scan, finding);
				step = finding->length;
				scan->gap = offset + step;
			} else {
				scan->broken++;
			}
		}
		offset += step;
	}
	end_gap(reader, scan, size);
}

/* Heap sort: the order in the ring is nearly the order of the sequence numbers, but a file can say anything. */
static void sift(const struct hg_record_finding **heap, uint64_t root, uint64_t count)
{
	const struct hg_record_finding *moved = heap[root];
	for (uint64_t child = 2 * root + 1; child < count; child = 2 * root + 1) {
		if (child + 1 < count && heap[child + 1]->sequence > heap[child]->sequence)
			child++;
		if (heap[child]->sequence <= moved->sequence)
			break;
		heap[root] = heap[child];
		root = child;
	}
	heap[root] = moved;
}

static void sort_findings(const struct hg_record_finding **findings, uint64_t count)
{
	for (uint64_t root = count / 2; root-- > 0;)
		sift(findings, root, count);
	for (uint64_t end = count; end-- > 1;) {
		const struct hg_record_finding *last = findings[0];
		findings[0] = findings[end];
		findings[end] = last;
		sift(findings, 0, end);
	}
}

uint64_t hg_reader_findings(const struct hg_reader *reader, const struct hg_record_finding **findings,
                            uint64_t capacity, uint64_t *torn)
{
	struct scan scan = {.findings = findings, .capacity = capacity};
	*torn = 0;
	if (reader->ring == NULL)
		return 0;
	scan_ring(reader, &scan);
	if (scan.count <= capacity)
		sort_findings(findings, scan.count);
	*torn = scan.torn;
	return scan.count;
}

static const struct hg_record_party *party_after(const struct hg_record_party *party)
{
	return (const void *)((const unsigned char *)(party + 1) + hg_party_frames_size(party));
}

const struct hg_record_party *hg_reader_party(const struct hg_record_finding *finding,
                                              const struct hg_record_party *previous)
{
	const struct hg_record_party *party = (const void *)(finding + 1);
	if (previous == NULL)
		return finding->party_count > 0 ? party : NULL;
	for (uint32_t i = 1; i < finding->party_count; i++) {
		const struct hg_record_party *next = party_after(party);
		if (party == previous)
			return next;
		party = next;
	}
	return NULL;
}

const uint64_t *hg_reader_stack(const struct hg_record_party *party)
{
	return (const void *)(party + 1);
}

const uint32_t *hg_reader_party_told(const struct hg_record_party *party)
{
	return (const void *)(hg_reader_stack(party) + party->depth);
}

/* ---- Times ---- */

uint64_t hg_reader_duration(const struct hg_reader *reader, uint64_t ticks)
{
	const struct hg_record_header *header = reader->header;
	unsigned __int128 result = ticks;
	if (header->latest_ticks > header->start_ticks && header->latest_monotonic_ns > header->start_monotonic_ns) {
		result *= header->latest_monotonic_ns - header->start_monotonic_ns;
		result /= header->latest_ticks - header->start_ticks;
	}
	return result > INT64_MAX ? INT64_MAX : (uint64_t)result;
}

uint64_t hg_reader_since_start(const struct hg_reader *reader, uint64_t ticks)
{
	uint64_t start = reader->header->start_ticks;
	return ticks <= start ? 0 : hg_reader_duration(reader, ticks - start);
}
