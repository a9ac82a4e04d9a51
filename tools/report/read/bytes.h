/* The bytes of a recording, copied into memory. */
#ifndef HG_REPORT_READ_BYTES_H
#define HG_REPORT_READ_BYTES_H

#include <stdbool.h>
#include <stddef.h>

struct hg_bytes {
	void *bytes; /* mapped; null: there are none */
	size_t size;
};

/* What a reader (reader.h) looks at in a regular file that may grow meanwhile: the header, and then of each extent what
 * is in use. Most of a recording was never written to: it takes no memory, and no time to read even where the file has
 * no holes. False with errno set. */
bool hg_bytes_read(int fd, struct hg_bytes *copy);

void hg_bytes_drop(struct hg_bytes *copy);

#endif
