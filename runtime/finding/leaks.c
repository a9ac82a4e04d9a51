#include "finding/leaks.h"

#include "finding/finding.h"
#include "finding/folded.h"
#include "finding/holders.h"
#include "finding/race.h"
#include "format/image.h"
#include "format/record.h"
#include "protocol/class.h"
#include "protocol/guard.h"
#include "protocol/guard_word.h"
#include "protocol/handle_table.h"
#include "thread/event.h"

/* The library's own handles, and those that were there before us, are not the program's to free; what a forked child
 * has inherited is its parent's to free. */
static bool is_to_be_freed(const struct hg_guard *guard, uint64_t word, const struct hg_event *create)
{
	bool inherited = create->ticks && hg_event_inherited(create);
	bool meant = guard->class->flags & HG_CLASS_OUTLIVING;
	return word & HG_WORD_LIVE && !(create->flags & ~HG_EVENT_CLOSED) && !inherited && !meant;
}

static void report_leak(struct hg_guard *guard, void *unused)
{
	(void)unused;
	uint64_t word = atomic_load(&guard->word);
	struct hg_event create = hg_event_of_life(&guard->create, hg_word_generation(word));
	struct hg_sides sides = {.kind = HG_KIND_LEAK, .class = guard->class, .other = &create};
	/* Who holds a shared one may be a side of it. */
	bool shared = guard->class->flags & HG_CLASS_SHARED;
	if (!is_to_be_freed(guard, word, &create) || (!shared && hg_finding_folds(&sides)))
		return;
	struct hg_finding_builder *builder = hg_finding_open(guard, hg_word_generation(word));
	hg_finding_add(builder, HG_PARTY_CREATE, &create);
	if (shared)
		hg_finding_add_holders(builder, guard, hg_word_generation(word));
	hg_finding_close_like(builder, &(struct hg_verdict){.kind = HG_KIND_LEAK}, shared ? NULL : &sides);
}

void hg_leaks_report(void)
{
	hg_table_each(report_leak, NULL);
}
