/* One end of a pair of sockets is closed while another thread reads from it, then read from and closed again; an
 * expression is looked for after it was freed.
 *
 * finding: late-free fd near; call close in close_end on closer; op read in read_from on reader;
 *     create socketpair in main; drained
 * finding: late-op fd near; call read in main; free close in close_end on closer; create socketpair in main
 * finding: repeat-free fd near; call close in main; free close in close_end on closer; create socketpair in main
 * finding: leak fd far; create socketpair in main
 * finding: late-op regex e; call regexec in main; free regfree in main; create regcomp in main
 * recording: handles.fd.created=2 handles.fd.freed=1 handles.regex.created=1 handles.regex.freed=1
 */
#include <regex.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "scenario.h"

static int ends[2];

static void read_from(void *end)
{
	char byte;
	CHECK(read(*(int *)end, &byte, 1) == 1);
}

/* Until the side sleeps in the system call: its place in the manifest's function is then certain. */
static void await_read(const struct side *side)
{
	char path[64], line[256];
	long number = -1;
	snprintf(path, sizeof path, "/proc/%d/syscall", side->tid);
	while (number != SYS_read) {
		FILE *file = fopen(path, "r");
		CHECK(file && fgets(line, sizeof line, file));
		fclose(file);
		if (sscanf(line, "%ld", &number) != 1)
			number = -1;
		sched_yield();
	}
}

static void close_end(void *end)
{
	CHECK(close(*(int *)end) == 0);
}

int main(void)
{
	struct side reader, closer;
	regex_t expression;
	char byte;
	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 && regcomp(&expression, "a", 0) == 0);
	tell_number("near", (unsigned long)ends[0]);
	tell_number("far", (unsigned long)ends[1]);
	tell("e", &expression);
	start(&reader, "reader", read_from, &ends[0]);
	await_read(&reader);
	start(&closer, "closer", close_end, &ends[0]);
	await_drain(&closer);
	CHECK(write(ends[1], "x", 1) == 1);
	join(&reader);
	join(&closer);
	CHECK(read(ends[0], &byte, 1) == -1 && errno == EBADF && close(ends[0]) == -1);
	regfree(&expression);
	CHECK(regexec(&expression, "a", 0, NULL, 0) == REG_NOMATCH);
	return 0;
}
