#include "record/labels.h"

#include <stdbool.h>

#include "base/counters.h"
#include "base/sys.h"
#include "format/record.h"
#include "record/recording.h"

/* A forked child inherits both. */
static __thread struct hg_label own __attribute__((tls_model("initial-exec")));
static __thread bool unsaid __attribute__((tls_model("initial-exec"))); /* it is inherited, and not in the recording */

static void append(void)
{
	struct hg_record_label *label = hg_recording_append(HG_EXTENT_LABELS);
	unsaid = false;
	if (!label) {
		hg_count(HG_COUNTER_LABELS_FULL);
		return;
	}
	label->tid = hg_gettid();
	label->text = own.text;
	__atomic_store_n(&label->ticks, own.ticks, __ATOMIC_RELEASE);
}

void hg_label_set(const char *text)
{
	own = (struct hg_label){.ticks = hg_ticks(), .text = text ? hg_recording_text(text) : 0};
	append();
}

struct hg_label hg_label_own(void)
{
	return own;
}

void hg_label_inherit(struct hg_label label)
{
	own = label;
	unsaid = label.text != 0;
}

void hg_label_first_call(void)
{
	if (unsaid)
		append();
}

void hg_label_forked(void)
{
	if (own.text)
		append();
}
