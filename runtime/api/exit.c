/* The end of the process by exit() or a return from main: what still lives is noted, and the recording gets its mark.
 */
#include "finding/finding.h"
#include "finding/holders.h"
#include "finding/race.h"
#include "format/image.h"
#include "format/record.h"
#include "process/process.h"
#include "protocol/guard.h"
#include "protocol/guard_word.h"
#include "protocol/handle_table.h"
#include "protocol/live.h"
#include "record/modules.h"
#include "record/recording.h"
#include "thread/event.h"

static void note_leak(struct hg_guard *guard, void *unused)
{
	(void)unused;
	uint64_t word = atomic_load(&guard->word);
	struct hg_event create = hg_event_of_life(&guard->create, hg_word_generation(word));
	/* The library's own handles, and those that were there before us, are not the program's to free; what a forked
	 * child has inherited is its parent's to free. */
	bool inherited = create.ticks && hg_event_inherited(&create);
	bool meant = guard->class->flags & HG_CLASS_OUTLIVING;
	if (!(word & HG_WORD_LIVE) || create.flags || inherited || meant)
		return;
	struct hg_finding_builder *builder = hg_finding_open(guard, hg_word_generation(word));
	hg_finding_add(builder, HG_PARTY_CREATE, &create);
	if (guard->class->flags & HG_CLASS_SHARED)
		hg_finding_add_holders(builder, guard, hg_word_generation(word));
	hg_finding_close(builder, &(struct hg_verdict){.kind = HG_KIND_LEAK});
}

__attribute__((destructor)) static void finish(void)
{
	if (!hg_process_epoch())
		return;
	if (!hg_live_kept)
		hg_table_each(note_leak, NULL);
	/* What was loaded since the last finding: a report tells from it why a function was not called. */
	hg_modules_update();
	hg_recording_clock();
	hg_recording->clean_exit = 1;
}
