/* leaver HOW [ARGUMENT]: gives up something on its way to its first call of the library, then frees a box twice. HOW is
 * user, group, root FOLDER, environment, or nothing; with `threads` before it, it has called the library before, and
 * starts more threads than there is room for at first. */
#define _GNU_SOURCE
#include "box.h"

#include <grp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NOBODY = 65534, THREADS = 64 };

static pthread_barrier_t all_there;
static char *empty[] = {NULL};

static int leave(const char *how, const char *argument)
{
	if (strcmp(how, "user") == 0)
		return setgroups(0, NULL) || setgid(NOBODY) || setuid(NOBODY);
	if (strcmp(how, "group") == 0)
		return setgroups(0, NULL) || setgid(NOBODY);
	if (strcmp(how, "root") == 0)
		return chroot(argument) || chdir("/");
	if (strcmp(how, "environment") == 0)
		environ = empty;
	return 0;
}

static void free_twice(void)
{
	struct box *box = box_open();

	box_close(box);
	box_close(box);
}

static void *use(void *unused)
{
	struct box *box = box_open();

	box_use(box);
	pthread_barrier_wait(&all_there);
	box_close(box);
	return unused;
}

static void use_threads(void)
{
	pthread_t threads[THREADS];

	pthread_barrier_init(&all_there, NULL, THREADS);
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, use, NULL) != 0)
			abort();
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

int main(int argc, char **argv)
{
	int before = argc > 1 && strcmp(argv[1], "threads") == 0;
	int status = 0;

	if (before)
		box_close(box_open());
	if (argc > 1 + before && leave(argv[1 + before], argv[2 + before]) != 0) {
		perror(argv[1 + before]);
		return 4;
	}
	if (before)
		use_threads();
	free_twice();
	pid_t child = fork();
	if (child == 0) {
		free_twice();
		return 0;
	}
	return child > 0 && waitpid(child, &status, 0) == child ? status : 5;
}
