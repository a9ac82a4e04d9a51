/* Findings of which enough are stored, known again by their calls and stacks: they are counted at their site, and
 * nothing is put together. */
#ifndef HG_FOLDED_H
#define HG_FOLDED_H

#include <stdbool.h>

#include "format/record.h"
#include "thread/event.h"

struct hg_class;

/* The sides of a finding whose sides are events: the call and the one other party that make it (finding.c). Of a leak
 * there is no call: null. An event that never happened is no side. */
struct hg_sides {
	enum hg_kind kind;
	const struct hg_class *class;
	const struct hg_event *call, *other;
};

/* Counts the finding if it is known to be one of those. */
bool hg_finding_folds(const struct hg_sides *sides);

/* From now on findings with these sides are only counted, at this site of the recording. */
void hg_finding_fold(const struct hg_sides *sides, struct hg_record_site *site);

#endif
