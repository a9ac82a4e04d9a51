/* Users ask, under the lock that the closer takes too, whether the handle is still there.
 *
 * recording: handles.gate.freed=1
 */
#include "scenario.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static gate *shared;

static void use(void *unused)
{
	(void)unused;
	for (int i = 0; i < 1000; i++) {
		pthread_mutex_lock(&lock);
		CHECK(!shared || gate_touch(shared) == 1);
		pthread_mutex_unlock(&lock);
	}
}

int main(void)
{
	struct side one, other;
	shared = gate_open();
	start(&one, "one", use, NULL);
	start(&other, "other", use, NULL);
	pthread_mutex_lock(&lock);
	gate_close(shared);
	shared = NULL;
	pthread_mutex_unlock(&lock);
	join(&one);
	join(&other);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
