#include "report/describe/story_parts.h"

#include <ctype.h>
#include <inttypes.h>
#include <utlist.h>

#include "common/typeset.h"
#include "report/describe/freer.h"
#include "report/describe/story.h"
#include "report/model/names.h"

const char *hg_thread_text(struct hg_model *model, const struct hg_resolved_call *call)
{
	if (!call || call->tid == 0)
		return "an unknown thread";
	if (call->thread_name[0] == '\0')
		return hg_model_printf(model, "thread %" PRIu32, call->tid);
	return hg_model_printf(model, "thread %" PRIu32 " (%s)", call->tid, call->thread_name);
}

const char *hg_function_of(const struct hg_resolved_call *call)
{
	if (call && call->roles & HG_ROLE_AT_EXIT)
		return "an exit handler of the library";
	return call && call->function ? call->function : "an unknown function";
}

void hg_story_thread(const struct hg_story *story, const struct hg_resolved_call *call, bool begins_sentence)
{
	const char *text = hg_thread_text(story->model, call);

	fputc(begins_sentence ? toupper((unsigned char)text[0]) : text[0], story->out);
	fputs(text + 1, story->out);
}

void hg_story_handle(const struct hg_story *story)
{
	if (story->finding->all) {
		fprintf(story->out, "every %s", story->finding->class);
		return;
	}
	if (story->finding->whole)
		fprintf(story->out, "the %s as a whole", story->finding->class);
	else
		fprintf(story->out, "%s 0x%" PRIx64, story->finding->class, story->finding->handle);
}

void hg_story_duration(const struct hg_story *story, const char *before, uint64_t ns, const char *after)
{
	fputs(before, story->out);
	hg_print_duration(story->out, ns);
	fputs(after, story->out);
}

/* "thread 7 (reader) was in net_recv and thread 8 was in net_poll" */
void hg_story_in_flight(const struct hg_story *story)
{
	const struct hg_resolved_call *op;

	if (!story->finding->in_flight)
		fputs("other calls were using it", story->out);
	DL_FOREACH(story->finding->in_flight, op) {
		if (op != story->finding->in_flight)
			fputs(op->next ? ", " : " and ", story->out);
		hg_story_thread(story, op, false);
		fprintf(story->out, " was in %s", hg_function_of(op));
		if (op->attached)
			fprintf(story->out, " on %s 0x%" PRIx64 ", to which it is attached", op->class, op->handle);
	}
}

void hg_story_freer(const struct hg_story *story, const struct hg_resolved_call *call)
{
	const char *who = hg_freer_of(call).who;

	if (who)
		fprintf(story->out, " The free came from %s.", who);
}

/* "Thread 5 (watcher) freed stream 0x1234 with net_free" */
void hg_story_free(const struct hg_story *story)
{
	hg_story_thread(story, story->finding->call, true);
	fputs(" freed ", story->out);
	hg_story_handle(story);
	fprintf(story->out, " with %s", hg_function_of(story->finding->call));
}

/* "Thread 5 called net_recv on stream 0x1234" */
void hg_story_call(const struct hg_story *story)
{
	hg_story_thread(story, story->finding->call, true);
	fprintf(story->out, " called %s on ", hg_function_of(story->finding->call));
	hg_story_handle(story);
}

void hg_story_earlier_free(const struct hg_story *story)
{
	const struct hg_resolved_finding *finding = story->finding;
	const struct hg_resolved_call *earlier = finding->free;

	if (!earlier) {
		fputs("it had been freed before", story->out);
		return;
	}
	bool closed = earlier->roles && !(earlier->roles & (HG_ROLE_FREE | HG_ROLE_RELEASE));
	hg_story_thread(story, earlier, false);
	fprintf(story->out, " had %s it with %s", closed ? "closed" : "freed", hg_function_of(earlier));
	if (earlier->time_ns < finding->time_ns)
		hg_story_duration(story, ", ", finding->time_ns - earlier->time_ns, " before");
}

void hg_story_parents_free(const struct hg_story *story)
{
	const struct hg_resolved_call *parents = story->finding->free;

	if (!parents) {
		fputs("had been freed", story->out);
		return;
	}
	fprintf(story->out, "was freed with %s by ", hg_function_of(parents));
	hg_story_thread(story, parents, false);
}

/* "The free was still waiting for them when the process ended." */
void hg_story_waiting(const struct hg_story *story, const char *who, const char *what)
{
	bool running = story->finding->recording->ended == HG_ENDED_RUNNING;

	fprintf(story->out, running ? " %s is still waiting %s." : " %s was still waiting %s when the process ended.",
	        who, what);
}

/* What the guard did about a call, by mode. In abort mode it ended the process there. */
void hg_story_fate(const struct hg_story *story, const char *observed, const char *guarded)
{
	if (story->observed)
		fputs(observed, story->out);
	else
		fputs(story->aborted ? " The process was aborted there, as the mode asks." : guarded, story->out);
}

/* What the guard did to have the calls in flight come to an end. */
void hg_story_waker(const struct hg_story *story)
{
	const struct hg_resolved_finding *finding = story->finding;

	if (finding->waker)
		fprintf(story->out, " The guard called %s to wake what was parked%s.", finding->waker,
		        finding->waker_stays ? ", which had not returned by then" : "");
}
