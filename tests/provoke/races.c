/* Programs that race once in thousands of runs, each a few lines, and some that look like them and cannot race: which
 * is the argument. Each does its thing TIMES times, with a handle of its own. The times that they sleep are those that
 * keep the sides apart on a machine that is not busy. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gate.h"

enum { TIMES = 10 };

static void sleep_us(long us)
{
	nanosleep(&(struct timespec){.tv_nsec = us * 1000}, NULL);
}

struct owner {
	gate *_Atomic g;
	gate_cord *cord;
	int line;
	gate_room *room;
	atomic_bool closed;
	atomic_int users;
	pthread_mutex_t lock;
};

static pthread_t begin(void *(*run)(void *), struct owner *owner)
{
	pthread_t thread;
	if (pthread_create(&thread, NULL, run, owner) != 0)
		abort();
	return thread;
}

/* --- a watcher closes the connection some time after its time is over --- */

static void *watch(void *owner)
{
	sleep_us(8000);
	gate_close(((struct owner *)owner)->g);
	return NULL;
}

static void late_watcher(struct owner *owner)
{
	pthread_t watcher = begin(watch, owner);
	gate_touch(owner->g);
	gate_touch(owner->g);
	pthread_join(watcher, NULL);
}

/* --- a thread that finalizes what others have used, as far as it knows --- */

static void *use_and_forget(void *owner)
{
	gate_touch(((struct owner *)owner)->g);
	return NULL;
}

static void finalizer_thread(struct owner *owner)
{
	pthread_t user = begin(use_and_forget, owner);
	sleep_us(5000);
	gate_close(owner->g);
	pthread_join(user, NULL);
}

/* --- two owners: each looks whether the other has closed it, and says so when it has --- */

static void close_once(struct owner *owner)
{
	if (atomic_load(&owner->closed))
		return;
	gate_close(owner->g);
	atomic_store(&owner->closed, true);
}

static void *second_owner(void *owner)
{
	sleep_us(1500);
	close_once(owner);
	return NULL;
}

static void two_owners(struct owner *owner)
{
	pthread_t other = begin(second_owner, owner);
	gate_touch(owner->g);
	close_once(owner);
	pthread_join(other, NULL);
}

/* --- the user looks whether it is closed, then uses it --- */

static void *look_and_use(void *argument)
{
	struct owner *owner = argument;
	for (int i = 0; i < 8; i++) {
		if (!atomic_load(&owner->closed))
			gate_touch(owner->g);
		sleep_us(1000);
	}
	return NULL;
}

static void checked_flag(struct owner *owner)
{
	pthread_t user = begin(look_and_use, owner);
	sleep_us(4370);
	atomic_store(&owner->closed, true);
	gate_close(owner->g);
	pthread_join(user, NULL);
}

/* --- what a handle was made from is closed, its user being done by then --- */

static void *use_room(void *owner)
{
	for (int i = 0; i < 3; i++)
		gate_room_touch(((struct owner *)owner)->room);
	return NULL;
}

static void razed_house(struct owner *owner)
{
	gate_house *house = gate_house_open();
	owner->room = gate_room_open(house);
	pthread_t user = begin(use_room, owner);
	sleep_us(6000);
	gate_house_raze(house);
	pthread_join(user, NULL);
	gate_close(owner->g);
}

/* --- a lock around every call, but not around the look at the pointer --- */

static void *use_locked_late(void *argument)
{
	struct owner *owner = argument;
	for (int i = 0; i < 10; i++) {
		gate *g = owner->g;
		if (!g)
			break;
		pthread_mutex_lock(&owner->lock);
		gate_touch(g);
		pthread_mutex_unlock(&owner->lock);
		sleep_us(1000);
	}
	return NULL;
}

static void close_under_lock(struct owner *owner)
{
	sleep_us(5400);
	pthread_mutex_lock(&owner->lock);
	gate_close(owner->g);
	owner->g = NULL;
	pthread_mutex_unlock(&owner->lock);
}

