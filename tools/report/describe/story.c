#include "report/describe/story.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <utlist.h>

#include "common/files.h"
#include "common/typeset.h"
#include "report/describe/advice.h"
#include "report/describe/freer.h"
#include "report/model/names.h"

/* The finding that is being told, and where to. */
struct story {
	FILE *out;
	struct hg_model *model;
	const struct hg_resolved_finding *finding;
	bool observed; /* the run changed nothing */
	bool aborted;  /* the run was to end at the first error, and this was one */
};

const char *hg_thread_text(struct hg_model *model, const struct hg_resolved_call *call)
{
	if (!call || call->tid == 0)
		return "an unknown thread";
	if (call->thread_name[0] == '\0')
		return hg_model_printf(model, "thread %" PRIu32, call->tid);
	return hg_model_printf(model, "thread %" PRIu32 " (%s)", call->tid, call->thread_name);
}

static const char *function_of(const struct hg_resolved_call *call)
{
	return call && call->function ? call->function : "an unknown function";
}

static void print_thread(const struct story *story, const struct hg_resolved_call *call, bool begins_sentence)
{
	const char *text = hg_thread_text(story->model, call);

	fputc(begins_sentence ? toupper((unsigned char)text[0]) : text[0], story->out);
	fputs(text + 1, story->out);
}

static void print_handle(const struct story *story)
{
	if (story->finding->all) {
		fprintf(story->out, "every %s", story->finding->class);
		return;
	}
	fprintf(story->out, "%s 0x%" PRIx64, story->finding->class, story->finding->handle);
}

static void print_duration(const struct story *story, const char *before, uint64_t ns, const char *after)
{
	fputs(before, story->out);
	hg_print_duration(story->out, ns);
	fputs(after, story->out);
}

/* "thread 7 (reader) was in net_recv and thread 8 was in net_poll" */
static void print_in_flight(const struct story *story)
{
	const struct hg_resolved_call *op;

	if (!story->finding->in_flight)
		fputs("other calls were using it", story->out);
	DL_FOREACH(story->finding->in_flight, op) {
		if (op != story->finding->in_flight)
			fputs(op->next ? ", " : " and ", story->out);
		print_thread(story, op, false);
		fprintf(story->out, " was in %s", function_of(op));
	}
}

static void print_freer(const struct story *story, const struct hg_resolved_call *call)
{
	const char *who = hg_freer_of(call).who;

	if (who)
		fprintf(story->out, " The free came from %s.", who);
}

/* "Thread 5 (watcher) freed stream 0x1234 with net_free" */
static void print_free(const struct story *story)
{
	print_thread(story, story->finding->call, true);
	fputs(" freed ", story->out);
	print_handle(story);
	fprintf(story->out, " with %s", function_of(story->finding->call));
}

/* "Thread 5 called net_recv on stream 0x1234" */
static void print_call(const struct story *story)
{
	print_thread(story, story->finding->call, true);
	fprintf(story->out, " called %s on ", function_of(story->finding->call));
	print_handle(story);
}

static void print_earlier_free(const struct story *story)
{
	const struct hg_resolved_finding *finding = story->finding;
	const struct hg_resolved_call *earlier = finding->free;

	if (!earlier) {
		fputs("it had been freed before", story->out);
		return;
	}
	print_thread(story, earlier, false);
	fprintf(story->out, " had freed it with %s", function_of(earlier));
	if (earlier->time_ns < finding->time_ns)
		print_duration(story, ", ", finding->time_ns - earlier->time_ns, " before");
}

static void print_parents_free(const struct story *story)
{
	const struct hg_resolved_call *parents = story->finding->free;

	if (!parents) {
		fputs("had been freed", story->out);
		return;
	}
	fprintf(story->out, "was freed with %s by ", function_of(parents));
	print_thread(story, parents, false);
}

/* "The free was still waiting for them when the process ended." */
static void print_waiting(const struct story *story, const char *who, const char *what)
{
	bool running = story->finding->recording->ended == HG_ENDED_RUNNING;

	fprintf(story->out, running ? " %s is still waiting %s." : " %s was still waiting %s when the process ended.",
	        who, what);
}

