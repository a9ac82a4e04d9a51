/* The end of the process by exit() or a return from main: what still lives is noted, and the recording gets its mark.
 */
#include "finding/leaks.h"
#include "format/record.h"
#include "process/process.h"
#include "protocol/live.h"
#include "record/modules.h"
#include "record/recording.h"

__attribute__((destructor)) static void finish(void)
{
	if (!hg_process_epoch())
		return;
	if (!hg_live_kept)
		hg_leaks_report();
	/* What was loaded since the last finding: a report tells from it why a function was not called. */
	hg_modules_update();
	hg_recording_clock();
	hg_recording->clean_exit = 1;
}
