#include "record/labels.h"

#include "base/counters.h"
#include "base/sys.h"
#include "format/record.h"
#include "record/recording.h"

static __thread uint32_t current
    __attribute__((tls_model("initial-exec"))); /* as in the recording; a child inherits it */

static void append(void)
{
	struct hg_record_label *label = hg_recording_append(HG_EXTENT_LABELS);
	if (!label) {
		hg_count(HG_COUNTER_LABELS_FULL);
		return;
	}
	label->tid = hg_gettid();
	label->text = current;
	__atomic_store_n(&label->ticks, hg_ticks(), __ATOMIC_RELEASE);
}

void hg_label_set(const char *text)
{
	current = text ? hg_recording_text(text) : 0;
	append();
}

void hg_label_forked(void)
{
	if (current)
		append();
}