/* What the guard did about a call, by mode. In abort mode it ended the process there. */
static void print_fate(const struct story *story, const char *observed, const char *guarded)
{
	if (story->observed)
		fputs(observed, story->out);
	else
		fputs(story->aborted ? " The process was aborted there, as the mode asks." : guarded, story->out);
}

static void describe_late_free(const struct story *story)
{
	const struct hg_resolved_finding *finding = story->finding;

	print_free(story);
	fputs(" while ", story->out);
	print_in_flight(story);
	fputs(".", story->out);
	if (story->observed)
		fputs(" The handle was freed under them: the run only observed.", story->out);
	else if (finding->passed)
		fputs(" The function had ended the handle by then, and had not waited for them.", story->out);
	else if (finding->unfinished)
		print_waiting(story, "The free", "for them");
	else if (finding->deferred)
		fprintf(story->out, " The free returned at once, %sand was left to the last of them to leave.",
		        finding->locked ? "since its thread held an interpreter's lock, " : "");
	else if (finding->drain_ns > 0)
		print_duration(story, " The free waited ", finding->drain_ns, " until the last of them had left.");
	print_fate(story, "", "");
	print_freer(story, finding->call);
}

static void describe_drain_timeout(const struct story *story)
{
	const struct hg_resolved_finding *finding = story->finding;

	print_free(story);
	fputs(" while ", story->out);
	print_in_flight(story);
	fputs(".", story->out);
	print_duration(story, " After ", finding->drain_ns > 0 ? finding->drain_ns : finding->deadline_ns,
	               finding->deferred
	                   ? " the free gave up waiting and was turned away. It was left to the last of them to "
	                     "leave, which is told as freed-late."
	                   : " the free gave up waiting, and the handle was leaked on purpose: it may "
	                     "still be in use.");
	print_fate(story, "", "");
	print_freer(story, finding->call);
}

static void describe_repeat_free(const struct story *story)
{
	print_free(story);
	fputs(" although ", story->out);
	print_earlier_free(story);
	fputs(".", story->out);
	if (story->finding->passed)
		fputs(" The second free had reached the library by then.", story->out);
	else
		print_fate(story, " The second free reached the library: the run only observed.",
		           " The second free did nothing.");
	print_freer(story, story->finding->call);
}

static void describe_late_op(const struct story *story)
{
	print_call(story);
	fputs(" although ", story->out);
	print_earlier_free(story);
	fputs(".", story->out);
	print_fate(story, " The call reached the library: the run only observed.", " It was rejected.");
	print_freer(story, story->finding->free);
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

static void describe_reentrant_free(const struct story *story)
{
	const struct hg_resolved_call *op = own_op(story->finding);

	print_free(story);
	fprintf(story->out, " from inside its own call of %s on it.", function_of(op));
	if (story->finding->leaked)
		fputs(" It could not be left to that call's return, and the handle was leaked on purpose.", story->out);
	else if (story->finding->passed)
		fputs(" The function had ended the handle by then.", story->out);
	else
		print_fate(story, " The handle was freed under it: the run only observed.",
		           " The free was left to that call's return.");
}

/* The free of a parent, with the children that it leaves behind; or the free of such a child. */
static void print_orphaned(const struct story *story)
{
	const struct hg_resolved_finding *finding = story->finding;
	const struct hg_resolved_call *child;

	print_free(story);
	if (!finding->children) {
		fputs(" although the handle that it was made from ", story->out);
		print_parents_free(story);
		fputs(".", story->out);
		print_fate(story, " The free reached the library: the run only observed.",
		           " The free did nothing: the handle was leaked on purpose.");
		return;
	}
	fputs(" while handles that were made from it were still alive: ", story->out);
	DL_FOREACH(finding->children, child)
		fprintf(story->out, "%s%s 0x%" PRIx64, child == finding->children ? "" : ", ", child->class,
		        child->handle);
	fputs(".", story->out);
	print_fate(story, " Calls on them still reach the library: the run only observed.",
	           " Calls on them are rejected from now on.");
}

static void describe_orphan(const struct story *story)
{
	if (story->finding->call && (story->finding->call->roles & HG_ROLE_FREE) != 0) {
		print_orphaned(story);
		return;
	}
	print_call(story);
	fputs(" although the handle that it was made from ", story->out);
	print_parents_free(story);
	fputs(".", story->out);
	print_fate(story, " The call reached the library: the run only observed.", " It was rejected.");
}

/* "thread 7 (reader), from libnet.so, and 2 other holders" */
static void print_holders(const struct story *story)
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
	print_thread(story, first, false);
	if (first->stack.count > 0 && first->stack.frames[0].object[0] != '\0')
		fprintf(story->out, ", from %s,", hg_base_name(first->stack.frames[0].object));
	if (others > 0) {
		fputs(" and ", story->out);
		hg_print_count(story->out, others, "other holder", "other holders");
	}
}

