#include "report/read/successors.h"

#include <string.h>
#include <unistd.h>

enum { KEY_SIZE = 2 * sizeof(uint64_t) };

static struct hg_successors *find(const struct hg_model *model, const struct hg_record_header *header)
{
	struct hg_successors *found, key = {.process_start = header->process_start, .pid = header->pid};

	HASH_FIND(hh, model->starts, &key, KEY_SIZE, found);
	return found;
}

void hg_note_start(struct hg_model *model, int fd)
{
	enum { BEGINNING = offsetof(struct hg_record_header, mode) };
	struct hg_record_header header = {0};

	if (pread(fd, &header, BEGINNING, 0) != BEGINNING ||
	    memcmp(header.magic, HG_RECORD_MAGIC, sizeof(header.magic)) != 0)
		return;
	struct hg_successors *starts = find(model, &header);
	if (!starts) {
		starts = hg_model_take(model, sizeof(*starts));
		starts->process_start = header.process_start;
		starts->pid = header.pid;
		HASH_ADD(hh, model->starts, process_start, KEY_SIZE, starts);
	}
	if (header.start_monotonic_ns > starts->latest_ns)
		starts->latest_ns = header.start_monotonic_ns;
}

bool hg_has_successor(const struct hg_model *model, const struct hg_record_header *header)
{
	const struct hg_successors *starts = find(model, header);

	return starts && starts->latest_ns > header->start_monotonic_ns;
}
