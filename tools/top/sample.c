#include "top/sample.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <utlist.h>

#include "common/files.h"
#include "report/read/bytes.h"

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static const char *text(struct hg_sample *sample, const struct hg_reader *reader, uint32_t offset)
{
	return hg_model_string(&sample->model, hg_reader_text(reader, offset));
}

static const char *function_name(struct hg_sample *sample, const struct hg_reader *reader, uint64_t symbol)
{
	const struct hg_record_symbol *record = hg_reader_symbol(reader, symbol);

	return record ? text(sample, reader, record->name) : "an unknown function";
}

/* ---- Numbers ---- */

static void count(struct hg_sample *sample, const struct hg_reader *reader)
{
	uint64_t symbols = hg_reader_limit(reader, HG_EXTENT_SYMBOLS);
	uint64_t sites = hg_reader_limit(reader, HG_EXTENT_SITES);

	for (uint64_t i = 0; i < symbols; i++)
		if (hg_reader_symbol(reader, i))
			sample->calls += hg_reader_calls(reader, (uint32_t)i);
	for (uint64_t i = 0; i < sites; i++) {
		const struct hg_record_site *site = hg_reader_site(reader, i);
		sample->findings += site ? site->count : 0;
	}
}

static void list_handles(struct hg_sample *sample, const struct hg_reader *reader)
{
	uint64_t limit = hg_reader_limit(reader, HG_EXTENT_CLASSES);

	sample->handles = "";
	for (uint32_t i = 0; i < limit; i++) {
		const struct hg_record_class *class = hg_reader_class(reader, i);
		if (!class)
			continue;
		uint64_t came =
		    hg_reader_handles(reader, i, HG_CLASS_CREATED) + hg_reader_handles(reader, i, HG_CLASS_ADOPTED);
		uint64_t went =
		    hg_reader_handles(reader, i, HG_CLASS_FREED) + hg_reader_handles(reader, i, HG_CLASS_LEAKED);
		if (came <= went)
			continue;
		sample->live += came - went;
		sample->handles = hg_model_printf(&sample->model, "%s%s%s %" PRIu64, sample->handles,
		                                  sample->handles[0] != '\0' ? ", " : "",
		                                  text(sample, reader, class->name), came - went);
	}
}

/* ---- Calls in flight ---- */

static uint64_t symbol_of_slot(const struct hg_reader *reader, uint64_t slot)
{
	uint64_t limit = hg_reader_limit(reader, HG_EXTENT_SYMBOLS);

	for (uint64_t i = 0; i < limit; i++) {
		const struct hg_record_symbol *symbol = hg_reader_symbol(reader, i);
		if (symbol && symbol->slot == slot && slot != 0)
			return i;
	}
	return UINT64_MAX;
}

/* Since when it is seen, if it was in flight before. */
static uint64_t seen_since(const struct hg_sample *before, const struct hg_sampled_call *call, uint64_t now)
{
	const struct hg_sampled_call *other;

	if (before)
		DL_FOREACH(before->in_flight, other)
			if (other->serial == call->serial && other->calls == call->calls &&
			    memcmp(&other->frame, &call->frame, sizeof(call->frame)) == 0)
				return other->seen_ns;
	return now;
}

static bool is_taken(const struct hg_frame *frame)
{
	return frame->guard != 0 && frame->guard != HG_FRAME_HOLE;
}

/* A call has a frame for each of its handles. */
static bool goes_on(const struct hg_frame *frame, const struct hg_frame *before)
{
	return is_taken(before) && before->fp == frame->fp && before->slot == frame->slot &&
	       before->caller == frame->caller;
}

static void add_call(struct hg_sample *sample, const struct hg_reader *reader, const struct hg_sample *before,
                     const struct hg_record_thread *thread, const struct hg_frame *frame)
{
	struct hg_sampled_call *call = hg_model_take(&sample->model, sizeof(*call));
	uint64_t symbol = symbol_of_slot(reader, frame->slot);
	bool on_handle = (frame->guard & ~HG_FRAME_BITS) != 0;

	call->function = function_name(sample, reader, symbol);
	call->thread = hg_model_text(&sample->model, thread->name, sizeof(thread->name));
	call->tid = thread->tid;
	call->handle = on_handle ? frame->value : 0;
	call->serial = thread->serial;
	call->calls = symbol < reader->header->class_counters ? thread->counters[symbol] : 0;
	call->frame = *frame;
	call->seen_ns = seen_since(before, call, sample->at_ns);
	DL_APPEND(sample->in_flight, call);
}

