#include "report/describe/story.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <utlist.h>

#include "common/typeset.h"
#include "report/describe/advice.h"
#include "report/model/names.h"

/* The finding that is being told, and where to. */
struct telling {
	FILE *out;
	struct hg_model *model;
	const struct hg_told_finding *finding;
	bool observed; /* the run changed nothing */
	bool aborted;  /* the run was to end at the first error, and this was one */
};

const char *hg_thread_text(struct hg_model *model, const struct hg_told_call *call)
{
	if (call == NULL || call->tid == 0)
		return "an unknown thread";
	if (call->thread_name[0] == 0)
		return hg_model_printf(model, "thread %" PRIu32, call->tid);
	return hg_model_printf(model, "thread %" PRIu32 " (%s)", call->tid, call->thread_name);
}

static const char *function_of(const struct hg_told_call *call)
{
	return call != NULL && call->function != NULL ? call->function : "an unknown function";
}

static void print_thread(const struct telling *telling, const struct hg_told_call *call, bool begins_sentence)
{
	const char *text = hg_thread_text(telling->model, call);
	fputc(begins_sentence ? toupper((unsigned char)text[0]) : text[0], telling->out);
	fputs(text + 1, telling->out);
}

static void print_handle(const struct telling *telling)
{
	if (telling->finding->all) {
		fprintf(telling->out, "every %s", telling->finding->class);
		return;
	}
	fprintf(telling->out, "%s 0x%" PRIx64, telling->finding->class, telling->finding->handle);
}

static void print_duration(const struct telling *telling, const char *before, uint64_t ns, const char *after)
{
	fputs(before, telling->out);
	hg_print_duration(telling->out, ns);
	fputs(after, telling->out);
}

/* "thread 7 (reader) was in net_recv and thread 8 was in net_poll" */
static void print_in_flight(const struct telling *telling)
{
	const struct hg_told_call *op;
	if (telling->finding->in_flight == NULL)
		fputs("other calls were using it", telling->out);
	DL_FOREACH(telling->finding->in_flight, op)
	{
		if (op != telling->finding->in_flight)
			fputs(op->next == NULL ? " and " : ", ", telling->out);
		print_thread(telling, op, false);
		fprintf(telling->out, " was in %s", function_of(op));
	}
}

static void print_finalizer(const struct telling *telling, const struct hg_told_call *call)
{
	const char *finalizer = hg_finalizer_of(call);
	if (finalizer != NULL)
		fprintf(telling->out, " The free came from %s.", finalizer);
}

/* "Thread 5 (watcher) freed stream 0x1234 with net_free" */
static void print_free(const struct telling *telling)
{
	print_thread(telling, telling->finding->call, true);
	fputs(" freed ", telling->out);
	print_handle(telling);
	fprintf(telling->out, " with %s", function_of(telling->finding->call));
}

/* "Thread 5 called net_recv on stream 0x1234" */
static void print_call(const struct telling *telling)
{
	print_thread(telling, telling->finding->call, true);
	fprintf(telling->out, " called %s on ", function_of(telling->finding->call));
	print_handle(telling);
}

static void print_earlier_free(const struct telling *telling)
{
	const struct hg_told_finding *finding = telling->finding;
	const struct hg_told_call *earlier = finding->free;
	if (earlier == NULL) {
		fputs("it had been freed before", telling->out);
		return;
	}
	print_thread(telling, earlier, false);
	fprintf(telling->out, " had freed it with %s", function_of(earlier));
	if (earlier->time_ns < finding->time_ns)
		print_duration(telling, ", ", finding->time_ns - earlier->time_ns, " before");
}

static void print_parents_free(const struct telling *telling)
{
	const struct hg_told_call *parents = telling->finding->free;
	if (parents == NULL) {
		fputs("had been freed", telling->out);
		return;
	}
	fprintf(telling->out, "was freed with %s by ", function_of(parents));
	print_thread(telling, parents, false);
}

/* "The free was still waiting for them when the process ended." */
static void print_waiting(const struct telling *telling, const char *who, const char *what)
{
	bool running = telling->finding->recording->ended == HG_ENDED_RUNNING;
	fprintf(telling->out, running ? " %s is still waiting %s." : " %s was still waiting %s when the process ended.",
	        who, what);
}

