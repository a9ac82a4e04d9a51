/* References as they are meant to be: taken by many threads at once and dropped by others, from a floating one on, and
 * with the last the handle is freed; the last may be the library's own. Of a handle that nobody saw created it is not
 * known how many there are.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.share.created=202 handles.share.adopted=1 handles.share.freed=202 counters.holders-cut=0
 * run: HANDLEGUARD_MODE=observe
 * recording: handles.share.created=202 handles.share.adopted=1 handles.share.freed=202
 * run: HANDLEGUARD_MODE=abort
 * recording: handles.share.created=202 handles.share.adopted=1 handles.share.freed=202
 * run: HANDLEGUARD_DRAIN=defer
 * recording: handles.share.created=202 handles.share.adopted=1 handles.share.freed=202
 */
#include "scenario.h"

enum { THREADS = 4, ROUNDS = 200, LIVES = 200 };

static gate_share *current;
static pthread_barrier_t begin, end;

static void refer(void *unused)
{
	(void)unused;
	for (int life = 0; life < LIVES; life++) {
		pthread_barrier_wait(&begin);
		for (int i = 0; i < ROUNDS; i++) {
			CHECK(gate_share_ref(current) == current);
			CHECK(gate_share_touch(current) == 1);
			gate_share_unref(current);
		}
		gate_share_unref(current);
		pthread_barrier_wait(&end);
	}
}

static void live(void)
{
	current = gate_share_new_floating();
	for (int i = 0; i < THREADS; i++)
		gate_share_sink(current);
	pthread_barrier_wait(&begin);
	pthread_barrier_wait(&end);
}

static void let_the_library_keep_it(void)
{
	gate_share *share = gate_share_new();
	CHECK(gate_share_keep(share) == 8);
	gate_share_unref(share);
	CHECK(gate_share_touch(share) == 1);
	gate_share_give_back();
}

static void use_unseen(void)
{
	gate_share *share = gate_share_new_unseen();
	gate_share_ref(share);
	gate_share_unref(share);
	CHECK(gate_share_touch(share) == 1);
	gate_share_unref(share);
}

int main(void)
{
	struct side sides[THREADS];
	pthread_barrier_init(&begin, NULL, THREADS + 1);
	pthread_barrier_init(&end, NULL, THREADS + 1);
	for (int i = 0; i < THREADS; i++)
		start(&sides[i], "referrer", refer, NULL);
	for (int life = 0; life < LIVES; life++)
		live();
	for (int i = 0; i < THREADS; i++)
		join(&sides[i]);
	gate_share *share = gate_share_new();
	CHECK(gate_share_touch(share) == 1);
	gate_share_unref(share);
	let_the_library_keep_it();
	use_unseen();
	CHECK(gate_frees() == LIVES + 3 && gate_violations() == 0);
	return 0;
}
