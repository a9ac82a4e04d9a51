/* The process's recording: the file, its mapping, its tables. Layout: format/record.h.
 *
 * Where no file can be had (folder not writable, full disk, secure execution) the same layout lies in plain memory: the
 * guards work all the same, and standard error says once that nothing is recorded. */
#ifndef HG_RECORDING_H
#define HG_RECORDING_H

#include <stdbool.h>

#include "format/record.h"

struct hg_options;

/* The mapped header; null before the first start. */
extern struct hg_record_header *hg_recording;

/* For how many a recording is to have room. */
struct hg_recording_room {
	unsigned symbols, classes;
	unsigned sure_symbols, sure_classes; /* so many of these are needed for certain */
	unsigned live;                       /* handles that are alive, which only some programs' recordings keep */
};

/* Creates this process's recording. In a forked child the tables of the parent's recording are taken over and its
 * mapping is cut off from its file. False only if memory is refused. */
bool hg_recording_create(const struct hg_options *options, const struct hg_recording_room *room);

/* First record of an extent's type and, through *count, how many records it has room for. Null if there is none. */
void *hg_recording_table(enum hg_extent_type type, unsigned *count);

/* Sees to it that the extent of this type can be written up to its byte `end`. False: the disk is full. Appending does
 * so by itself. */
bool hg_recording_back(enum hg_extent_type type, uint64_t end);

/* Appends a text; the same text is kept once a call. 0 (the empty text) if there is no room. */
uint32_t hg_recording_text(const char *text);

/* Appends a record to a table; null if it is full. */
void *hg_recording_append(enum hg_extent_type type);

/* The record of the thread with this index (0, 1, 2 ...), growing the file by whole extents; in plain memory, with
 * *recorded false, if that cannot be. Null if memory is refused. */
struct hg_record_thread *hg_recording_thread(unsigned index, bool *recorded);

/* How many counters each thread has: one a symbol, then those of the classes. */
unsigned hg_recording_counters(void);

/* Takes both clocks into the header, so that ticks can be converted. */
void hg_recording_clock(void);

/* Index of a symbol's or class's counter in a thread's counters. */
static inline unsigned hg_class_counter_index(uint32_t class_index, enum hg_class_counter counter)
{
	return hg_recording->class_counters + class_index * HG_CLASS_COUNTERS + counter;
}

#endif
