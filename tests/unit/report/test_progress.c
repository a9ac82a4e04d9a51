/* How far a report has come, as a terminal shows it. */
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/progress.h"
#include "run.h"

/* A terminal in place of standard error. */
struct terminal {
	int kept, master;
};

static struct terminal open_terminal(void)
{
	struct terminal terminal = {dup(STDERR_FILENO), posix_openpt(O_RDWR | O_NOCTTY)};

	ck_assert_int_ge(terminal.master, 0);
	ck_assert_int_eq(grantpt(terminal.master) | unlockpt(terminal.master), 0);
	int slave = open(ptsname(terminal.master), O_RDWR | O_NOCTTY);
	ck_assert_int_eq(dup2(slave, STDERR_FILENO), STDERR_FILENO);
	close(slave);
	return terminal;
}

/* What it shows; empty: nothing. */
static const char *close_terminal(const struct terminal *terminal)
{
	static char shown[256];
	struct pollfd ready = {.fd = terminal->master, .events = POLLIN};

	size_t length = 0;
	ssize_t got;

	while (poll(&ready, 1, 0) == 1 &&
	       (got = read(terminal->master, shown + length, sizeof(shown) - 1 - length)) > 0)
		length += (size_t)got;
	shown[length] = '\0';
	dup2(terminal->kept, STDERR_FILENO);
	close(terminal->kept);
	close(terminal->master);
	return shown;
}

START_TEST(what_takes_long_is_told_and_taken_back)
{
	struct terminal terminal = open_terminal();
	struct hg_progress progress = hg_progress_begin(true, 1200);
	progress.next_ms = 0;
	for (int i = 0; i < 64; i++)
		hg_progress_step(&progress);
	hg_progress_end(&progress);
	const char *shown = close_terminal(&terminal);
	ck_assert_has(shown, "1 of 1");
	ck_assert_has(shown, "200 recordings");
	ck_assert_str_eq(shown + strlen(shown) - 4, "\r\033[K");
}
END_TEST

START_TEST(what_is_quick_is_not)
{
	struct terminal terminal = open_terminal();
	struct hg_progress progress = hg_progress_begin(true, 2);
	hg_progress_step(&progress);
	hg_progress_end(&progress);
	ck_assert_str_eq(close_terminal(&terminal), "");
}
END_TEST

START_TEST(a_file_is_told_nothing)
{
	struct hg_progress progress = hg_progress_begin(true, 2);
	if (!isatty(STDERR_FILENO))
		ck_assert_int_eq(progress.next_ms, INT64_MAX);
	struct terminal terminal = open_terminal();
	ck_assert_int_eq(hg_progress_begin(false, 2).next_ms, INT64_MAX);
	ck_assert_str_eq(close_terminal(&terminal), "");
}
END_TEST

int main(void)
{
	return RUN_SUITE("progress", what_takes_long_is_told_and_taken_back, what_is_quick_is_not,
	                 a_file_is_told_nothing);
}