/* What was done about a call, by mode; in abort mode nothing more. */
static void print_fate(const struct telling *telling, const char *observed, const char *guarded)
{
	if (telling->observed)
		fputs(observed, telling->out);
	else
		fputs(telling->aborted ? " The process was aborted there, as the mode asks." : guarded, telling->out);
}

static void tell_late_free(const struct telling *telling)
{
	const struct hg_told_finding *finding = telling->finding;
	print_free(telling);
	fputs(" while ", telling->out);
	print_in_flight(telling);
	fputs(".", telling->out);
	if (telling->observed)
		fputs(" The handle was freed under them: the run only observed.", telling->out);
	else if (finding->passed)
		fputs(" The function had ended the handle by then, and had not waited for them.", telling->out);
	else if (finding->unfinished)
		print_waiting(telling, "The free", "for them");
	else if (finding->deferred)
		fputs(" The free returned at once, and was left to the last of them to leave.", telling->out);
	else if (finding->drain_ns > 0)
		print_duration(telling, " The free waited ", finding->drain_ns, " until the last of them had left.");
	print_fate(telling, "", "");
	print_finalizer(telling, finding->call);
}

static void tell_drain_timeout(const struct telling *telling)
{
	const struct hg_told_finding *finding = telling->finding;
	print_free(telling);
	fputs(" while ", telling->out);
	print_in_flight(telling);
	fputs(".", telling->out);
	print_duration(telling, " After ", finding->drain_ns > 0 ? finding->drain_ns : finding->deadline_ns,
	               " the free gave up waiting, and the handle was leaked on purpose: it may still be in use.");
	print_fate(telling, "", "");
	print_finalizer(telling, finding->call);
}

static void tell_repeat_free(const struct telling *telling)
{
	print_free(telling);
	fputs(" although ", telling->out);
	print_earlier_free(telling);
	fputs(".", telling->out);
	if (telling->finding->passed)
		fputs(" The second free had reached the library by then.", telling->out);
	else
		print_fate(telling, " The second free reached the library: the run only observed.",
		           " The second free did nothing.");
	print_finalizer(telling, telling->finding->call);
}

static void tell_late_op(const struct telling *telling)
{
	print_call(telling);
	fputs(" although ", telling->out);
	print_earlier_free(telling);
	fputs(".", telling->out);
	print_fate(telling, " The call reached the library: the run only observed.", " It was turned away.");
	print_finalizer(telling, telling->finding->free);
}

/* The op of the freeing thread itself, among all that are in flight. */
static const struct hg_told_call *own_op(const struct hg_told_finding *finding)
{
	const struct hg_told_call *op;
	DL_FOREACH(finding->in_flight, op)
	if (finding->call != NULL && op->tid == finding->call->tid)
		return op;
	return finding->in_flight;
}

static void tell_reentrant_free(const struct telling *telling)
{
	const struct hg_told_call *op = own_op(telling->finding);
	print_free(telling);
	fprintf(telling->out, " from inside its own call of %s on it.", function_of(op));
	if (telling->finding->leaked)
		fputs(" It could not be left to that call's return, and the handle was leaked on purpose.",
		      telling->out);
	else if (telling->finding->passed)
		fputs(" The function had ended the handle by then.", telling->out);
	else
		print_fate(telling, " The handle was freed under it: the run only observed.",
		           " The free was left to that call's return.");
}

/* A parent's free, with the children that it leaves behind; or that of a child which was left behind. */
static void print_orphaned(const struct telling *telling)
{
	const struct hg_told_finding *finding = telling->finding;
	const struct hg_told_call *child;
	print_free(telling);
	if (finding->children == NULL) {
		fputs(" although the handle that it was made from ", telling->out);
		print_parents_free(telling);
		fputs(".", telling->out);
		print_fate(telling, " The free reached the library: the run only observed.",
		           " The free did nothing: the handle was leaked on purpose.");
		return;
	}
	fputs(" while handles that were made from it were still alive: ", telling->out);
	DL_FOREACH(finding->children, child)
	fprintf(telling->out, "%s%s 0x%" PRIx64, child == finding->children ? "" : ", ", child->class, child->handle);
	fputs(".", telling->out);
	print_fate(telling, " Calls on them still reach the library: the run only observed.",
	           " Calls on them are turned away from now on.");
}

