#include "report/arguments.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/allocate.h"
#include "report/describe/path_map.h"
#include "report/policy/policy.h"
#include "report/print/formats.h"
#include "report/print/output.h"

void hg_report_arguments_init(struct hg_report_arguments *arguments, int words)
{
	*arguments =
	    (struct hg_report_arguments){.files = hg_allocate((size_t)words, sizeof(*arguments->files)),
	                                 .suppressions = hg_allocate((size_t)words, sizeof(*arguments->suppressions)),
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

static bool read_policy(struct hg_report_arguments *arguments)
{
	for (size_t i = 0; i < arguments->suppression_count; i++)
		if (!hg_policy_read(&arguments->policy, arguments->suppressions[i], stderr))
			return false;
	return !arguments->baseline || hg_policy_read_baseline(&arguments->policy, arguments->baseline, stderr);
}

bool hg_report_arguments_width(struct hg_report_arguments *arguments, const char *program, const char *text)
{
	char *end;
	long width = strtol(text, &end, 10);

	if (*end != '\0' || width < HG_LEAST_WIDTH || width > HG_MOST_WIDTH) {
		fprintf(stderr, "%s: --width does not take '%s'; it takes %d to %d columns\n", program, text,
		        HG_LEAST_WIDTH, HG_MOST_WIDTH);
		return false;
	}
	arguments->width = (int)width;
	return true;
}

bool hg_report_arguments_settle(struct hg_report_arguments *arguments, struct hg_report_options *options)
{
	for (size_t i = 0; i < arguments->file_count; i++)
		if (!hg_report_target_read(options->program, arguments->files[i], arguments->format,
		                           &arguments->targets[i]))
			return false;
	if (!read_policy(arguments))
		return false;
	if (arguments->suppression_count > 0 || arguments->baseline)
		options->policy = &arguments->policy;
	if (arguments->file_count == 0)
		arguments->targets[0] = (struct hg_report_target){.format = arguments->format};
	if (!arguments->source_root)
		arguments->folder = getcwd(NULL, 0);
	options->targets = arguments->targets;
	options->target_count = arguments->file_count > 0 ? arguments->file_count : 1;
	options->redact = arguments->redact;
	options->summary = arguments->summary;
	options->width = arguments->width;
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
	hg_policy_drop(&arguments->policy);
	free(arguments->files);
	free(arguments->suppressions);
	free(arguments->maps);
	free(arguments->targets);
	free(arguments->folder);
}
