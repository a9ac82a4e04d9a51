#include "report/keep/keep.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <utlist.h>

#include "report/describe/reach.h"
#include "report/keep/addresses.h"
#include "report/keep/append.h"
#include "report/keep/texts.h"
#include "report/symbols/kept_names.h"
#include "report/symbols/symbolize.h"

/* Looking up ends a while before the end, so that there is time to write. */
enum { WRITING_MS = 500, MOST_NAMED = 65536 };

/* A program counter that is kept. */
struct kept_place {
	uint64_t pc;
	uint64_t module;
	UT_hash_handle hh;
};

/* Names on their way into one recording. */
struct keeping {
	struct hg_model *model;
	const struct hg_recording *recording;
	struct timespec end; /* of looking up */
	bool only_known;     /* only what the report has looked up */
	struct kept_place *places;
	struct hg_text_table texts;
	struct hg_record_named *named;
	size_t count, room;
};

static bool is_over(const struct timespec *end)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec > end->tv_sec || (now.tv_sec == end->tv_sec && now.tv_nsec >= end->tv_nsec);
}

/* ---- Names ---- */

static void keep_frame(struct keeping *keeping, const struct kept_place *place, const struct hg_resolved_frame *frame)
{
	if (keeping->count == keeping->room) {
		keeping->room = 2 * keeping->room + 64;
		keeping->named = reallocarray(keeping->named, keeping->room, sizeof(*keeping->named));
		if (!keeping->named)
			_exit(EXIT_FAILURE);
	}
	keeping->named[keeping->count++] = (struct hg_record_named){
	    .pc = place->pc,
	    .module = (uint32_t)place->module,
	    .function = hg_text_table_add(&keeping->texts, frame->function),
	    .file = hg_text_table_add(&keeping->texts, frame->file),
	    .line = frame->line > 0 ? (uint32_t)frame->line : 0,
	    .language = hg_text_table_add(&keeping->texts, frame->language),
	    .flags = (frame->inlined ? HG_NAMED_INLINED : 0) | (frame->begins ? HG_NAMED_BEGINS : 0),
	};
}

/* False if it has been kept before. */
static bool is_new(struct keeping *keeping, uint64_t pc, uint64_t module, struct kept_place **place)
{
	struct kept_place key = {.pc = pc, .module = module};

	HASH_FIND(hh, keeping->places, &key, 2 * sizeof(uint64_t), *place);
	if (*place)
		return false;
	*place = hg_model_take(keeping->model, sizeof(**place));
	**place = key;
	HASH_ADD(hh, keeping->places, pc, 2 * sizeof(uint64_t), *place);
	return true;
}

static bool says_something(const struct hg_names *names)
{
	const struct hg_resolved_frame *outermost = &names->frames[names->count - 1];

	return names->count > 1 || outermost->function || outermost->file;
}

static void keep_address(void *context, uint64_t pc, uint64_t ticks)
{
	struct keeping *keeping = context;
	struct kept_place *place;

	if (keeping->count >= MOST_NAMED ||
	    (keeping->only_known && !hg_is_looked_up(keeping->model, keeping->recording, pc, ticks)) ||
	    (!keeping->only_known && is_over(&keeping->end)))
		return;
	struct hg_names names = hg_look_up(keeping->model, keeping->recording, pc, ticks);
	if (names.module && (names.module->flags & HG_MODULE_RUNTIME) != 0)
		return;
	if (!is_new(keeping, pc, hg_module_index(&keeping->recording->reader, names.module), &place) ||
	    !says_something(&names))
		return;
	for (size_t i = 0; i < names.count; i++)
		keep_frame(keeping, place, &names.frames[i]);
}

/* ---- Reach ---- */

static size_t keep_reach(struct keeping *keeping, struct hg_record_reached *reached)
{
	const struct hg_recording *recording = keeping->recording;
	size_t count = 0;

	for (size_t i = 0; recording->objects_read && i < recording->coverage_count; i++) {
		const struct hg_coverage *coverage = &recording->coverage[i];
		if (coverage->calls > 0)
			continue;
		reached[count++] = (struct hg_record_reached){
		    .symbol = coverage->symbol,
		    .reach = hg_text_table_add(&keeping->texts, hg_reach_name(coverage->reach)),
		    .object = hg_text_table_add(&keeping->texts, coverage->object),
		    .used_by = hg_text_table_add(&keeping->texts, coverage->used_by),
		};
	}
	return count;
}

static size_t count_unnamed(const struct hg_recording *recording)
{
	size_t count = 0;

	for (size_t i = 0; recording->objects_read && i < recording->manifest_count; i++)
		count += recording->manifests[i].unnamed_count;
	return count;
}