static void describe_severed(const struct story *story)
{
	const struct hg_resolved_finding *finding = story->finding;

	print_thread(story, finding->call, true);
	fputs(" disconnected ", story->out);
	print_handle(story);
	fprintf(story->out, " with %s while ", function_of(finding->call));
	print_holders(story);
	fputs(" still claimed it.", story->out);
	print_fate(story, " The handle was cut off all the same: the run only observed.",
	           finding->withheld
	               ? " The disconnect was withheld: the handle lives on until nobody claims it any more."
	               : " It was cut off for everybody: calls that come later are rejected.");
}

/* The op that was left without a return: the call itself, or else the op in flight. */
static const struct hg_resolved_call *left_op(const struct hg_resolved_finding *finding)
{
	return finding->call ? finding->call : finding->in_flight;
}

static void describe_unwound(const struct story *story)
{
	print_thread(story, left_op(story->finding), true);
	fprintf(story->out, " left %s on ", function_of(left_op(story->finding)));
	print_handle(story);
	fputs(" by unwinding: an exception, a panic or a cancellation went through it.", story->out);
	print_fate(story, "", "");
}

static void describe_abandoned(const struct story *story)
{
	print_thread(story, left_op(story->finding), true);
	fprintf(story->out, " never came back from %s on ", function_of(left_op(story->finding)));
	print_handle(story);
	fputs(": its frame vanished. It no longer counts as in flight.", story->out);
}

/* " Of that class, thread 7 (closer) had freed 0x1234 with net_free, 12 us before; thread 8 ..." */
static void print_recent(const struct story *story)
{
	const struct hg_resolved_finding *finding = story->finding;
	const struct hg_resolved_call *free;

	if (!finding->recent)
		fprintf(story->out, " No free of a %s had begun before.", finding->class);
	DL_FOREACH(finding->recent, free) {
		fprintf(story->out, free == finding->recent ? " Of the class %s, " : "; ", finding->class);
		print_thread(story, free, false);
		fprintf(story->out, " had freed 0x%" PRIx64 " with %s", free->handle, function_of(free));
		if (free->time_ns < finding->time_ns)
			print_duration(story, ", ", finding->time_ns - free->time_ns, " before");
	}
	if (finding->recent)
		fputc('.', story->out);
}

static void describe_stray(const struct story *story)
{
	print_call(story);
	fputs(", a value that no create of the class had handed out.", story->out);
	if (!story->finding->refused)
		return;
	print_fate(story, " The call reached the library: the run only observed.", " It was rejected.");
	print_recent(story);
}

static void describe_null_op(const struct story *story)
{
	print_thread(story, story->finding->call, true);
	fprintf(story->out, " called %s without a handle: where it is to be given a %s, there was ",
	        function_of(story->finding->call), story->finding->class);
	if (story->finding->handle)
		fprintf(story->out, "0x%" PRIx64 ", which names none.", story->finding->handle);
	else
		fputs("a null.", story->out);
	print_fate(story, " The call reached the library: the run only observed.", " It was rejected.");
	print_recent(story);
}

