/* Holds the compiler to what these programs rely on: that it makes jumps of calls that end a function, in the programs
 * and in the library, if the first argument is 1, and leaves the program's calls as calls if it is 0. No guard is
 * preloaded.
 */
#define _GNU_SOURCE
#include <dlfcn.h>

#include "caller.h"

static char called_from[256];

static void note(const void *address)
{
	Dl_info object;
	CHECK(dladdr(address, &object));
	snprintf(called_from, sizeof called_from, "%s", strrchr(object.dli_fname, '/'));
}

/* Stands for what a library's function sees. */
__attribute__((noinline)) static int note_caller(cell *unused, void *unused_too)
{
	(void)unused;
	(void)unused_too;
	note(__builtin_return_address(0));
	return 0;
}

static int (*volatile note_by)(cell *, void *) = note_caller;

static int end_with_call(cell *c, void *data)
{
	return note_by(c, data);
}

static void check_jump(bool is_jump, const char *library)
{
	CHECK((strcmp(called_from, library) == 0) == is_jump);
}

int main(int count, char **words)
{
	cell *c = cell_new();
	CHECK(count == 2);
	bool jumps = strcmp(words[1], "1") == 0;

	/* A callback that ends with a call: is it the library that seems to make it? */
	cell_call(c, end_with_call, NULL);
	check_jump(jumps, "/libcell.so");

	/* An op that ends with its callback: is it the program that seems to call it, whatever its own compiler does?
	 */
	cell_pass(c, note_caller, NULL);
	check_jump(false, "/libcell.so");

	/* A callback that is called in the middle of an op. */
	cell_call(c, note_caller, NULL);
	check_jump(true, "/libcell.so");
	CHECK(cell_free(c) == 0);
	check_quiet(1);
	return 0;
}
