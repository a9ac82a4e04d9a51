/* Programs that keep ops and frees apart: by a lock and a look under it, by joining, and by a count of who has still to
 * come. However long any side is held back, nothing is told.
 *
 * run: HANDLEGUARD_PROVOKE=on HANDLEGUARD_PROVOKE_DELAY_MS=2 HANDLEGUARD_PROVOKE_BUDGET=100
 * recording: handles.gate.freed=60 handles.gate.leaked=0
 *
 * run: HANDLEGUARD_PROVOKE=on HANDLEGUARD_PROVOKE_DELAY_MS=2 HANDLEGUARD_PROVOKE_BUDGET=100 HANDLEGUARD_PROVOKE_POINTS=fa
 * recording: handles.gate.freed=60 handles.gate.leaked=0
 *
 * run: HANDLEGUARD_PROVOKE=on HANDLEGUARD_PROVOKE_DELAY_MS=2 HANDLEGUARD_PROVOKE_BUDGET=100 HANDLEGUARD_PROVOKE_POINTS=l
 * recording: handles.gate.freed=60 handles.gate.leaked=0
 */
#include "scenario.h"

enum { ROUNDS = 20, USES = 3 };

static struct owner {
	gate *g;
	pthread_mutex_t lock;
	atomic_int users;
} owner = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void use_locked(void *unused)
{
	(void)unused;
	for (int i = 0; i < USES; i++) {
		pthread_mutex_lock(&owner.lock);
		if (owner.g)
			CHECK(gate_touch(owner.g) > 0);
		pthread_mutex_unlock(&owner.lock);
		sched_yield();
	}
}

static void close_locked(void)
{
	pthread_mutex_lock(&owner.lock);
	gate_close(owner.g);
	owner.g = NULL;
	pthread_mutex_unlock(&owner.lock);
}

static void use_joined(void *g)
{
	for (int i = 0; i < USES; i++)
		CHECK(gate_touch(g) > 0);
}

static void drop(void)
{
	if (atomic_fetch_sub(&owner.users, 1) == 1)
		gate_close(owner.g);
}

static void use_counted(void *g)
{
	for (int i = 0; i < USES; i++)
		CHECK(gate_touch(g) > 0);
	drop();
}

int main(void)
{
	struct side one, other;
	for (int i = 0; i < ROUNDS; i++) {
		owner.g = gate_open();
		start(&one, "one", use_locked, NULL);
		close_locked();
		join(&one);

		gate *g = gate_open();
		start(&one, "one", use_joined, g);
		join(&one);
		gate_close(g);

		owner.g = gate_open();
		atomic_store(&owner.users, 3);
		start(&one, "one", use_counted, owner.g);
		start(&other, "other", use_counted, owner.g);
		drop();
		join(&one);
		join(&other);
	}
	CHECK(gate_violations() == 0);
	return 0;
}
