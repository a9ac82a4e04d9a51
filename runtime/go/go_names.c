/* From a pc to functions, files and lines, by the tables that Go's own tracebacks read. */
#include "go/go_names.h"

#include <string.h>

/* Of the tables that follow a function: which inlined call a pc is in, and the list of these. The same from 1.20 on. */
enum { INLINED_INDEX = 2, INLINED_CALLS = 3 }; /* no limit: places */

/* An inlined call. */
struct inlined {
	uint8_t id, pad[3];   /* no limit: fixed */
	int32_t name, parent; /* where in the function it stands: bytes from its entry */
	int32_t start_line;
};

static const uint32_t *pcdata_of(const struct hg_go_function *function)
{
	return (const uint32_t *)(function + 1);
}

static const struct inlined *inlined_at(const struct hg_go_image *image, const struct hg_go_function *function,
                                        int32_t index)
{
	const uint32_t *funcdata = pcdata_of(function) + function->pcdata_count;
	if (index < 0 || function->funcdata_count <= INLINED_CALLS || funcdata[INLINED_CALLS] == UINT32_MAX)
		return NULL;
	uint64_t room = image->data_end - image->data;
	uint64_t at = (uint64_t)funcdata[INLINED_CALLS] + (uint64_t)index * sizeof(struct inlined);
	if (!image->data || at > room || room - at < sizeof(struct inlined))
		return NULL;
	return (const struct inlined *)(image->data + at);
}

static int32_t inlined_index(const struct hg_go_image *image, const struct hg_go_function *function, uint64_t pc)
{
	if (function->pcdata_count <= INLINED_INDEX)
		return -1;
	return hg_go_value(image, function, pcdata_of(function)[INLINED_INDEX], pc);
}

/* A function's files are numbered within the unit that it was compiled in. */
static const char *file_at(const struct hg_go_image *image, const struct hg_go_function *function, int32_t number,
                           size_t *length)
{
	const struct hg_go_header *header = hg_go_header(image);
	const uint32_t *units = (const uint32_t *)(image->table + header->units);
	uint64_t known = (header->files - header->units) / sizeof *units,
	         at = (uint64_t)function->unit + (uint32_t)number;
	uint64_t room = header->pcs - header->files;
	*length = 0;
	if (number < 0 || at >= known || units[at] >= room)
		return "";
	const char *file = (const char *)image->table + header->files + units[at];
	*length = strnlen(file, room - units[at]);
	return file;
}

static struct hg_go_line line_at(const struct hg_go_image *image, const struct hg_go_function *function, int32_t name,
                                 uint64_t pc)
{
	struct hg_go_line line = {.line = hg_go_value(image, function, function->line, pc)};
	line.function = hg_go_name(image, name, &line.function_length);
	line.file = file_at(image, function, hg_go_value(image, function, function->file, pc), &line.file_length);
	return line;
}

size_t hg_go_lines(const struct hg_go_image *image, uint64_t pc, struct hg_go_line *lines, size_t room)
{
	const struct hg_go_function *function = hg_go_function_at(image, pc);
	const struct inlined *inlined;
	size_t count = 0;
	if (!function || !room)
		return 0;
	while (count + 1 < room && (inlined = inlined_at(image, function, inlined_index(image, function, pc)))) {
		lines[count] = line_at(image, function, inlined->name, pc);
		lines[count].wrapper = inlined->id == image->wrapper;
		lines[count++].inlined = true;
		pc = image->text + function->entry + (uint64_t)inlined->parent;
	}
	lines[count] = line_at(image, function, function->name, pc);
	lines[count++].wrapper = function->id == image->wrapper;
	return count;
}
