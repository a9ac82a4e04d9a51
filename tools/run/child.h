/* Starts the program, passes signals on to it, and collects it and those of its descendants that ended with it. */
#ifndef HG_RUN_CHILD_H
#define HG_RUN_CHILD_H

#include <stddef.h>
#include <sys/types.h>

#include "report/model/request.h"

/* How every process ended that the tool waited for: the program, and its descendants whose parents were gone. */
struct hg_endings {
	struct hg_report_ending *list;
	size_t count;
	pid_t child; /* the program itself; not positive: there was no process for it */
	int status;  /* the program's, as of waitpid */
};

/* What the program runs with, beside what it inherits. */
struct hg_child {
	const char *path;
	char **argv;
	void (*prepare)(void *context); /* called in the new process, to set up its environment */
	/* called once if the program goes on for some seconds after it was told to end: whoever did that may end the
	 * tool next, by force */
	void (*lingers)(void *context);
	void *context;
};

/* Runs the program to its end. Does not wait for processes that it leaves behind. Returns 0, or the errno of what kept
 * it from starting. */
int hg_child_run(const struct hg_child *child, struct hg_endings *endings);
void hg_endings_free(struct hg_endings *endings);

#endif
