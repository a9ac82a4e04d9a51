/* Usage: world_libhidapi quiet|race
 * Lists devices and opens one that is not there, as there need be none. `quiet` does so in several threads in turn, and
 * begins anew after hid_exit. `race` opens one and calls hid_exit while another thread lists devices, which stands
 * still where the library asks udev. */
#include <dlfcn.h>
#include <hidapi/hidapi.h>
#include <semaphore.h>
#include <string.h>

#include "quiet.h"

enum { THREADS = 4, ROUNDS = 20 };

static _Thread_local int stands_still;
static sem_t inside, go_on;

struct udev;
struct udev *udev_new(void);

/* Comes before the one of the system's library, which the library calls. */
struct udev *udev_new(void)
{
	struct udev *(*real)(void);
	*(void **)&real = dlsym(RTLD_NEXT, "udev_new");
	MUST(real);
	if (stands_still) {
		sem_post(&inside);
		sem_wait(&go_on);
	}
	return real();
}

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static void *list(void *unused)
{
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&turn);
		hid_free_enumeration(hid_enumerate(0, 0));
		MUST(!hid_open(0xfffe, 0xfffe, L"none"));
		pthread_mutex_unlock(&turn);
	}
	return unused;
}

static void quiet(void)
{
	for (int i = 0; i < 2; i++) {
		pthread_t threads[THREADS];
		MUST(hid_init() == 0);
		for (int j = 0; j < THREADS; j++)
			threads[j] = start(list, NULL);
		for (int j = 0; j < THREADS; j++)
			join(threads[j]);
		MUST(hid_exit() == 0);
	}
}

static void *list_patiently(void *unused)
{
	stands_still = 1;
	hid_free_enumeration(hid_enumerate(0, 0));
	return unused;
}

static void race(void)
{
	sem_init(&inside, 0, 0);
	sem_init(&go_on, 0, 0);
	MUST(hid_init() == 0);
	pthread_t lister = start(list_patiently, NULL);
	sem_wait(&inside);
	MUST(!hid_open(0xfffe, 0xfffe, L"none"));
	hid_exit();
	sem_post(&go_on);
	join(lister);
}

int main(int argc, char **argv)
{
	MUST(argc == 2);
	if (strcmp(argv[1], "race") == 0)
		race();
	else
		quiet();
	return 0;
}
