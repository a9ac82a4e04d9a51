#include "report/describe/story.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <utlist.h>

#include "common/files.h"
#include "common/typeset.h"
#include "report/describe/advice.h"
#include "report/describe/provoked.h"
#include "report/describe/story_parts.h"
#include "report/model/names.h"

static void describe_late_free(const struct hg_story *story)
{
	const struct hg_resolved_finding *finding = story->finding;

	hg_story_free(story);
	fputs(" while ", story->out);
	hg_story_in_flight(story);
	fputs(".", story->out);
	if (story->observed)
		fputs(" The handle was freed under them: the run only observed.", story->out);
	else if (finding->passed)
		fputs(" The function had ended the handle by then, and had not waited for them.", story->out);
	else if (finding->unfinished)
		hg_story_waiting(story, "The free", "for them");
	else if (finding->deferred)
		fprintf(story->out, " The free returned at once, %sand was left to the last of them to leave.",
		        finding->locked ? "since its thread held an interpreter's lock, " : "");
	else if (finding->drain_ns > 0)
		hg_story_duration(story, " The free waited ", finding->drain_ns, " until the last of them had left.");
	hg_story_waker(story);
	hg_story_fate(story, "", "");
	hg_story_freer(story, finding->call);
}

static void describe_drain_timeout(const struct hg_story *story)
{
	const struct hg_resolved_finding *finding = story->finding;

	hg_story_free(story);
	fputs(" while ", story->out);
	hg_story_in_flight(story);
	fputs(".", story->out);
	hg_story_duration(story, " After ", finding->drain_ns > 0 ? finding->drain_ns : finding->deadline_ns,
	                  finding->passed ? " it was run all the same: the process was about to end."
	                  : finding->deferred
	                      ? " the free gave up waiting and was turned away. It was left to the last of them to "
	                        "leave, which is told as freed-late."
	                      : " the free gave up waiting, and the handle was leaked on purpose: it may "
	                        "still be in use.");
	hg_story_waker(story);
	hg_story_fate(story, "", "");
	hg_story_freer(story, finding->call);
}

/* A function that hands out handles and is missing from the manifest makes a finding of what is right: the value means
 * a new handle, and the guards have seen the end of the last one only. */
static void print_doubt(const struct hg_story *story)
{
	const struct hg_resolved_finding *finding = story->finding;
	const struct hg_resolved_call *create = finding->create;

	if (finding->some_unseen)
		return;
	if (create && create->adopted)
		fprintf(story->out, " No create of this %s was seen", finding->class);
	else if (finding->unseen)
		fprintf(story->out, " %" PRIu64 " of the class %s %s met whose create was not seen", finding->unseen,
		        finding->class, finding->unseen == 1 ? "was" : "were");
	else
		return;
	fprintf(story->out,
	        ": if the library hands out a %s by a function that the manifest does not name, the value may be a new "
	        "handle's, and the call right. Name every such function as a create; or say \"creates: some\" of the "
	        "class, where that cannot be.",
	        finding->class);
}

static void describe_repeat_free(const struct hg_story *story)
{
	hg_story_free(story);
	fputs(" although ", story->out);
	hg_story_earlier_free(story);
	fputs(".", story->out);
	if (story->finding->passed)
		fputs(" The second free had reached the library by then.", story->out);
	else
		hg_story_fate(story, " The second free reached the library: the run only observed.",
		              " The second free did nothing.");
	hg_story_freer(story, story->finding->call);
	print_doubt(story);
}

static void describe_late_op(const struct hg_story *story)
{
	hg_story_call(story);
	fputs(" although ", story->out);
	hg_story_earlier_free(story);
	fputs(".", story->out);
	hg_story_fate(story, " The call reached the library: the run only observed.", " It was rejected.");
	hg_story_freer(story, story->finding->free);
	print_doubt(story);
}

/* The op of the freeing thread itself, among all that are in flight. */
static const struct hg_resolved_call *own_op(const struct hg_resolved_finding *finding)
{
	const struct hg_resolved_call *op;

	DL_FOREACH(finding->in_flight, op)
		if (finding->call && op->tid == finding->call->tid)
			return op;
	return finding->in_flight;
}

static void describe_reentrant_free(const struct hg_story *story)
{
	const struct hg_resolved_call *op = own_op(story->finding);

	hg_story_free(story);
	fprintf(story->out, " from inside its own call of %s on it.", hg_function_of(op));
	if (story->finding->leaked)
		fputs(" It could not be left to that call's return, and the handle was leaked on purpose.", story->out);
	else if (story->finding->passed)
		fputs(" The function had ended the handle by then.", story->out);
	else
		hg_story_fate(story, " The handle was freed under it: the run only observed.",
		              " The free was left to that call's return.");
}

