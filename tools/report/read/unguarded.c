#include "report/read/unguarded.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utlist.h>

#include "format/launches.h"

/* Somebody may have put a pipe there, or a file that is too short. */
static bool read_list(const char *path, struct hg_launches *list)
{
	struct stat status;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool whole = fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
	             read(fd, list, sizeof(*list)) == (ssize_t)sizeof(*list);

	if (fd >= 0)
		close(fd);
	return whole && list->magic == HG_LAUNCHES_MAGIC && list->version == HG_LAUNCHES_VERSION;
}

/* The same program, started by the same one, in another run or at the same moment. */
static struct hg_resolved_launch *find_launch(struct hg_model *model, const struct hg_launch *launch,
                                              const char *program, const char *starter)
{
	struct hg_resolved_launch *resolved;

	DL_FOREACH(model->launches, resolved)
		if (resolved->reason == launch->reason && strcmp(resolved->program, program) == 0 &&
		    strcmp(resolved->starter, starter) == 0)
			return resolved;
	return NULL;
}

static void add_launch(struct hg_model *model, const struct hg_launch *launch)
{
	if (launch->state != HG_LAUNCH_WRITTEN || launch->times == 0 || launch->times > INT64_MAX ||
	    launch->reason == HG_GUARDED || launch->reason >= HG_UNGUARDED_COUNT)
		return;
	const char *program = hg_model_text(model, launch->program, strnlen(launch->program, sizeof(launch->program)));
	const char *starter = hg_model_text(model, launch->starter, strnlen(launch->starter, sizeof(launch->starter)));
	struct hg_resolved_launch *resolved = find_launch(model, launch, program, starter);
	if (!resolved) {
		resolved = hg_model_take(model, sizeof(*resolved));
		resolved->program = program;
		resolved->starter = starter;
		resolved->reason = launch->reason;
		DL_APPEND(model->launches, resolved);
	}
	resolved->times += launch->times;
}

void hg_load_launches(struct hg_model *model, const char *folder)
{
	struct hg_launches *list = malloc(sizeof(*list));

	if (list && read_list(hg_model_printf(model, "%s/" HG_LAUNCHES_FILE, folder), list)) {
		for (int i = 0; i < HG_LAUNCHES; i++)
			add_launch(model, &list->list[i]);
		model->launches_cut += list->cut;
		model->unrecorded += list->refused;
	}
	free(list);
}

/* Recordings of a folder stand together. */
void hg_load_all_launches(struct hg_model *model)
{
	const char *last = NULL;
	const struct hg_recording *recording;

	DL_FOREACH(model->recordings, recording) {
		const char *slash = strrchr(recording->file, '/');
		const char *folder =
		    slash ? hg_model_printf(model, "%.*s", (int)(slash - recording->file), recording->file) : ".";
		if (!last || strcmp(folder, last) != 0)
			hg_load_launches(model, folder);
		last = folder;
	}
}
