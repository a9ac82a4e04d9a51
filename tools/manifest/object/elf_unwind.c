/* Call-frame information of .text: one entry for everything that only jumps, one for the thunk, which has a frame. */
#include <dwarf.h>
#include <string.h>

#include "manifest/object/object.h"

#define PC_RELATIVE   (DW_EH_PE_pcrel | DW_EH_PE_sdata4)
#define DATA_RELATIVE (DW_EH_PE_datarel | DW_EH_PE_sdata4)
#define ENTRIES       2

/* Bytes go to `at`; without one they are only counted. */
struct stream {
	uint8_t *at;
	uint64_t start; /* address of the first byte */
	uint32_t size;
};

static void put(struct stream *stream, const void *bytes, size_t size)
{
	if (stream->at)
		memcpy(stream->at + stream->size, bytes, size);
	stream->size += (uint32_t)size;
}

static void put_byte(struct stream *stream, unsigned byte)
{
	put(stream, &(uint8_t){(uint8_t)byte}, 1);
}

static void put_word(struct stream *stream, uint64_t word)
{
	put(stream, &(uint32_t){(uint32_t)word}, 4);
}

static void put_distance(struct stream *stream, uint64_t target)
{
	put_word(stream, target - (stream->start + stream->size));
}

/* Fills a record up with no-ops and sets its length, which stands before it. */
static void close_record(struct stream *stream, uint32_t record)
{
	while (stream->size % 8)
		put_byte(stream, DW_CFA_nop);
	uint32_t length = stream->size - record - 4;
	if (stream->at)
		memcpy(stream->at + record, &length, 4);
}

static void put_common(struct stream *stream, const struct hg_machine *machine)
{
	uint32_t record = stream->size;

	put_word(stream, 0);  /* length, set at the end */
	put_word(stream, 0);  /* a common entry */
	put_byte(stream, 1);  /* version */
	put(stream, "zR", 3); /* encoding of addresses follows */
	put_byte(stream, machine->code_factor);
	put_byte(stream, (uint8_t)machine->data_factor & 0x7f); /* signed LEB128 of one byte */
	put_byte(stream, machine->return_register);
	put_byte(stream, 1); /* size of the augmentation */
	put_byte(stream, PC_RELATIVE);
	put(stream, machine->entry_rules, machine->entry_rules_size);
	close_record(stream, record);
}

/* Returns the record's offset. */
static uint32_t put_entry(struct stream *stream, uint64_t low, uint64_t high, const uint8_t *rules, size_t size)
{
	uint32_t record = stream->size;

	put_word(stream, 0);
	put_word(stream, stream->size); /* distance back to the common entry, which is first */
	put_distance(stream, low);
	put_word(stream, high - low);
	put_byte(stream, 0); /* no augmentation */
	if (size)
		put(stream, rules, size);
	close_record(stream, record);
	return record;
}

struct place {
	uint64_t code, record;
};

static uint32_t write_frames(const struct hg_preload_object *object, struct stream *stream,
                             struct place places[ENTRIES])
{
	const struct hg_section *text = &object->sections[HG_SECTION_TEXT];
	const struct hg_machine *machine = object->machine;
	uint64_t low = text->address, thunk = low + object->thunk_offset;

	put_common(stream, machine);
	places[0].code = low;
	places[0].record = stream->start + put_entry(stream, low, thunk, NULL, 0);
	places[1].code = thunk;
	places[1].record =
	    stream->start + put_entry(stream, thunk, low + text->size, machine->thunk_rules, machine->thunk_rules_size);
	put_word(stream, 0); /* the end */
	return stream->size;
}

/* The table by which an unwinder finds an entry without reading them all. */
static void write_index(const struct hg_preload_object *object, struct stream *stream,
                        const struct place places[ENTRIES])
{
	put_byte(stream, 1); /* version */
	put_byte(stream, PC_RELATIVE);
	put_byte(stream, DW_EH_PE_udata4);
	put_byte(stream, DATA_RELATIVE);
	put_distance(stream, object->sections[HG_SECTION_EH_FRAME].address);
	put_word(stream, ENTRIES);
	for (unsigned i = 0; i < ENTRIES; i++) {
		put_word(stream, places[i].code - stream->start);
		put_word(stream, places[i].record - stream->start);
	}
}

void hg_unwind_allocate(struct hg_preload_object *object)
{
	struct stream frames = {0}, index = {0};
	struct place places[ENTRIES];

	write_frames(object, &frames, places);
	write_index(object, &index, places);
	hg_section_allocate(object, HG_SECTION_EH_FRAME, frames.size);
	hg_section_allocate(object, HG_SECTION_EH_FRAME_HDR, index.size);
}

void hg_unwind_fill(struct hg_preload_object *object)
{
	const struct hg_section *eh_frame = &object->sections[HG_SECTION_EH_FRAME];
	const struct hg_section *eh_frame_hdr = &object->sections[HG_SECTION_EH_FRAME_HDR];
	struct stream frames = {eh_frame->data, eh_frame->address, 0};
	struct stream index = {eh_frame_hdr->data, eh_frame_hdr->address, 0};
	struct place places[ENTRIES];

	write_frames(object, &frames, places);
	write_index(object, &index, places);
}
