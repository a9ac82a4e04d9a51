/* What the sentences about a finding are made of. Each prints its part as `story` asks, after what was printed before.
 */
#ifndef HG_REPORT_DESCRIBE_STORY_PARTS_H
#define HG_REPORT_DESCRIBE_STORY_PARTS_H

#include <stdio.h>

#include "report/model/model.h"

/* The finding that is being told, and where to. */
struct hg_story {
	FILE *out;
	struct hg_model *model;
	const struct hg_resolved_finding *finding;
	bool observed; /* the run changed nothing */
	bool aborted;  /* the run was to end at the first error, and this was one */
};

/* "net_recv"; "an unknown function" */
const char *hg_function_of(const struct hg_resolved_call *call);

/* "thread 12 (reader)" */
void hg_story_thread(const struct hg_story *story, const struct hg_resolved_call *call, bool begins_sentence);

/* "stream 0x1234"; "every stream"; "the library as a whole" */
void hg_story_handle(const struct hg_story *story);

void hg_story_duration(const struct hg_story *story, const char *before, uint64_t ns, const char *after);

/* "thread 7 (reader) was in net_recv and thread 8 was in net_poll" */
void hg_story_in_flight(const struct hg_story *story);

/* " The free came from Go's finalizer."; nothing if that is not known. */
void hg_story_freer(const struct hg_story *story, const struct hg_resolved_call *call);

/* "Thread 5 (watcher) freed stream 0x1234 with net_free" */
void hg_story_free(const struct hg_story *story);

/* "Thread 5 called net_recv on stream 0x1234" */
void hg_story_call(const struct hg_story *story);

/* "thread 5 had freed it with net_free, 3 ms before" */
void hg_story_earlier_free(const struct hg_story *story);

/* "was freed with net_close by thread 5": what the handle was made from. */
void hg_story_parents_free(const struct hg_story *story);

/* " The free was still waiting for them when the process ended." */
void hg_story_waiting(const struct hg_story *story, const char *who, const char *what);

/* What the guard did about a call, by mode. In abort mode it ended the process there. */
void hg_story_fate(const struct hg_story *story, const char *observed, const char *guarded);

/* What the guard did to have the calls in flight come to an end. */
void hg_story_waker(const struct hg_story *story);

/* Of handles that were attached to others (story_ties.c). */
void hg_story_dangling(const struct hg_story *story);
void hg_story_given_free(const struct hg_story *story);

#endif