static void describe_reborn(const struct story *story)
{
	fprintf(story->out, "%s handed out ", function_of(story->finding->call));
	print_handle(story);
	fputs(", which still counted as live.", story->out);
}

static void describe_exhausted(const struct story *story)
{
	const struct hg_resolved_finding *finding = story->finding;

	print_thread(story, finding->call, true);
	fprintf(story->out, " called %s and got ", function_of(finding->call));
	print_handle(story);
	if (finding->limit > 0)
		fprintf(story->out, ", the last of the %" PRIu32 " handles that the class can have at once.",
		        finding->limit);
	else
		fputs(", and with it the limit of the class was reached.", story->out);
}

static void describe_leak(const struct story *story)
{
	const struct hg_resolved_call *create = story->finding->create;

	print_handle(story);
	if (create) {
		fprintf(story->out, create->adopted ? ", first met in %s by " : ", created with %s by ",
		        function_of(create));
		print_thread(story, create, false);
		fputs(",", story->out);
	}
	fputs(" was still live when the process ended.", story->out);
}

static void describe_overlap(const struct story *story)
{
	const struct hg_resolved_finding *finding = story->finding;

	print_call(story);
	fputs(" while ", story->out);
	print_in_flight(story);
	fputs(", and the class allows one thread at a time.", story->out);
	if (finding->unfinished && finding->deadline_ns > 0)
		print_waiting(story, "The call", "for its turn");
	else if (finding->serialised)
		print_duration(story, " The call waited ", finding->drain_ns, " until it was alone.");
	else if (finding->drain_ns > 0)
		print_duration(story, " The call waited ", finding->drain_ns,
		               " for its turn, and was then let through.");
	print_fate(story, "", "");
}

static void describe_wrong_thread(const struct story *story)
{
	const struct hg_resolved_call *create = story->finding->create;

	print_call(story);
	fputs(", which is only for the thread that created it", story->out);
	if (create) {
		fputs(": ", story->out);
		print_thread(story, create, false);
	}
	fputc('.', story->out);
}

static void describe_freed_late(const struct story *story)
{
	const struct hg_resolved_finding *finding = story->finding;

	fputs("The last call in flight on ", story->out);
	print_handle(story);
	fputs(" has left, on ", story->out);
	print_thread(story, finding->call, false);
	fprintf(story->out, ", and %s has freed it there", function_of(finding->call));
	if (finding->drain_ns > 0)
		print_duration(story, ", ", finding->drain_ns, " after its free had begun");
	fputs(".", story->out);
	if (finding->free) {
		fputs(" That free, by ", story->out);
		print_thread(story, finding->free, false);
		fputs(", had timed out.", story->out);
	}
}

static void (*const stories[HG_KIND_COUNT])(const struct story *) = {
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
};
static_assert(HG_KIND_COUNT == HG_KIND_NULL_OP + 1,
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

static void describe_older(const struct story *story)
{
	const struct hg_resolved_call *call = older_call(story->finding);

	if (!call)
		return;
	fputc(' ', story->out);
	print_thread(story, call, true);
	fprintf(
	    story->out,
	    " had last seen an older %s of the same value, which is gone: its call of %s may be meant for that one, "
	    "and be a late one.",
	    story->finding->class, function_of(call));
	if (!story->finding->quarantined)
		fprintf(story->out,
		        " With \"quarantine: true\" in the manifest, the addresses of freed handles are held back, and "
		        "late calls are told from others.");
}

const char *hg_story(struct hg_model *model, const struct hg_resolved_finding *finding)
{
	char *text = NULL;
	size_t length = 0;
	struct story story = {.model = model, .finding = finding};
	uint32_t mode = finding->recording->reader.header->mode;

	story.observed = mode == HG_MODE_OBSERVE;
	story.aborted = mode == HG_MODE_ABORT && hg_kind_level(finding->kind) == HG_LEVEL_ERROR && !finding->unfinished;
	story.out = open_memstream(&text, &length);
	if (!story.out)
		return "";
	stories[finding->kind](&story);
	describe_older(&story);
	fclose(story.out);
	const char *kept = hg_model_text(model, text, length);
	free(text);
	return kept;
}
