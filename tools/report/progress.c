#include "report/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "common/typeset.h"

enum { FIRST_MS = 500, EACH_MS = 200 };

#define ERASE "\r\033[K"

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

struct hg_progress hg_progress_begin(bool wanted, size_t all)
{
	bool is_seen = wanted && isatty(STDERR_FILENO);

	return (struct hg_progress){.all = all, .next_ms = is_seen ? now_ms() + FIRST_MS : INT64_MAX};
}

void hg_progress_step(struct hg_progress *progress)
{
	progress->done++;
	if (progress->next_ms == INT64_MAX || now_ms() < progress->next_ms)
		return;
	fputs(ERASE, stderr);
	hg_print_number(stderr, progress->done);
	fputs(" of ", stderr);
	hg_print_count(stderr, progress->all, "recording", "recordings");
	fflush(stderr);
	progress->next_ms = now_ms() + EACH_MS;
	progress->said = true;
}

void hg_progress_end(const struct hg_progress *progress)
{
	if (progress->said)
		fputs(ERASE, stderr);
}
