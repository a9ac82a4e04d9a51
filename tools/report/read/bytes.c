#include "report/read/bytes.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format/reader.h"

enum { PAGE = 4096, CHUNK = 8 * PAGE };

/* Memory for all of the file, which begins as zeros. */
static bool make_room(int fd, struct hg_bytes *copy)
{
	struct stat status;

	if (fstat(fd, &status) != 0)
		return false;
	errno = EINVAL;
	if (!S_ISREG(status.st_mode))
		return false;
	if (status.st_size == 0)
		return true;
	void *bytes = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (bytes == MAP_FAILED)
		return false;
	*copy = (struct hg_bytes){bytes, (size_t)status.st_size};
	return true;
}

/* What the file has there; zeros where it has become shorter. */
static bool read_at(int fd, void *bytes, size_t size, size_t at)
{
	size_t done = 0;

	while (done < size) {
		ssize_t got = pread(fd, (char *)bytes + done, size - done, (off_t)(at + done));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return false;
		if (got == 0)
			break;
		done += (size_t)got;
	}
	memset((char *)bytes + done, 0, size - done);
	return true;
}

/* Where something was written in [from, to): [*begin, *end). Where the file system cannot say, all of it. */
static bool next_data(int fd, size_t from, size_t to, size_t *begin, size_t *end)
{
	off_t data = from < to ? lseek(fd, (off_t)from, SEEK_DATA) : 0;

	if (from >= to || (data < 0 && errno == ENXIO))
		return false;
	off_t hole = data < 0 ? -1 : lseek(fd, data, SEEK_HOLE);
	*begin = data < 0 ? from : (size_t)data;
	*end = hole < 0 || (size_t)hole > to ? to : (size_t)hole;
	return *begin < *end;
}

static bool is_zero(const char *bytes, size_t size)
{
	return bytes[0] == 0 && memcmp(bytes, bytes + 1, size - 1) == 0;
}

/* Keeps what was read from there, but for pages of zeros: they take no memory as long as nobody writes to them. */
static void keep(struct hg_bytes *copy, const char *chunk, size_t size, size_t at)
{
	for (size_t done = 0, step; done < size; done += step) {
		step = PAGE - (at + done) % PAGE;
		step = step < size - done ? step : size - done;
		if (!is_zero(chunk + done, step))
			memcpy((char *)copy->bytes + at + done, chunk + done, step);
	}
}

/* Reads [from, to), but what follows `used` only up to where nothing was written for a while: no text and no finding
 * of a process that goes on writing has so much room before it. */
static bool read_range(int fd, struct hg_bytes *copy, size_t from, size_t used, size_t to)
{
	char chunk[CHUNK];
	size_t begin, end;

	for (size_t at = from; next_data(fd, at, to, &begin, &end); at = end) {
		end = end - begin < CHUNK ? end : begin + CHUNK;
		if (!read_at(fd, chunk, end - begin, begin))
			return false;
		if (begin >= used && is_zero(chunk, end - begin))
			return true;
		keep(copy, chunk, end - begin, begin);
	}
	return true;
}

/* An extent that does not lie in the file is for hg_reader_open to find. */
static bool read_extent(int fd, struct hg_bytes *copy, const struct hg_record_header *header,
                        const struct hg_record_extent *extent)
{
	uint64_t from = extent->offset, used = hg_reader_used(header, extent);
	/* Of these the header may be older than what names them. */
	bool more = extent->type == HG_EXTENT_STRINGS || extent->type == HG_EXTENT_FINDINGS;

	if (from > copy->size || extent->size > copy->size - from)
		return true;
	return read_range(fd, copy, from, from + used, from + (more ? extent->size : used));
}

bool hg_bytes_read(int fd, struct hg_bytes *copy)
{
	struct hg_record_header header;

	*copy = (struct hg_bytes){0};
	/* The size comes after the header: so that all that the header announces lies in it. */
	if (!read_at(fd, &header, sizeof(header), 0) || !make_room(fd, copy))
		return false;
	if (copy->size == 0)
		return true;
	memcpy(copy->bytes, &header, copy->size < sizeof(header) ? copy->size : sizeof(header));
	for (uint32_t i = 0; i < header.extent_count && i < HG_RECORD_EXTENTS; i++)
		if (!read_extent(fd, copy, &header, &header.extents[i]))
			return false;
	return true;
}

void hg_bytes_drop(struct hg_bytes *copy)
{
	if (copy->bytes)
		munmap(copy->bytes, copy->size);
	*copy = (struct hg_bytes){0};
}
