/* Handles that are numbers, of which many have been forgotten: late calls on one that died lately are rejected and
 * told, and so is one on an older handle by a thread that has used it.
 *
 * run: HANDLEGUARD_DEAD_HANDLES=1000
 * finding: late-op number lately; call gate_number_touch in touch_late; free gate_number_close in close_one;
 *     create gate_number_open in open_one
 * finding: repeat-free number lately; call gate_number_close in close_again; free gate_number_close in close_one;
 *     create gate_number_open in open_one
 * finding: late-op number long_ago; call gate_number_touch in use_then_late on user;
 *     free gate_number_close in close_one; create gate_number_open in open_one
 * recording: counters.dead-forgotten=>40000 handles.number.adopted=0
 */
#include "scenario.h"

static sem_t used, come_late;
static int64_t long_ago, lately;

static int64_t open_one(void)
{
	return gate_number_open();
}

static void close_one(int64_t number)
{
	CHECK(gate_number_close(number) == 0);
}

static void come_and_go(int count)
{
	for (int i = 0; i < count; i++)
		close_one(open_one());
}

static void touch_late(int64_t number)
{
	CHECK(gate_number_touch(number) == -EBADF);
}

static void close_again(int64_t number)
{
	gate_number_close(number);
}

static void use_then_late(void *unused)
{
	(void)unused;
	CHECK(gate_number_touch(long_ago) == 1);
	sem_post(&used);
	sem_wait(&come_late);
	CHECK(gate_number_touch(long_ago) == -EBADF);
}

int main(void)
{
	struct side user;
	sem_init(&used, 0, 0);
	sem_init(&come_late, 0, 0);
	long_ago = open_one();
	tell_number("long_ago", (unsigned long)long_ago);
	start(&user, "user", use_then_late, NULL);
	sem_wait(&used);
	close_one(long_ago);
	come_and_go(60000);
	lately = open_one();
	tell_number("lately", (unsigned long)lately);
	close_one(lately);
	come_and_go(500);
	touch_late(lately);
	close_again(lately);
	sem_post(&come_late);
	join(&user);
	CHECK(gate_violations() == 0);
	return 0;
}
