/* A thread calls the first copy all the time while plugins with the second come and go. */
#include <pthread.h>
#include <stdatomic.h>

#include "check.h"

static _Atomic int stop;
static const struct plugin *one;

static void *call_one(void *unused)
{
	int thing = one->open();
	while (!atomic_load(&stop))
		SAME(one->which(thing), 1);
	SAME(one->close(thing), 1);
	return unused;
}

int main(void)
{
	pthread_t thread;
	one = load(PLUGIN_1, RTLD_NOW | RTLD_LOCAL);
	pthread_create(&thread, NULL, call_one, NULL);
	for (int i = 0; i < 300; i++) {
		void *handle = dlopen(PLUGIN_2, RTLD_NOW | RTLD_LOCAL);
		const struct plugin *two = dlsym(handle, "plugin");
		int thing = two->open();
		SAME(two->which(thing), 2);
		SAME(two->close(thing), 2);
		SAME(two->which(thing), TURNED_AWAY);
		SAME(dlclose(handle), 0);
	}
	atomic_store(&stop, 1);
	pthread_join(thread, NULL);
	return 0;
}
