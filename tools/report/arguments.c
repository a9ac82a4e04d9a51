#include "report/arguments.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/allocate.h"
#include "report/describe/path_map.h"
#include "report/print/formats.h"
#include "report/print/output.h"

void hg_report_arguments_init(struct hg_report_arguments *arguments, int words)
{
	*arguments =
	    (struct hg_report_arguments){.files = hg_allocate((size_t)words, sizeof(*arguments->files)),
	                                 .maps = hg_allocate((size_t)words, sizeof(*arguments->maps)),
	                                 .targets = hg_allocate((size_t)words + 1, sizeof(*arguments->targets))};
}

bool hg_report_arguments_map(struct hg_report_arguments *arguments, const char *program, const char *text)
{
	if (hg_path_map_read(text, &arguments->maps[arguments->map_count])) {
		arguments->map_count++;
		return true;
	}
	fprintf(stderr, "%s: --path-map is '%s', but must be FROM=TO, the names of two folders or files\n", program,
	        text);
	return false;
}

bool hg_report_arguments_settle(struct hg_report_arguments *arguments, struct hg_report_options *options)
{
	for (size_t i = 0; i < arguments->file_count; i++)
		if (!hg_report_target_read(options->program, arguments->files[i], arguments->format,
		                           &arguments->targets[i]))
			return false;
	if (arguments->file_count == 0)
		arguments->targets[0] = (struct hg_report_target){.format = arguments->format};
	if (!arguments->source_root)
		arguments->folder = getcwd(NULL, 0);
	options->targets = arguments->targets;
	options->target_count = arguments->file_count > 0 ? arguments->file_count : 1;
	options->path_maps = arguments->maps;
	options->path_map_count = arguments->map_count;
	options->source_root = arguments->source_root ? arguments->source_root : arguments->folder;
	return true;
}

bool hg_report_arguments_writable(const struct hg_report_arguments *arguments, const char *program)
{
	for (size_t i = 0; i < arguments->file_count; i++)
		if (!hg_report_writable(program, arguments->targets[i].path))
			return false;
	return true;
}

void hg_report_arguments_drop(struct hg_report_arguments *arguments)
{
	free(arguments->files);
	free(arguments->maps);
	free(arguments->targets);
	free(arguments->folder);
}
