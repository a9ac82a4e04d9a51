/* A finding in sentences: who did what to the handle while who did what else, and how it went. */
#ifndef HG_REPORT_DESCRIBE_STORY_H
#define HG_REPORT_DESCRIBE_STORY_H

#include "report/model/model.h"

/* One or more sentences. */
const char *hg_story(struct hg_model *model, const struct hg_resolved_finding *finding);

/* "thread 12 (reader)"; "an unknown thread" */
const char *hg_thread_text(struct hg_model *model, const struct hg_resolved_call *call);

#endif
