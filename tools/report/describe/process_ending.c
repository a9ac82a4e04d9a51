#include "report/describe/process_ending.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/signal_name.h"
#include "report/model/names.h"
#include "report/read/successors.h"

/* Start time (field 22 of /proc/PID/stat) of a process that runs under this number; 0: none, or it is a zombie. */
static uint64_t start_of_running(uint32_t pid)
{
	char path[64], line[1024];

	snprintf(path, sizeof(path), "/proc/%" PRIu32 "/stat", pid);
	FILE *file = fopen(path, "re");
	if (!file)
		return 0;
	size_t length = fread(line, 1, sizeof(line) - 1, file);
	fclose(file);
	line[length] = '\0';
	/* The name, field 2, is in parentheses and may hold anything. */
	const char *rest = strrchr(line, ')');
	char state = 0;
	uint64_t start = 0;
	if (!rest ||
	    sscanf(rest + 1, " %c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %" SCNu64,
	           &state, &start) != 2)
		return 0;
	return state == 'Z' || state == 'X' ? 0 : start;
}

/* Whether the process now runs another program than the recorded one. False also if that cannot be known. */
static bool runs_another_program(const struct hg_record_header *header)
{
	char path[64], target[sizeof(header->executable)];

	snprintf(path, sizeof(path), "/proc/%" PRIu32 "/exe", header->pid);
	ssize_t length = readlink(path, target, sizeof(target));
	if (length <= 0 || (size_t)length >= sizeof(target) || header->executable[0] == '\0')
		return false;
	size_t recorded = strnlen(header->executable, sizeof(header->executable));
	return recorded != (size_t)length || memcmp(target, header->executable, recorded) != 0;
}

static void describe_wait_status(struct hg_recording *recording, int wait_status)
{
	recording->ended = HG_ENDED_STATUS;
	recording->ended_by = WEXITSTATUS(wait_status);
	if (WIFSIGNALED(wait_status)) {
		recording->ended = HG_ENDED_SIGNAL;
		recording->ended_by = WTERMSIG(wait_status);
	} else if (recording->reader.header->clean_exit) {
		recording->ended = HG_ENDED_CLEAN;
	}
}

static void describe_from_here(const struct hg_model *model, struct hg_recording *recording)
{
	const struct hg_record_header *header = recording->reader.header;
	bool lives = header->process_start != 0 && start_of_running(header->pid) == header->process_start;

	if (header->clean_exit)
		recording->ended = HG_ENDED_CLEAN;
	else if (hg_has_successor(model, header) || (lives && runs_another_program(header)))
		recording->ended = HG_ENDED_EXEC;
	else
		recording->ended = lives ? HG_ENDED_RUNNING : HG_ENDED_UNKNOWN;
}

static const struct hg_report_ending *find_ending(const struct hg_report_ending *endings, size_t count, uint32_t pid)
{
	for (size_t i = 0; i < count; i++)
		if (endings[i].pid == pid)
			return &endings[i];
	return NULL;
}

void hg_describe_ending(const struct hg_model *model, struct hg_recording *recording,
                        const struct hg_report_ending *endings, size_t count)
{
	const struct hg_record_header *header = recording->reader.header;
	const struct hg_report_ending *ending = find_ending(endings, count, header->pid);

	if (!ending)
		ending = recording->kept_ending;
	if (ending && !hg_has_successor(model, header))
		describe_wait_status(recording, ending->wait_status);
	else
		describe_from_here(model, recording);
}

const char *hg_ending_text(struct hg_model *model, const struct hg_recording *recording)
{
	switch (recording->ended) {
	case HG_ENDED_CLEAN:
		return "exited by itself";
	case HG_ENDED_RUNNING:
		return "still running";
	case HG_ENDED_SIGNAL:
		return hg_model_printf(model, "ended by signal %d (%s)", recording->ended_by,
		                       hg_signal_name(recording->ended_by));
	case HG_ENDED_STATUS:
		if (recording->no_exit_handlers)
			return hg_model_printf(model, "exited with status %d", recording->ended_by);
		return hg_model_printf(model, "exited with status %d, without running its exit handlers (_exit)",
		                       recording->ended_by);
	case HG_ENDED_EXEC:
		return "went on as another program (exec)";
	default:
		if (recording->no_exit_handlers)
			return "not known: a Go program leaves no exit mark";
		return "left no exit mark: it was killed, crashed, or called _exit";
	}
}

const char *hg_ending_name(enum hg_how_ended ended)
{
	static const char *const names[] = {
	    [HG_ENDED_CLEAN] = "clean",   [HG_ENDED_RUNNING] = "running", [HG_ENDED_SIGNAL] = "signal",
	    [HG_ENDED_STATUS] = "status", [HG_ENDED_EXEC] = "exec",       [HG_ENDED_UNKNOWN] = "unknown",
	};

	return names[ended];
}
