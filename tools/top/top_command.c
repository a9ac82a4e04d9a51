#include "top/top_command.h"

#include <argp.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "report/read/live.h"
#include "top/screen.h"
#include "top/terminal.h"

enum { EXIT_NONE = 2, MOST_PROCESSES = 256 };

struct top {
	pid_t pids[MOST_PROCESSES]; /* that were asked for */
	size_t pid_count;           /* 0: all are wanted */
	int delay_ms;
	long screens; /* left to be shown; 0: no end */
	struct hg_top_process processes[MOST_PROCESSES];
	size_t count;
};

static const char documentation[] =
    "Shows what guarded processes are doing, anew each second: calls a second, handles that are alive, guarded calls "
    "that "
    "threads are in and for how long, and frees that wait, and for whom. Without a PID it shows all whose recordings "
    "can "
    "be found. The processes have no part in it: their recordings are read. On a terminal, q ends it; elsewhere one "
    "screen is written."
    "\v"
    "Exit status: 0; 2 if there is no such process.";

static const struct argp_option options[] = {
    {"delay", 'd', "SECONDS", 0, "the time between two screens (1)", 0},
    {"screens", 'n', "N", 0, "end after so many screens", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct top *top = state->input;
	char *end = NULL;
	double seconds;
	long number;

	switch (key) {
	case 'd':
		seconds = strtod(argument, &end);
		if (*end != '\0' || end == argument || !(seconds >= 0.01 && seconds <= 3600))
			argp_error(state, "--delay does not take '%s'; it takes 0.01 to 3600 seconds", argument);
		top->delay_ms = (int)(seconds * 1000);
		return 0;
	case 'n':
		top->screens = strtol(argument, &end, 10);
		if (*end != '\0' || top->screens < 1)
			argp_error(state, "--screens does not take '%s'; it takes a number from 1 on", argument);
		return 0;
	case ARGP_KEY_ARG:
		number = strtol(argument, &end, 10);
		if (*end != '\0' || number < 1 || number > INT_MAX || top->pid_count == MOST_PROCESSES)
			argp_error(state, "'%s' is not the number of a process", argument);
		top->pids[top->pid_count++] = (pid_t)number;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* ---- Samples ---- */

/* Of the process when it was looked at before; null: it was not. The caller takes it. */
static struct hg_sample *take_before(struct hg_top_process *processes, size_t count, pid_t pid)
{
	for (size_t i = 0; i < count; i++)
		if (processes[i].now && processes[i].now->pid == pid) {
			struct hg_sample *sample = processes[i].now;
			processes[i].now = NULL;
			return sample;
		}
	return NULL;
}

static void drop_all(struct hg_top_process *processes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		hg_sample_drop(processes[i].now);
		hg_sample_drop(processes[i].before);
	}
}

/* Takes the path. */
static void look_at(struct top *top, struct hg_top_process *last, size_t last_count, pid_t pid, char *path)
{
	struct hg_sample *before = take_before(last, last_count, pid);
	struct hg_sample *now = path && top->count < MOST_PROCESSES ? hg_sample_take(pid, path, before) : NULL;

	free(path);
	if (now)
		top->processes[top->count++] = (struct hg_top_process){now, before};
	else
		hg_sample_drop(before);
}

static void look(struct top *top)
{
	static struct hg_top_process last[MOST_PROCESSES];
	size_t last_count = top->count;
	char *path;

	memcpy(last, top->processes, sizeof(last));
	top->count = 0;
	for (size_t i = 0; i < top->pid_count; i++)
		look_at(top, last, last_count, top->pids[i], hg_live_recording(top->pids[i]));
	for (pid_t pid = 0; top->pid_count == 0 && (pid = hg_live_next(pid, &path)) > 0;)
		look_at(top, last, last_count, pid, path);
	drop_all(last, last_count);
}

/* ---- Screens ---- */

static void show(const struct top *top, bool on_terminal)
{
	char *text = NULL;
	size_t length = 0;
	FILE *screen = open_memstream(&text, &length);

	if (!screen)
		return;
	hg_top_print(screen, top->processes, top->count);
	fclose(screen);
	if (on_terminal)
		hg_terminal_draw(text);
	else
		fputs(text, stdout);
	free(text);
}

static bool goes_on(struct top *top)
{
	return top->screens == 0 || --top->screens > 0;
}

static void run_on_terminal(struct top *top)
{
	do {
		show(top, true);
		if (!hg_terminal_wait(top->delay_ms))
			break;
		look(top);
	} while (goes_on(top));
	hg_terminal_end();
}

/* Each screen has a moment before it to compare with. */
static void run_elsewhere(struct top *top)
{
	top->screens = top->screens > 0 ? top->screens : 1;
	do {
		poll(NULL, 0, top->delay_ms);
		look(top);
		show(top, false);
		fflush(stdout);
	} while (goes_on(top));
}

int hg_command_top(int argc, char **argv)
{
	static const struct argp parser = {options, parse, "[PID...]", documentation, NULL, NULL, NULL};
	static struct top top = {.delay_ms = 1000};

	argp_err_exit_status = EXIT_NONE;
	if (argp_parse(&parser, argc, argv, 0, NULL, &top) != 0)
		return EXIT_NONE;
	look(&top);
	if (top.count == 0 && top.pid_count > 0) {
		fprintf(stderr, "%s: no recording of %s can be found: see handleguard report --live\n", argv[0],
		        top.pid_count == 1 ? "that process" : "these processes");
		return EXIT_NONE;
	}
	if (hg_terminal_is_there() && hg_terminal_begin())
		run_on_terminal(&top);
	else
		run_elsewhere(&top);
	drop_all(top.processes, top.count);
	return EXIT_SUCCESS;
}
