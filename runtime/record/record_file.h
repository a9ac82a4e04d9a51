/* The file behind a recording: created safely, mapped shared, its descriptor closed at once so that the program's own
 * descriptors keep their numbers. Its blocks are allocated before they are used, so that a full disk is an error and no
 * signal: piece by piece, or all at the start where the system cannot do that. */
#ifndef HG_RECORD_FILE_H
#define HG_RECORD_FILE_H

#include <stdbool.h>
#include <stdint.h>

/* Whole pages of the file. */
struct hg_record_part {
	uint64_t from, to;
};

/* Creates a file of `size` bytes in `folder` (which must belong to the user), named after the executable and the
 * process, and maps it; of its blocks there are those of these parts, at least one. Null: no file; standard error has
 * said why, unless this is a secure execution. */
void *hg_record_file_create(const char *folder, const char *executable, uint64_t size,
                            const struct hg_record_part *parts, unsigned count);

/* Sees to it that there are blocks for these bytes of the mapped file (whole pages). False: the disk is full. */
bool hg_record_file_back(void *at, uint64_t size);

/* Makes the file longer by `size` bytes at `from`, with all their blocks, and maps them. Null: cannot. */
void *hg_record_file_grow(uint64_t from, uint64_t size);

#endif