/* The free of a parent, with the children that it leaves behind; or the free of such a child. */
static void print_orphaned(const struct hg_story *story)
{
	const struct hg_resolved_finding *finding = story->finding;
	const struct hg_resolved_call *child;

	hg_story_free(story);
	if (!finding->children) {
		fputs(" although the handle that it was made from ", story->out);
		hg_story_parents_free(story);
		fputs(".", story->out);
		hg_story_fate(story, " The free reached the library: the run only observed.",
		              " The free did nothing: the handle was leaked on purpose.");
		return;
	}
	fputs(" while handles that were made from it were still alive: ", story->out);
	DL_FOREACH(finding->children, child)
		fprintf(story->out, "%s%s 0x%" PRIx64, child == finding->children ? "" : ", ", child->class,
		        child->handle);
	fputs(".", story->out);
	hg_story_fate(story, " Calls on them still reach the library: the run only observed.",
	              " Calls on them are rejected from now on.");
}

static void describe_orphan(const struct hg_story *story)
{
	if (story->finding->call && (story->finding->call->roles & HG_ROLE_FREE) != 0) {
		print_orphaned(story);
		return;
	}
	hg_story_call(story);
	fputs(" although the handle that it was made from ", story->out);
	hg_story_parents_free(story);
	fputs(".", story->out);
	hg_story_fate(story, " The call reached the library: the run only observed.", " It was rejected.");
}

/* "thread 7 (reader), from libnet.so, and 2 other holders" */
static void print_holders(const struct hg_story *story)
{
	const struct hg_resolved_finding *finding = story->finding;
	const struct hg_resolved_call *first = finding->holders, *other;
	uint64_t others = finding->unlisted_holders;

	if (!first) {
		fputs("other holders", story->out);
		return;
	}
	DL_FOREACH(first->next, other)
		others++;
	hg_story_thread(story, first, false);
	if (first->stack.count > 0 && first->stack.frames[0].object[0] != '\0')
		fprintf(story->out, ", from %s,", hg_base_name(first->stack.frames[0].object));
	if (others > 0) {
		fputs(" and ", story->out);
		hg_print_count(story->out, others, "other holder", "other holders");
	}
}

static void describe_severed(const struct hg_story *story)
{
	const struct hg_resolved_finding *finding = story->finding;

	hg_story_thread(story, finding->call, true);
	fputs(" disconnected ", story->out);
	hg_story_handle(story);
	fprintf(story->out, " with %s while ", hg_function_of(finding->call));
	print_holders(story);
	fputs(" still claimed it.", story->out);
	hg_story_fate(story, " The handle was cut off all the same: the run only observed.",
	              finding->withheld
	                  ? " The disconnect was withheld: the handle lives on until nobody claims it any more."
	                  : " It was cut off for everybody: calls that come later are rejected.");
}

/* The op that was left without a return: the call itself, or else the op in flight. */
static const struct hg_resolved_call *left_op(const struct hg_resolved_finding *finding)
{
	return finding->call ? finding->call : finding->in_flight;
}

static void describe_unwound(const struct hg_story *story)
{
	hg_story_thread(story, left_op(story->finding), true);
	fprintf(story->out, " left %s on ", hg_function_of(left_op(story->finding)));
	hg_story_handle(story);
	fputs(" by unwinding: an exception, a panic or a cancellation went through it.", story->out);
	hg_story_fate(story, "", "");
}

static void describe_abandoned(const struct hg_story *story)
{
	hg_story_thread(story, left_op(story->finding), true);
	fprintf(story->out, " never came back from %s on ", hg_function_of(left_op(story->finding)));
	hg_story_handle(story);
	fputs(": its frame vanished. It no longer counts as in flight.", story->out);
}

/* " Of that class, thread 7 (closer) had freed 0x1234 with net_free, 12 us before; thread 8 ..." */
static void print_recent(const struct hg_story *story)
{
	const struct hg_resolved_finding *finding = story->finding;
	const struct hg_resolved_call *free;

	if (!finding->recent)
		fprintf(story->out, " No free of a %s had begun before.", finding->class);
	DL_FOREACH(finding->recent, free) {
		fprintf(story->out, free == finding->recent ? " Of the class %s, " : "; ", finding->class);
		hg_story_thread(story, free, false);
		fprintf(story->out, " had freed 0x%" PRIx64 " with %s", free->handle, hg_function_of(free));
		if (free->time_ns < finding->time_ns)
			hg_story_duration(story, ", ", finding->time_ns - free->time_ns, " before");
	}
	if (finding->recent)
		fputc('.', story->out);
}