static void tell_orphan(const struct telling *telling)
{
	if (telling->finding->call != NULL && (telling->finding->call->roles & HG_ROLE_FREE) != 0) {
		print_orphaned(telling);
		return;
	}
	print_call(telling);
	fputs(" although the handle that it was made from ", telling->out);
	print_parents_free(telling);
	fputs(".", telling->out);
	print_fate(telling, " The call reached the library: the run only observed.", " It was turned away.");
}

/* "thread 7 (reader), from libnet.so, and 2 other holders" */
static void print_holders(const struct telling *telling)
{
	const struct hg_told_finding *finding = telling->finding;
	const struct hg_told_call *first = finding->holders, *other;
	uint64_t others = finding->unlisted_holders;
	if (first == NULL) {
		fputs("other holders", telling->out);
		return;
	}
	DL_FOREACH(first->next, other)
	others++;
	print_thread(telling, first, false);
	if (first->stack.count > 0 && first->stack.frames[0].object[0] != 0)
		fprintf(telling->out, ", from %s,", hg_base_name(first->stack.frames[0].object));
	if (others > 0) {
		fputs(" and ", telling->out);
		hg_print_count(telling->out, others, "other holder", "other holders");
	}
}

static void tell_severed(const struct telling *telling)
{
	const struct hg_told_finding *finding = telling->finding;
	print_thread(telling, finding->call, true);
	fputs(" disconnected ", telling->out);
	print_handle(telling);
	fprintf(telling->out, " with %s while ", function_of(finding->call));
	print_holders(telling);
	fputs(" still claimed it.", telling->out);
	print_fate(telling, " The handle was cut off all the same: the run only observed.",
	           finding->withheld
	               ? " The disconnect was withheld: the handle lives on until nobody claims it any more."
	               : " It was cut off for everybody: calls that come later are turned away.");
}

/* The op that was left: the call itself, or else what was found in flight. */
static const struct hg_told_call *left_op(const struct hg_told_finding *finding)
{
	return finding->call != NULL ? finding->call : finding->in_flight;
}

static void tell_unwound(const struct telling *telling)
{
	print_thread(telling, left_op(telling->finding), true);
	fprintf(telling->out, " left %s on ", function_of(left_op(telling->finding)));
	print_handle(telling);
	fputs(" by unwinding: an exception, a panic or a cancellation went through it.", telling->out);
	print_fate(telling, "", "");
}

static void tell_abandoned(const struct telling *telling)
{
	print_thread(telling, left_op(telling->finding), true);
	fprintf(telling->out, " never came back from %s on ", function_of(left_op(telling->finding)));
	print_handle(telling);
	fputs(": its frame vanished. It no longer counts as in flight.", telling->out);
}

static void tell_stray(const struct telling *telling)
{
	print_call(telling);
	fputs(", a value that no create of the class had handed out.", telling->out);
}

static void tell_reborn(const struct telling *telling)
{
	fprintf(telling->out, "%s handed out ", function_of(telling->finding->call));
	print_handle(telling);
	fputs(", which still counted as live.", telling->out);
}

static void tell_exhausted(const struct telling *telling)
{
	const struct hg_told_finding *finding = telling->finding;
	print_thread(telling, finding->call, true);
	fprintf(telling->out, " called %s and got ", function_of(finding->call));
	print_handle(telling);
	if (finding->limit > 0)
		fprintf(telling->out, ", the last of the %" PRIu32 " handles that the class can have at once.",
		        finding->limit);
	else
		fputs(", and with it the limit of the class was reached.", telling->out);
}

static void tell_leak(const struct telling *telling)
{
	const struct hg_told_call *create = telling->finding->create;
	print_handle(telling);
	if (create != NULL) {
		fprintf(telling->out, create->adopted ? ", first met in %s by " : ", created with %s by ",
		        function_of(create));
		print_thread(telling, create, false);
		fputs(",", telling->out);
	}
	fputs(" was still live when the process ended.", telling->out);
}

