#include "report/keep/append.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGE = 4096, MOST_ADDED = 4 };

/* A recording that is being added to. */
struct growth {
	int fd;
	struct hg_record_header header;
	struct hg_record_extent added[MOST_ADDED];
	uint32_t count;
	uint64_t old_size, size;
};

/* ---- Whether it may be ---- */

/* Who holds a file open for writing, or has it mapped so, cannot hide it from whoever asks for a lease to read it, not
 * even from another container. Where files have no leases, the process must be known to have ended. */
static bool is_no_longer_written(const struct hg_recording *recording)
{
	int fd = open(recording->file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return false;
	/* Should somebody open it just now, the kernel's word on that is to be one that nobody minds. */
	bool leased = fcntl(fd, F_SETSIG, SIGURG) == 0 && fcntl(fd, F_SETLEASE, F_RDLCK) == 0;
	int error = leased ? 0 : errno;
	close(fd);
	if (leased)
		return recording->ended != HG_ENDED_RUNNING;
	return error != EAGAIN && recording->ended != HG_ENDED_RUNNING && recording->ended != HG_ENDED_UNKNOWN;
}

/* Whether the file is still the recording that was read. */
static bool is_the_same(const struct growth *growth, const struct hg_recording *recording)
{
	const struct hg_record_header *header = recording->reader.header;
	struct stat status;

	return fstat(growth->fd, &status) == 0 && status.st_dev == recording->device &&
	       status.st_ino == recording->inode && growth->header.version == header->version &&
	       growth->header.pid == header->pid && growth->header.start_ticks == header->start_ticks &&
	       growth->header.extent_count <= HG_RECORD_EXTENTS - MOST_ADDED &&
	       growth->header.file_size <= (uint64_t)status.st_size;
}

static bool begin(struct growth *growth, const struct hg_recording *recording)
{
	struct stat status;

	growth->fd =
	    is_no_longer_written(recording) ? open(recording->file, O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) : -1;
	if (growth->fd < 0)
		return false;
	/* Of two that would add, one does. */
	if (flock(growth->fd, LOCK_EX | LOCK_NB) != 0 ||
	    pread(growth->fd, &growth->header, sizeof(growth->header), 0) != sizeof(growth->header) ||
	    !is_the_same(growth, recording) || fstat(growth->fd, &status) != 0) {
		close(growth->fd);
		return false;
	}
	growth->old_size = growth->size = (uint64_t)status.st_size;
	return true;
}

/* ---- Adding ---- */

static bool write_at(int fd, const void *bytes, size_t size, uint64_t offset)
{
	const char *from = bytes;

	while (size > 0) {
		ssize_t written = pwrite(fd, from, size, (off_t)offset);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		from += written;
		offset += (uint64_t)written;
		size -= (size_t)written;
	}
	return true;
}

static bool add(struct growth *growth, enum hg_extent_type type, const void *records, size_t stride, size_t count)
{
	uint64_t offset = (growth->size + PAGE - 1) / PAGE * PAGE;

	if (count == 0)
		return true;
	growth->size = offset + stride * count;
	growth->added[growth->count++] = (struct hg_record_extent){
	    .type = type, .stride = (uint32_t)stride, .offset = offset, .size = stride * count, .used = count};
	return write_at(growth->fd, records, stride * count, offset);
}

/* Whether all that was added begins to count. A reader believes the header's count of extents: it comes last. */
static bool announce(const struct growth *growth)
{
	uint64_t first =
	    offsetof(struct hg_record_header, extents) + growth->header.extent_count * sizeof(struct hg_record_extent);
	uint32_t count = growth->header.extent_count + growth->count;

	return write_at(growth->fd, growth->added, growth->count * sizeof(*growth->added), first) &&
	       write_at(growth->fd, &growth->size, sizeof(growth->size),
	                offsetof(struct hg_record_header, file_size)) &&
	       write_at(growth->fd, &count, sizeof(count), offsetof(struct hg_record_header, extent_count));
}

/* Texts are numbered through all extents of them. */
static uint64_t first_text(const struct hg_record_header *header)
{
	uint64_t room = 0;

	for (uint32_t i = 0; i < header->extent_count; i++)
		if (header->extents[i].type == HG_EXTENT_STRINGS)
			room += header->extents[i].size;
	return room;
}

static void move_text(uint32_t *text, uint32_t by)
{
	*text += *text != 0 ? by : 0;
}

static void move_texts(struct hg_addition *addition, uint32_t by)
{
	for (size_t i = 0; i < addition->named_count; i++) {
		move_text(&addition->named[i].function, by);
		move_text(&addition->named[i].file, by);
		move_text(&addition->named[i].language, by);
	}
	for (size_t i = 0; i < addition->reached_count; i++) {
		move_text(&addition->reached[i].reach, by);
		move_text(&addition->reached[i].object, by);
		move_text(&addition->reached[i].used_by, by);
	}
	for (size_t i = 0; i < addition->unnamed_count; i++) {
		move_text(&addition->unnamed[i].manifest, by);
		move_text(&addition->unnamed[i].function, by);
		move_text(&addition->unnamed[i].object, by);
		move_text(&addition->unnamed[i].used_by, by);
	}
}

static bool write_addition(struct growth *growth, struct hg_addition *addition)
{
	uint64_t base = first_text(&growth->header);

	if (base > UINT32_MAX - addition->text_size)
		return false;
	move_texts(addition, (uint32_t)base);
	return add(growth, HG_EXTENT_STRINGS, addition->texts, 1, addition->text_size) &&
	       add(growth, HG_EXTENT_NAMED, addition->named, sizeof(*addition->named), addition->named_count) &&
	       add(growth, HG_EXTENT_REACHED, addition->reached, sizeof(*addition->reached), addition->reached_count) &&
	       add(growth, HG_EXTENT_UNNAMED, addition->unnamed, sizeof(*addition->unnamed), addition->unnamed_count);
}

bool hg_append(const struct hg_recording *recording, struct hg_addition *addition)
{
	struct growth growth = {.fd = -1};

	if (!begin(&growth, recording))
		return false;
	bool right = write_addition(&growth, addition);
	if (!right)
		(void)!ftruncate(growth.fd, (off_t)growth.old_size);
	right = right && announce(&growth);
	close(growth.fd);
	return right;
}
