/* The frames of a thread lie in the parent's recording, where the parent goes on changing them; so they are copied
 * before the fork, by the thread that forks, to memory of its own. */
#include "thread/inherited.h"

#include <pthread.h>

#include "base/counters.h"
#include "base/sys.h"
#include "format/record.h"
#include "thread/thread.h"

enum { MOST = 2 * HG_FRAMES }; /* limit: FRAMES_LOST */

struct entry {
	const struct hg_frame *parents; /* as the call knows it; null: it was left */
	struct hg_frame *ours;          /* once adopted */
	struct hg_frame copy;
	struct hg_running running;
};

struct inherited {
	unsigned count;
	uint64_t adopted; /* the epoch of the process that has adopted them; 0: none has */
	struct entry list[MOST];
};

static __thread struct inherited *inherited __attribute__((tls_model("initial-exec")));
/* For a child that is just being forked. */
static __thread struct inherited *bequest __attribute__((tls_model("initial-exec")));

/* A call that was inherited before knows its frame as that of the process that made it. */
static const struct hg_frame *known_as(const struct hg_frame *frame)
{
	for (unsigned i = 0; inherited && i < inherited->count; i++) {
		const struct entry *entry = &inherited->list[i];
		if (entry->parents && entry->ours == frame && entry->copy.fp == frame->fp)
			return entry->parents;
	}
	return frame;
}

static void copy_frame(struct inherited *to, const struct hg_context *context, struct hg_frame *frame)
{
	if (to->count == MOST) {
		hg_count(HG_COUNTER_FRAMES_LOST);
		return;
	}
	struct entry *entry = &to->list[to->count++];
	*entry = (struct entry){.parents = known_as(frame), .copy = hg_frame_load(frame)};
	if (frame >= context->base && frame < context->limit)
		entry->running = context->running[frame - context->base];
}

static void before_fork(void)
{
	struct hg_context *context = hg_context;
	if (bequest)
		bequest->count = 0;
	if (!context || !context->epoch || !hg_frame_before(context, NULL))
		return;
	if (!bequest)
		bequest = hg_map_memory(sizeof *bequest);
	if (!bequest)
		return;
	for (struct hg_frame *frame = NULL; (frame = hg_frame_before(context, frame));)
		if (hg_frame_used(frame))
			copy_frame(bequest, context, frame);
}

/* A process without a context of its own passes on what it has inherited itself. */
static void after_fork_in_child(void)
{
	struct inherited *ours = bequest;
	if ((!inherited || !inherited->adopted) && (!ours || !ours->count))
		return;
	bequest = inherited;
	inherited = ours;
	if (ours)
		ours->adopted = 0;
}

void hg_inherited_start(void)
{
	pthread_atfork(before_fork, NULL, after_fork_in_child);
}

void hg_inherited_adopt(struct hg_context *context)
{
	if (!inherited || inherited->adopted)
		return;
	inherited->adopted = context->epoch;
	/* The oldest first. */
	for (unsigned i = inherited->count; i-- > 0;) {
		struct entry *entry = &inherited->list[i];
		entry->ours = entry->parents ? hg_frame_push(context, &entry->copy) : NULL;
		if (entry->ours && entry->ours >= context->base && entry->ours < context->limit)
			context->running[entry->ours - context->base] = entry->running;
	}
}

struct hg_frame *hg_inherited_leave(const struct hg_frame *parents)
{
	bool ours = inherited && (!inherited->adopted || hg_inherited_adopted());
	for (unsigned i = 0; ours && i < inherited->count; i++) {
		struct entry *entry = &inherited->list[i];
		if (entry->parents != parents)
			continue;
		entry->parents = NULL;
		return entry->ours;
	}
	return NULL;
}

void hg_inherited_forget(const struct hg_frame *ours)
{
	for (unsigned i = 0; hg_inherited_adopted() && i < inherited->count; i++)
		if (inherited->list[i].ours == ours)
			inherited->list[i].parents = NULL;
}

bool hg_inherited_frees(const struct hg_guard *guard)
{
	for (unsigned i = 0; inherited && i < inherited->count; i++) {
		uint64_t held = inherited->list[i].copy.guard;
		if (held & HG_FRAME_FREE && hg_frame_guard(held) == guard)
			return true;
	}
	return false;
}

bool hg_inherited_adopted(void)
{
	return inherited && inherited->count && inherited->adopted && hg_context &&
	       hg_context->epoch == inherited->adopted;
}
