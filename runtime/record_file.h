/* The file behind a recording: created safely, allocated by writing, mapped shared, its descriptor closed at once so
 * that the program's own descriptors keep their numbers. */
#ifndef HG_RECORD_FILE_H
#define HG_RECORD_FILE_H

#include <stdint.h>

/* Creates a file in `folder` (which must belong to the user), named after the executable and the process, and maps its
 * first `size` bytes. Null: no file; standard error has said why, unless this is a secure execution. */
void *hg_record_file_create(const char *folder, const char *executable, uint64_t size);

/* Makes the file longer by `size` bytes at `from` and maps them. Null: cannot. */
void *hg_record_file_grow(uint64_t from, uint64_t size);

#endif