static void pointer_outside_lock(struct owner *owner)
{
	pthread_t user = begin(use_locked_late, owner);
	close_under_lock(owner);
	pthread_join(user, NULL);
}

/* --- one handle becomes two, its user being done by then --- */

static void *use_cord(void *owner)
{
	gate_cord_touch(((struct owner *)owner)->cord);
	return NULL;
}

static void split_cord(struct owner *owner)
{
	gate_plug *left, *right;
	owner->cord = gate_cord_open();
	pthread_t user = begin(use_cord, owner);
	sleep_us(5000);
	gate_cord_split(owner->cord, 2, &left, &right);
	pthread_join(user, NULL);
	gate_plug_close(left);
	gate_plug_close(right);
	gate_close(owner->g);
}

/* --- a shared connection: the last of its users disconnects, and the next connects, by an atomic count of them --- */

enum { SERVER = 7 };

static void leave(struct owner *owner, int line)
{
	if (atomic_fetch_sub(&owner->users, 1) == 1)
		gate_line_disconnect(line);
}

static void *join_in(void *argument)
{
	struct owner *owner = argument;
	sleep_us(2000);
	int line = atomic_fetch_add(&owner->users, 1) == 0 ? gate_line_connect(SERVER) : owner->line;
	gate_line_send(line);
	leave(owner, line);
	return NULL;
}

static void last_user(struct owner *owner)
{
	owner->users = 1;
	owner->line = gate_line_connect(SERVER);
	pthread_t newcomer = begin(join_in, owner);
	gate_line_send(owner->line);
	leave(owner, owner->line);
	pthread_join(newcomer, NULL);
	gate_close(owner->g);
}

/* --- correct: the look is under the lock too --- */

static void *use_locked(void *argument)
{
	struct owner *owner = argument;
	for (int i = 0; i < 10; i++) {
		pthread_mutex_lock(&owner->lock);
		if (owner->g)
			gate_touch(owner->g);
		pthread_mutex_unlock(&owner->lock);
		sleep_us(1000);
	}
	return NULL;
}

static void quiet_lock(struct owner *owner)
{
	pthread_t user = begin(use_locked, owner);
	close_under_lock(owner);
	pthread_join(user, NULL);
}

/* --- correct: the user is waited for --- */

static void quiet_join(struct owner *owner)
{
	pthread_t user = begin(use_and_forget, owner);
	pthread_join(user, NULL);
	gate_close(owner->g);
}

/* --- correct: who drops the last reference closes --- */

static void drop(struct owner *owner)
{
	if (atomic_fetch_sub(&owner->users, 1) == 1)
		gate_close(owner->g);
}

static void *use_counted(void *owner)
{
	gate_touch(((struct owner *)owner)->g);
	drop(owner);
	return NULL;
}

static void quiet_count(struct owner *owner)
{
	owner->users = 2;
	pthread_t user = begin(use_counted, owner);
	use_counted(owner);
	pthread_join(user, NULL);
}

static const struct {
	const char *name;
	void (*run)(struct owner *owner);
} programs[] = {{"late_watcher", late_watcher}, {"finalizer_thread", finalizer_thread},
                {"two_owners", two_owners},     {"checked_flag", checked_flag},
                {"razed_house", razed_house},   {"pointer_outside_lock", pointer_outside_lock},
                {"split_cord", split_cord},     {"last_user", last_user},
                {"quiet_lock", quiet_lock},     {"quiet_join", quiet_join},
                {"quiet_count", quiet_count}};

int main(int argc, char **argv)
{
	for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
		if (argc == 1)
			puts(programs[i].name);
		for (int times = 0; argc > 1 && strcmp(argv[1], programs[i].name) == 0 && times < TIMES; times++)
			programs[i].run(&(struct owner){.g = gate_open(), .lock = PTHREAD_MUTEX_INITIALIZER});
	}
	return gate_violations() != 0;
}
