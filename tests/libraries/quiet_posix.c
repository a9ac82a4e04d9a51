/* An expression is compiled three times into the same memory; one that does not compile needs no end. Pipes and pairs
 * of sockets are used and closed, as often as their numbers come again; and a descriptor takes another one's place.
 *
 * recording: handles.regex.created=3 handles.regex.freed=3 handles.fd.created=17 handles.fd.freed=17 handles.fd.adopted=0
 */
#include <regex.h>
#include <sys/socket.h>
#include <unistd.h>

#include "scenario.h"

static void match(void)
{
	regex_t expression;
	CHECK(regcomp(&expression, "(", REG_EXTENDED) != 0);
	for (int i = 0; i < 3; i++) {
		CHECK(regcomp(&expression, "^a+b$", REG_EXTENDED) == 0);
		CHECK(regexec(&expression, "aab", 0, NULL, 0) == 0 && regexec(&expression, "ac", 0, NULL, 0) != 0);
		regfree(&expression);
	}
}

static void pass_on(const int ends[2])
{
	char byte = 0;
	CHECK(write(ends[1], "x", 1) == 1 && read(ends[0], &byte, 1) == 1 && byte == 'x');
	CHECK(close(ends[0]) == 0 && close(ends[1]) == 0);
}

int main(void)
{
	int ends[2], others[2];
	match();
	for (int i = 0; i < 3; i++) {
		CHECK(pipe(ends) == 0);
		pass_on(ends);
		CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
		pass_on(ends);
	}
	CHECK(pipe(ends) == 0 && pipe(others) == 0);
	CHECK(dup2(ends[1], others[1]) == others[1]);
	CHECK(close(ends[1]) == 0 && close(others[0]) == 0);
	pass_on((int[2]){ends[0], others[1]});
	return 0;
}