static void list_calls(struct hg_sample *sample, const struct hg_reader *reader, const struct hg_sample *before)
{
	uint64_t limit = hg_reader_limit(reader, HG_EXTENT_THREADS);

	for (uint64_t i = 0; i < limit; i++) {
		const struct hg_record_thread *thread = hg_reader_thread(reader, i);
		for (size_t k = 0; thread && k < HG_FRAMES; k++)
			if (is_taken(&thread->frames[k]) &&
			    (k == 0 || !goes_on(&thread->frames[k], &thread->frames[k - 1])))
				add_call(sample, reader, before, thread, &thread->frames[k]);
	}
}

/* ---- Frees that wait ---- */

static void add_wait(struct hg_sample *sample, const struct hg_reader *reader, const struct hg_record_finding *finding)
{
	struct hg_sampled_wait *wait = hg_model_take(&sample->model, sizeof(*wait));
	const struct hg_record_class *class = hg_reader_class(reader, finding->class_index);
	const struct hg_record_party *party = NULL;
	uint64_t begun = reader->header->start_monotonic_ns + hg_reader_since_start(reader, finding->ticks);

	wait->what = wait->for_whom = "";
	wait->for_ns = sample->at_ns > begun ? sample->at_ns - begun : 0;
	while ((party = hg_reader_party(finding, party))) {
		const char *who = hg_model_printf(&sample->model, "%s in thread %" PRIu32,
		                                  function_name(sample, reader, party->symbol), party->tid);
		if (party->role == HG_PARTY_CALL)
			wait->what = hg_model_printf(&sample->model, "%s of %s 0x%" PRIx64, who,
			                             class ? text(sample, reader, class->name) : "?", finding->value);
		else if (party->role == HG_PARTY_IN_FLIGHT)
			wait->for_whom = hg_model_printf(&sample->model, "%s%s%s", wait->for_whom,
			                                 wait->for_whom[0] != '\0' ? ", " : "", who);
	}
	if (wait->what[0] != '\0' && wait->for_whom[0] != '\0')
		DL_APPEND(sample->waiting, wait);
}

static void list_waits(struct hg_sample *sample, const struct hg_reader *reader)
{
	uint64_t torn, count = hg_reader_findings(reader, NULL, 0, &torn);
	const struct hg_record_finding **findings = hg_model_take(&sample->model, (count + 1) * sizeof(*findings));

	count = hg_reader_findings(reader, findings, count, &torn);
	for (uint64_t i = 0; i < count; i++)
		if (hg_finding_outcome(findings[i]).state == HG_FINDING_OPEN)
			add_wait(sample, reader, findings[i]);
}

/* ---- All ---- */

static bool read_file(const char *path, struct hg_bytes *bytes)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	bool right = fd >= 0 && hg_bytes_read(fd, bytes);

	if (fd >= 0)
		close(fd);
	return right;
}

struct hg_sample *hg_sample_take(pid_t pid, const char *path, const struct hg_sample *before)
{
	struct hg_bytes bytes = {0};
	struct hg_read_error error;
	struct hg_reader reader;
	struct hg_sample *sample = NULL;

	if (read_file(path, &bytes) && hg_reader_open(&reader, bytes.bytes, bytes.size, &error) &&
	    (sample = calloc(1, sizeof(*sample)))) {
		hg_model_init(&sample->model);
		sample->pid = pid;
		sample->at_ns = now_ns();
		sample->program = hg_base_name(
		    hg_model_text(&sample->model, reader.header->executable, sizeof(reader.header->executable)));
		count(sample, &reader);
		list_handles(sample, &reader);
		list_calls(sample, &reader, before);
		list_waits(sample, &reader);
	}
	hg_bytes_drop(&bytes);
	return sample;
}

void hg_sample_drop(struct hg_sample *sample)
{
	if (sample)
		hg_model_drop(&sample->model);
	free(sample);
}
