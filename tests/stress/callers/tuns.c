/* Tuns end in two steps, which whichever threads take: between them every op is late, and so is another shut. */
#include "world.h"

static struct vessel *handle_of(struct tun *tun)
{
	return (struct vessel *)tun->place;
}

static void make(struct world *world, struct tun *tun)
{
	*tun = (struct tun){.lives = true, .life = tun->life + 1};
	world->tuns_made++;
	if (tun_new(tun->place) != handle_of(tun))
		fault("a tun_new returned another place");
}

static void use(struct world *world, struct tun *tun, int result, int right)
{
	if (tun->shut) {
		expect_aside(world, "late-op", tun->place, tun->life);
		world->model.happened[F_TUN]++;
	}
	if (result != (tun->shut && !world->model.observes ? CASKS_REJECTED : right))
		fault("a call of a tun that is %sshut returned %d", tun->shut ? "" : "not ", result);
}

static void end(struct world *world, struct tun *tun)
{
	if (tun_free(handle_of(tun)) != CASKS_FREED)
		fault("a tun_free was rejected");
	tun->lives = false;
	world->tuns_freed++;
}

bool use_tun(struct world *world)
{
	struct tun *tun = &world->tuns[draw(world, TUNS)];
	if (!tun->lives)
		make(world, tun);
	for (unsigned steps = 1 + draw(world, 4); steps && tun->lives; steps--)
		switch (draw(world, 4)) {
		case 0:
			use(world, tun, tun_shut(handle_of(tun)), 2);
			tun->shut = true;
			break;
		case 1:
			end(world, tun);
			break;
		default:
			use(world, tun, tun_poke(handle_of(tun)), 1);
		}
	return true;
}
