/* How the processes of a run ended. `run`, which waits for them, keeps that in the folder of their recordings: a
 * recording itself does not know how its process was killed. The file is a text of lines: `handleguard endings 1`, then
 * `PID exited STATUS` or `PID killed SIGNAL` for each process. */
#ifndef HG_REPORT_READ_KEPT_ENDINGS_H
#define HG_REPORT_READ_KEPT_ENDINGS_H

#include "report/model/request.h"
#include "report/read/load.h"

#define HG_ENDINGS_FILE "endings.txt"

/* What is kept in the folder that was read last. */
struct hg_kept_endings {
	char *path; /* null: none was read */
	struct hg_report_ending *list;
	size_t count;
};

/* Fills in `kept_ending` of a recording that lies at `path`. False after saying what is wrong with what is kept. */
bool hg_kept_ending(const struct hg_loading *loading, const char *path, struct hg_recording *recording);

void hg_kept_endings_drop(struct hg_kept_endings *kept);

/* Keeps how processes ended in the folder of their recordings, for later reports. False with errno set. */
bool hg_report_keep_endings(const char *folder, const struct hg_report_ending *endings, size_t count);

#endif
