#include "manifest/library_source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"
#include "manifest/prototype/dwarf.h"
#include "manifest/prototype/header.h"

int hg_library_source_begin(struct hg_library_source *source, int argc, char **argv)
{
	*source = (struct hg_library_source){.headers = hg_allocate((size_t)argc, sizeof(*source->headers))};
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--") == 0) {
			source->flags = argv + i + 1;
			source->flag_count = (size_t)(argc - i - 1);
			return i;
		}
	return argc;
}

error_t hg_library_source_parse(struct hg_library_source *source, int key, char *text, const struct argp_state *state)
{
	switch (key) {
	case HG_KEY_LIBRARY_OPTION:
		source->library = text;
		return 0;
	case HG_KEY_HEADER_OPTION:
		source->headers[source->header_count++] = text;
		return 0;
	case ARGP_KEY_END:
		if (!source->library)
			argp_error(state, "no library given; say with --library which one the manifest is for");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

bool hg_library_source_read(const struct hg_library_source *source, struct hg_exports *exports,
                            struct hg_prototypes *prototypes)
{
	if (!hg_exports_read(exports, source->library, stderr))
		return false;
	if (!source->header_count) {
		hg_dwarf_read(prototypes, exports->path);
		return true;
	}
	return hg_header_read(prototypes, source->headers, source->header_count, (const char *const *)source->flags,
	                      source->flag_count, stderr);
}

void hg_library_source_end(struct hg_library_source *source)
{
	free(source->headers);
}
