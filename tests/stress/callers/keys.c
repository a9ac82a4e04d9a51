/* Keys belong to the thread that has made each. Another one that gives a key back is told of, unless it does so by the
 * function that any may call; so is none in a child, for what that has inherited. */
#include "world.h"

bool turn_key(struct world *world)
{
	struct key *key = &world->keys[draw(world, KEYS)];
	int self = here()->index;
	if (!key->lives) {
		key->lives = true;
		key->life++;
		key->thread = self;
		world->keys_made++;
		return key_new(key->place) == (struct vessel *)key->place;
	}
	bool anyhow = !draw(world, 4), wrong = key->thread != NOBODY && key->thread != self;
	if (wrong && !anyhow)
		expect_aside(world, "wrong-thread", key->place, key->life);
	world->model.happened[F_KEY] += wrong;
	key->lives = false;
	world->keys_freed++;
	int result = anyhow ? key_hand_back((struct vessel *)key->place) : key_free((struct vessel *)key->place);
	if (result != CASKS_FREED)
		fault("a key_free returned %d", result);
	return true;
}
