/* Children are forked while other threads look functions up, for which the guards look at the loaded objects: what
 * those threads had locked is nobody's in a child, which goes on all the same. */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static _Atomic int stop;

static void *look_up(void *library)
{
	while (!atomic_load(&stop))
		SAME(dlsym(library, "thing_which") != NULL, 1);
	return NULL;
}

int main(void)
{
	void *two = dlopen(COPY_2, RTLD_NOW | RTLD_LOCAL);
	const struct plugin *one = load(PLUGIN_1, RTLD_NOW | RTLD_LOCAL);
	int status, a = one->open();
	pthread_t threads[2];
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, look_up, two);
	for (int i = 0; i < 100; i++) {
		pid_t child = fork();
		if (child == 0) {
			alarm(20);
			SAME(one->which(one->open()), 1);
			_exit(one->which(a) == 1 ? 0 : 1);
		}
		SAME(waitpid(child, &status, 0) == child && status == 0, 1);
	}
	atomic_store(&stop, 1);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