static void describe_stray(const struct hg_story *story)
{
	hg_story_call(story);
	fputs(", a value that no create of the class had handed out.", story->out);
	if (!story->finding->refused)
		return;
	hg_story_fate(story, " The call reached the library: the run only observed.", " It was rejected.");
	print_recent(story);
}

static void describe_null_op(const struct hg_story *story)
{
	hg_story_thread(story, story->finding->call, true);
	fprintf(story->out, " called %s without a handle: where it is to be given a %s, there was ",
	        hg_function_of(story->finding->call), story->finding->class);
	if (story->finding->handle)
		fprintf(story->out, "0x%" PRIx64 ", which names none.", story->finding->handle);
	else
		fputs("a null.", story->out);
	hg_story_fate(story, " The call reached the library: the run only observed.", " It was rejected.");
	print_recent(story);
}

static void describe_reborn(const struct hg_story *story)
{
	bool in_place = story->finding->in_place;

	fprintf(story->out, in_place ? "%s filled " : "%s handed out ", hg_function_of(story->finding->call));
	hg_story_handle(story);
	fputs(in_place ? ", which it had been given before and which still counted as live."
	               : ", which still counted as live.",
	      story->out);
}

static void describe_exhausted(const struct hg_story *story)
{
	const struct hg_resolved_finding *finding = story->finding;

	hg_story_thread(story, finding->call, true);
	fprintf(story->out, " called %s and got ", hg_function_of(finding->call));
	hg_story_handle(story);
	if (finding->limit > 0)
		fprintf(story->out, ", the last of the %" PRIu32 " handles that the class can have at once.",
		        finding->limit);
	else
		fputs(", and with it the limit of the class was reached.", story->out);
}

static void describe_leak(const struct hg_story *story)
{
	const struct hg_resolved_call *create = story->finding->create;

	hg_story_handle(story);
	if (create) {
		fprintf(story->out, create->adopted ? ", first met in %s by " : ", created with %s by ",
		        hg_function_of(create));
		hg_story_thread(story, create, false);
		fputs(",", story->out);
	}
	fputs(" was still live when the process ended.", story->out);
}

static void describe_overlap(const struct hg_story *story)
{
	const struct hg_resolved_finding *finding = story->finding;

	hg_story_call(story);
	fputs(" while ", story->out);
	hg_story_in_flight(story);
	fputs(", and the class allows one thread at a time.", story->out);
	if (finding->unfinished && finding->deadline_ns > 0)
		hg_story_waiting(story, "The call", "for its turn");
	else if (finding->serialised)
		hg_story_duration(story, " The call waited ", finding->drain_ns, " until it was alone.");
	else if (finding->drain_ns > 0)
		hg_story_duration(story, " The call waited ", finding->drain_ns,
		                  " for its turn, and was then let through.");
	hg_story_fate(story, "", "");
}

static void describe_wrong_thread(const struct hg_story *story)
{
	const struct hg_resolved_call *create = story->finding->create;

	hg_story_call(story);
	fputs(", which is only for the thread that created it", story->out);
	if (create) {
		fputs(": ", story->out);
		hg_story_thread(story, create, false);
	}
	fputc('.', story->out);
}

static void describe_freed_late(const struct hg_story *story)
{
	const struct hg_resolved_finding *finding = story->finding;

	fputs("The last call in flight on ", story->out);
	hg_story_handle(story);
	fputs(" has left, on ", story->out);
	hg_story_thread(story, finding->call, false);
	fprintf(story->out, ", and %s has freed it there", hg_function_of(finding->call));
	if (finding->drain_ns > 0)
		hg_story_duration(story, ", ", finding->drain_ns, " after its free had begun");
	fputs(".", story->out);
	if (finding->free) {
		fputs(" That free, by ", story->out);
		hg_story_thread(story, finding->free, false);
		fputs(", had timed out.", story->out);
	}
}

static void describe_inherited(const struct hg_story *story)
{
	const struct hg_resolved_call *create = story->finding->create;

	hg_story_call(story);
	fputs(" in a forked child, and it belongs to the process that created it", story->out);
	if (create) {
		fputs(create->adopted ? ": before the fork " : ": before the fork, ", story->out);
		hg_story_thread(story, create, false);
		fprintf(story->out, create->adopted ? " had used it in %s" : " had created it with %s",
		        hg_function_of(create));
	}
	fputc('.', story->out);
	hg_story_fate(story, " The call reached the library: the run only observed.",
	              story->finding->withheld ? " The free was withheld: the library did not hear of it."
	                                       : " It was let through.");
}

