/* told RECORDING: every finding of a recording on a line of its own, with the life of the handle that it is about,
 * which a report does not tell of each; then how many handles were created, freed and leaked. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "format/reader.h"

static const char *const kinds[] = {
#define HG_KIND(id, name, level, when) name,
#include "format/kinds.def"
#undef HG_KIND
};

static void *read_file(const char *path, uint64_t *size)
{
	FILE *file = fopen(path, "rb");
	if (!file || fseek(file, 0, SEEK_END) != 0)
		return NULL;
	long length = ftell(file);
	void *bytes = malloc((size_t)length + 1);
	rewind(file);
	*size = bytes ? fread(bytes, 1, (size_t)length, file) : 0;
	fclose(file);
	return bytes;
}

static const char *class_name(const struct hg_reader *reader, uint32_t index)
{
	const struct hg_record_class *class = hg_reader_class(reader, index);
	return class ? hg_reader_text(reader, class->name) : "?";
}

static bool tell_findings(const struct hg_reader *reader)
{
	uint64_t torn, count = hg_reader_findings(reader, NULL, 0, &torn);
	const struct hg_record_finding **findings = calloc(count + 1, sizeof *findings);
	if (!findings)
		return false;
	count = hg_reader_findings(reader, findings, count, &torn);
	for (uint64_t i = 0; i < count; i++)
		printf("told %s %s 0x%" PRIx64 " %" PRIu32 "\n", kinds[hg_finding_outcome(findings[i]).kind],
		       class_name(reader, findings[i]->class_index), findings[i]->value, findings[i]->generation);
	if (torn)
		printf("torn %" PRIu64 "\n", torn);
	free(findings);
	return true;
}

static void tell_handles(const struct hg_reader *reader)
{
	for (uint32_t i = 0; i < hg_reader_limit(reader, HG_EXTENT_CLASSES); i++)
		if (hg_reader_class(reader, i))
			printf("handles %s %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", class_name(reader, i),
			       hg_reader_handles(reader, i, HG_CLASS_CREATED),
			       hg_reader_handles(reader, i, HG_CLASS_ADOPTED),
			       hg_reader_handles(reader, i, HG_CLASS_FREED),
			       hg_reader_handles(reader, i, HG_CLASS_LEAKED));
}

int main(int argc, char **argv)
{
	uint64_t size;
	struct hg_reader reader;
	struct hg_read_error error;
	void *bytes = argc == 2 ? read_file(argv[1], &size) : NULL;
	if (!bytes || !hg_reader_open(&reader, bytes, size, &error)) {
		fprintf(stderr, "told: %s is no recording that can be read\n", argc == 2 ? argv[1] : "nothing");
		return 2;
	}
	bool right = tell_findings(&reader);
	tell_handles(&reader);
	free(bytes);
	return right ? 0 : 2;
}
