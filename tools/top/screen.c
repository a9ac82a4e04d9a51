#include "top/screen.h"

#include <inttypes.h>
#include <utlist.h>

#include "common/typeset.h"

static uint64_t count_calls(const struct hg_sample *sample)
{
	const struct hg_sampled_call *call;
	uint64_t count = 0;

	DL_COUNT(sample->in_flight, call, count);
	return count;
}

static void print_rate(FILE *out, const struct hg_top_process *process)
{
	const struct hg_sample *now = process->now, *before = process->before;

	if (!before || now->at_ns <= before->at_ns || now->calls < before->calls)
		fprintf(out, "%10s", "-");
	else
		fprintf(out, "%10.0f",
		        (double)(now->calls - before->calls) * 1e9 / (double)(now->at_ns - before->at_ns));
}

static void print_line(FILE *out, const struct hg_top_process *process)
{
	fprintf(out, "%8d  %-20.20s", (int)process->now->pid, process->now->program);
	print_rate(out, process);
	fprintf(out, "%10" PRIu64 "%11" PRIu64 "%10" PRIu64 "\n", process->now->live, count_calls(process->now),
	        process->now->findings);
}

/* Of a call nothing is known of the time before it was seen. */
static void print_call(FILE *out, const struct hg_sample *sample, const struct hg_sampled_call *call)
{
	fprintf(out, "  in flight  %s", call->function);
	if (call->handle != 0)
		fprintf(out, " on 0x%" PRIx64, call->handle);
	fprintf(out, " in thread %" PRIu32, call->tid);
	if (call->thread[0] != '\0')
		fprintf(out, " (%s)", call->thread);
	if (call->seen_ns < sample->at_ns) {
		fputs(" for at least ", out);
		hg_print_duration(out, sample->at_ns - call->seen_ns);
	}
	fputc('\n', out);
}

static void print_wait(FILE *out, const struct hg_sampled_wait *wait)
{
	fprintf(out, "  waiting    %s for ", wait->what);
	hg_print_duration(out, wait->for_ns);
	fprintf(out, ", for %s\n", wait->for_whom);
}

static void print_details(FILE *out, const struct hg_sample *sample)
{
	const struct hg_sampled_call *call;
	const struct hg_sampled_wait *wait;

	fprintf(out, "\n%d %s\n", (int)sample->pid, sample->program);
	fprintf(out, "  alive      %s\n", sample->handles[0] != '\0' ? sample->handles : "no handle");
	DL_FOREACH(sample->waiting, wait)
		print_wait(out, wait);
	DL_FOREACH(sample->in_flight, call)
		print_call(out, sample, call);
}

void hg_top_print(FILE *out, const struct hg_top_process *processes, size_t count)
{
	fputs("handleguard top: ", out);
	hg_print_count(out, count, "process", "processes");
	fprintf(out, " under guard\n\n%8s  %-20s%10s%10s%11s%10s\n", "PID", "PROGRAM", "CALLS/S", "ALIVE", "IN FLIGHT",
	        "FINDINGS");
	for (size_t i = 0; i < count; i++)
		print_line(out, &processes[i]);
	for (size_t i = 0; i < count; i++)
		print_details(out, processes[i].now);
}