static void describe_freed_again(const struct hg_story *story)
{
	hg_story_free(story);
	fputs(" although ", story->out);
	hg_story_earlier_free(story);
	fprintf(
	    story->out,
	    ", and nobody has seen it created since. Not every create of a %s can be seen: it may be another one. The "
	    "free reached the library.",
	    story->finding->class);
}

static void describe_free_at_return(const struct hg_story *story)
{
	hg_story_free(story);
	fputs(" while ", story->out);
	hg_story_in_flight(story);
	fputs(
	    ". The library was done with that call by then: it was held back on its way out, as the point l asks for. "
	    "Some libraries allow a free there.",
	    story->out);
}

static void (*const stories[HG_KIND_COUNT])(const struct hg_story *) = {
    [HG_KIND_LATE_FREE] = describe_late_free,
    [HG_KIND_DRAIN_TIMEOUT] = describe_drain_timeout,
    [HG_KIND_REPEAT_FREE] = describe_repeat_free,
    [HG_KIND_LATE_OP] = describe_late_op,
    [HG_KIND_REENTRANT_FREE] = describe_reentrant_free,
    [HG_KIND_ORPHAN] = describe_orphan,
    [HG_KIND_SEVERED] = describe_severed,
    [HG_KIND_UNWOUND] = describe_unwound,
    [HG_KIND_ABANDONED] = describe_abandoned,
    [HG_KIND_STRAY] = describe_stray,
    [HG_KIND_REBORN] = describe_reborn,
    [HG_KIND_EXHAUSTED] = describe_exhausted,
    [HG_KIND_LEAK] = describe_leak,
    [HG_KIND_OVERLAP] = describe_overlap,
    [HG_KIND_WRONG_THREAD] = describe_wrong_thread,
    [HG_KIND_FREED_LATE] = describe_freed_late,
    [HG_KIND_NULL_OP] = describe_null_op,
    [HG_KIND_INHERITED] = describe_inherited,
    [HG_KIND_FREED_AGAIN] = describe_freed_again,
    [HG_KIND_DANGLING] = hg_story_dangling,
    [HG_KIND_GIVEN_FREE] = hg_story_given_free,
    [HG_KIND_FREE_AT_RETURN] = describe_free_at_return,
};
static_assert(HG_KIND_COUNT == HG_KIND_FREE_AT_RETURN + 1,
              "a new kind of finding needs a function here and a row in advice.c");

/* The first call whose thread had last seen an older handle of the same value. */
static const struct hg_resolved_call *older_call(const struct hg_resolved_finding *finding)
{
	const struct hg_resolved_call *op;

	if (finding->call && finding->call->older)
		return finding->call;
	if (finding->free && finding->free->older)
		return finding->free;
	DL_FOREACH(finding->in_flight, op)
		if (op->older)
			return op;
	return NULL;
}

static void describe_older(const struct hg_story *story)
{
	const struct hg_resolved_call *call = older_call(story->finding);

	if (!call)
		return;
	fputc(' ', story->out);
	hg_story_thread(story, call, true);
	fprintf(
	    story->out,
	    " had last seen an older %s of the same value, which is gone: its call of %s may be meant for that one, "
	    "and be a late one.",
	    story->finding->class, hg_function_of(call));
	if (!story->finding->quarantined)
		fprintf(story->out,
		        " With \"quarantine: true\" in the manifest, the addresses of freed handles are held back, and "
		        "late calls are told from others.");
}

const char *hg_story(struct hg_model *model, const struct hg_resolved_finding *finding)
{
	char *text = NULL;
	size_t length = 0;
	struct hg_story story = {.model = model, .finding = finding};
	uint32_t mode = finding->recording->reader.header->mode;

	story.observed = mode == HG_MODE_OBSERVE;
	story.aborted = mode == HG_MODE_ABORT && hg_kind_level(finding->kind) == HG_LEVEL_ERROR && !finding->unfinished;
	story.out = open_memstream(&text, &length);
	if (!story.out)
		return "";
	stories[finding->kind](&story);
	describe_older(&story);
	hg_story_provoked(&story);
	fclose(story.out);
	const char *kept = hg_model_text(model, text, length);
	free(text);
	return kept;
}
