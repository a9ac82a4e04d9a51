#include "report/symbols/perf_map.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/symbols/made_names.h"

struct entry {
	uint64_t start, size;
	const char *name;
	size_t length;
};

struct hg_perf_map {
	struct entry *entries; /* in the order of the file */
	size_t count;
};

enum { MOST_BYTES = 256 << 20, NS_PER_S = 1000000000 };

/* ---- Whether it is this process's ---- */

/* When the process started, or a little later: the clock that its start is counted by goes on while the machine sleeps.
 */
static uint64_t started_ns(const struct hg_record_header *header)
{
	uint64_t tick = NS_PER_S / (uint64_t)sysconf(_SC_CLK_TCK), start = header->process_start * tick;

	if (header->process_start == 0 || start > header->start_monotonic_ns)
		return header->start_realtime_ns;
	return header->start_realtime_ns - (header->start_monotonic_ns - start);
}

/* Numbers of processes come again: what was last written before this one began is an earlier one's. A file's time is
 * that of the system's latest tick. */
static bool is_of_its_time(const struct hg_record_header *header, const struct stat *map)
{
	enum { COARSE_NS = 20000000 };
	uint64_t written = (uint64_t)map->st_mtim.tv_sec * NS_PER_S + (uint64_t)map->st_mtim.tv_nsec;

	return written + COARSE_NS >= started_ns(header);
}

/* A process that has ended and runs again is another one, which writes a map of its own. */
static bool is_taken_over(const struct hg_recording *recording)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%" PRIu32, recording->reader.header->pid);
	return recording->ended != HG_ENDED_RUNNING && access(path, F_OK) == 0;
}

/* Anybody may write to /tmp. */
static bool is_its_own(const struct hg_recording *recording, const struct stat *map)
{
	struct stat status;

	return S_ISREG(map->st_mode) && map->st_size <= MOST_BYTES && stat(recording->file, &status) == 0 &&
	       status.st_uid == map->st_uid && is_of_its_time(recording->reader.header, map) &&
	       !is_taken_over(recording);
}

/* ---- Reading ---- */

/* A line is START SIZE NAME, the numbers in hexadecimal. */
static bool read_line(char *line, struct entry *entry)
{
	char *rest, *name;

	entry->start = strtoull(line, &rest, 16);
	if (rest == line || *rest != ' ')
		return false;
	entry->size = strtoull(rest, &name, 16);
	if (name == rest || *name != ' ')
		return false;
	entry->name = name + 1;
	entry->length = strlen(name + 1);
	return true;
}

static size_t count_lines(const char *text)
{
	size_t lines = 0;

	for (; (text = strchr(text, '\n')); text++)
		lines++;
	return lines;
}

/* A last line without an end may be half of one. */
static struct hg_perf_map *read_lines(struct hg_model *model, char *text)
{
	struct hg_perf_map *map = hg_model_take(model, sizeof(*map));

	map->entries = hg_model_take(model, (count_lines(text) + 1) * sizeof(*map->entries));
	for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		map->count += read_line(line, &map->entries[map->count]);
	}
	return map;
}

static char *read_text(struct hg_model *model, int fd, size_t size)
{
	char *text = hg_model_take(model, size + 1);
	size_t length = 0;
	ssize_t got;

	while (length < size && (got = read(fd, text + length, size - length)) > 0)
		length += (size_t)got;
	text[length] = '\0';
	return text;
}

const struct hg_perf_map *hg_perf_map_read(struct hg_model *model, const struct hg_recording *recording)
{
	char path[64];
	struct stat status;
	struct hg_perf_map *map = NULL;

	snprintf(path, sizeof(path), "/tmp/perf-%" PRIu32 ".map", recording->reader.header->pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return NULL;
	if (fstat(fd, &status) == 0 && is_its_own(recording, &status))
		map = read_lines(model, read_text(model, fd, (size_t)status.st_size));
	close(fd);
	return map;
}

/* Where code was given up and made anew at the same place, the later line counts. */
bool hg_perf_map_find(struct hg_model *model, const struct hg_perf_map *map, struct hg_resolved_frame *frame)
{
	for (size_t i = map ? map->count : 0; i > 0; i--) {
		const struct entry *entry = &map->entries[i - 1];
		if (frame->pc - 1 - entry->start >= entry->size)
			continue;
		hg_made_name(model, hg_model_text(model, entry->name, entry->length), frame);
		return true;
	}
	return false;
}