static void keep_unnamed(struct keeping *keeping, struct hg_record_unnamed *kept)
{
	const struct hg_recording *recording = keeping->recording;

	for (size_t i = 0; recording->objects_read && i < recording->manifest_count; i++)
		for (size_t j = 0; j < recording->manifests[i].unnamed_count; j++) {
			const struct hg_unnamed_function *unnamed = &recording->manifests[i].unnamed[j];
			*kept++ = (struct hg_record_unnamed){
			    .manifest = hg_text_table_add(&keeping->texts, recording->manifests[i].name),
			    .function = hg_text_table_add(&keeping->texts, unnamed->function),
			    .object = hg_text_table_add(&keeping->texts, unnamed->library),
			    .used_by = hg_text_table_add(&keeping->texts, unnamed->used_by),
			};
		}
}

/* ---- Recordings ---- */

static void append(struct keeping *keeping, bool with_reach)
{
	struct hg_record_reached *reached =
	    hg_model_take(keeping->model, (keeping->recording->coverage_count + 1) * sizeof(*reached));
	size_t reached_count = with_reach ? keep_reach(keeping, reached) : 0;
	size_t unnamed_count = with_reach ? count_unnamed(keeping->recording) : 0;
	struct hg_record_unnamed *unnamed = hg_model_take(keeping->model, (unnamed_count + 1) * sizeof(*unnamed));

	if (unnamed_count > 0)
		keep_unnamed(keeping, unnamed);
	struct hg_addition addition = {.texts = keeping->texts.texts.bytes,
	                               .text_size = keeping->texts.texts.size,
	                               .named = keeping->named,
	                               .named_count = keeping->count,
	                               .reached = reached,
	                               .reached_count = reached_count,
	                               .unnamed = unnamed,
	                               .unnamed_count = unnamed_count};

	if (keeping->count + reached_count + unnamed_count > 0)
		hg_append(keeping->recording, &addition);
	hg_text_table_drop(&keeping->texts);
	keeping->count = 0;
}

static bool keeps_names(const struct hg_recording *recording)
{
	return recording->kept_names || hg_reader_limit(&recording->reader, HG_EXTENT_REACHED) > 0;
}

static struct timespec now_and(int64_t ms)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	int64_t ns = at.tv_nsec + ms * 1000000;
	return (struct timespec){.tv_sec = at.tv_sec + ns / 1000000000, .tv_nsec = ns % 1000000000};
}

static int64_t ms_since(const struct timespec *then)
{
	struct timespec now = now_and(0);

	return (now.tv_sec - then->tv_sec) * 1000 + (now.tv_nsec - then->tv_nsec) / 1000000;
}

static size_t begin_all(struct hg_model *model, const struct hg_recording *first, struct keeping *all,
                        struct timespec end)
{
	const struct hg_recording *recording;
	size_t count = 0;

	DL_FOREACH(first, recording)
		if (recording->ended != HG_ENDED_RUNNING && !keeps_names(recording))
			all[count++] = (struct keeping){.model = model, .recording = recording, .end = end};
	return count;
}

/* What the report has looked up is written before anything else is looked up, which may take longer than there is
 * time. */
static void keep_all(struct keeping *all, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		all[i].only_known = true;
		hg_visit_addresses(all[i].recording, keep_address, &all[i]);
		append(&all[i], true);
	}
	for (size_t i = 0; i < count && !is_over(&all[i].end); i++) {
		all[i].only_known = false;
		hg_visit_addresses(all[i].recording, keep_address, &all[i]);
		append(&all[i], false);
	}
}

/* A process of its own, which is killed when its time is over: no object, however large or damaged, can hold up a run
 * or end it. */
void hg_keep_names(struct hg_model *model, const struct hg_recording *first, int64_t *left_ms)
{
	const struct itimerval time = {.it_value = {.tv_sec = *left_ms / 1000, .tv_usec = *left_ms % 1000 * 1000}};
	const struct timespec begin = now_and(0);
	const struct hg_recording *recording;
	size_t most = 0;

	if (*left_ms <= WRITING_MS)
		return;
	DL_COUNT(first, recording, most);
	hg_model_begin_passing(model);
	struct keeping *all = hg_model_take(model, (most + 1) * sizeof(*all));
	hg_model_end_passing(model);
	size_t count = begin_all(model, first, all, now_and(*left_ms - WRITING_MS));
	pid_t child = count > 0 ? fork() : -1;
	if (child == 0) {
		signal(SIGALRM, SIG_DFL);
		setitimer(ITIMER_REAL, &time, NULL);
		keep_all(all, count);
		_exit(EXIT_SUCCESS);
	}
	if (child > 0)
		while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
			;
	*left_ms -= ms_since(&begin);
}