static void tell_overlap(const struct telling *telling)
{
	const struct hg_told_finding *finding = telling->finding;
	print_call(telling);
	fputs(" while ", telling->out);
	print_in_flight(telling);
	fputs(", and the class allows one thread at a time.", telling->out);
	if (finding->unfinished && finding->deadline_ns > 0)
		print_waiting(telling, "The call", "for its turn");
	else if (finding->serialised)
		print_duration(telling, " The call waited ", finding->drain_ns, " until it was alone.");
	else if (finding->drain_ns > 0)
		print_duration(telling, " The call waited ", finding->drain_ns,
		               " for its turn, and was then let through.");
	print_fate(telling, "", "");
}

static void tell_wrong_thread(const struct telling *telling)
{
	const struct hg_told_call *create = telling->finding->create;
	print_call(telling);
	fputs(", which is only for the thread that created it", telling->out);
	if (create != NULL) {
		fputs(": ", telling->out);
		print_thread(telling, create, false);
	}
	fputc('.', telling->out);
}

static void (*const tellers[HG_KIND_COUNT])(const struct telling *) = {
    [HG_KIND_LATE_FREE] = tell_late_free,
    [HG_KIND_DRAIN_TIMEOUT] = tell_drain_timeout,
    [HG_KIND_REPEAT_FREE] = tell_repeat_free,
    [HG_KIND_LATE_OP] = tell_late_op,
    [HG_KIND_REENTRANT_FREE] = tell_reentrant_free,
    [HG_KIND_ORPHAN] = tell_orphan,
    [HG_KIND_SEVERED] = tell_severed,
    [HG_KIND_UNWOUND] = tell_unwound,
    [HG_KIND_ABANDONED] = tell_abandoned,
    [HG_KIND_STRAY] = tell_stray,
    [HG_KIND_REBORN] = tell_reborn,
    [HG_KIND_EXHAUSTED] = tell_exhausted,
    [HG_KIND_LEAK] = tell_leak,
    [HG_KIND_OVERLAP] = tell_overlap,
    [HG_KIND_WRONG_THREAD] = tell_wrong_thread,
};
static_assert(HG_KIND_COUNT == HG_KIND_WRONG_THREAD + 1,
              "a new kind of finding needs a teller here and a row in advice.c");

/* The first call whose thread had last seen an older handle of the same value. */
static const struct hg_told_call *older_call(const struct hg_told_finding *finding)
{
	const struct hg_told_call *op;
	if (finding->call != NULL && finding->call->older)
		return finding->call;
	if (finding->free != NULL && finding->free->older)
		return finding->free;
	DL_FOREACH(finding->in_flight, op)
	if (op->older)
		return op;
	return NULL;
}

static void tell_older(const struct telling *telling)
{
	const struct hg_told_call *call = older_call(telling->finding);
	if (call == NULL)
		return;
	fputc(' ', telling->out);
	print_thread(telling, call, true);
	fprintf(
	    telling->out,
	    " had last seen an older %s of the same value, which is gone: its call of %s may be meant for that one, "
	    "and be a late one.",
	    telling->finding->class, function_of(call));
	if (!telling->finding->quarantined)
		fprintf(telling->out,
		        " With \"quarantine: true\" in the manifest, the addresses of freed handles are held back, and "
		        "late calls are told from others.");
}

const char *hg_story(struct hg_model *model, const struct hg_told_finding *finding)
{
	char *text = NULL;
	size_t length = 0;
	struct telling telling = {.model = model, .finding = finding};
	uint32_t mode = finding->recording->reader.header->mode;
	telling.observed = mode == HG_MODE_OBSERVE;
	telling.aborted =
	    mode == HG_MODE_ABORT && hg_kind_level(finding->kind) == HG_LEVEL_ERROR && !finding->unfinished;
	telling.out = open_memstream(&text, &length);
	if (telling.out == NULL)
		return "";
	tellers[finding->kind](&telling);
	tell_older(&telling);
	fclose(telling.out);
	const char *story = hg_model_text(model, text, length);
	free(text);
	return story;
}
