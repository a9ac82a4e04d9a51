/* Of some kinds of handles the library itself knows nothing but where they are: who may use them, and when, is all in
 * what its manifest says. */
#include <stdlib.h>

#include "casks.h"

/* --- keys --- */

struct vessel *key_new(void *place)
{
	return place;
}

int key_free(struct vessel *key)
{
	return key ? CASKS_FREED : CASKS_OF_NOTHING;
}

int key_hand_back(struct vessel *key)
{
	return key ? CASKS_FREED : CASKS_OF_NOTHING;
}

/* --- deeds --- */

struct vessel *deed_new(void *place)
{
	return place;
}

int deed_poke(struct vessel *deed)
{
	return deed ? 1 : CASKS_OF_NOTHING;
}

int deed_free(struct vessel *deed)
{
	return deed ? CASKS_FREED : CASKS_OF_NOTHING;
}

int lid_pair(struct cellar *cellar, struct vessel *two[2])
{
	two[0] = lid_new(cellar);
	two[1] = lid_new(cellar);
	return 0;
}

/* --- vats --- */

struct vessel *vat_new(void *place)
{
	return place;
}

int vat_use(struct vessel *vat, casks_notify notify, void *object)
{
	return notify(object) == 0 && vat ? 1 : CASKS_OF_NOTHING;
}

int vat_last_use(struct vessel *vat)
{
	return vat ? 1 : CASKS_OF_NOTHING;
}

int vat_let_go(struct vessel *vat)
{
	return vat ? CASKS_FREED : CASKS_OF_NOTHING;
}

int vat_free(struct vessel *vat)
{
	return vat ? CASKS_FREED : CASKS_OF_NOTHING;
}

/* --- tuns --- */

struct vessel *tun_new(void *place)
{
	return place;
}

int tun_poke(struct vessel *tun)
{
	return tun ? 1 : CASKS_OF_NOTHING;
}

int tun_shut(struct vessel *tun)
{
	return tun ? 2 : CASKS_OF_NOTHING;
}

int tun_free(struct vessel *tun)
{
	return tun ? CASKS_FREED : CASKS_OF_NOTHING;
}

/* --- dregs --- */

struct vessel *dreg_new(void *place)
{
	return place;
}

struct vessel *dreg_find(void *place)
{
	return place;
}

int dreg_poke(struct vessel *dreg)
{
	return dreg ? 1 : CASKS_OF_NOTHING;
}

int dreg_free(struct vessel *dreg)
{
	return dreg ? CASKS_FREED : CASKS_OF_NOTHING;
}

/* --- drosses --- */

static bool drosses_are_over; /* as a library knows that has torn itself down */

static void end_drosses(void)
{
	drosses_are_over = true;
}

static void prepare(void)
{
	if (atexit(end_drosses) != 0)
		abort();
}

struct vessel *dross_new(void *place)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, prepare);
	return place;
}

int dross_poke(struct vessel *dross)
{
	return dross ? 1 : CASKS_OF_NOTHING;
}

int dross_free(struct vessel *dross)
{
	return dross && !drosses_are_over ? CASKS_FREED : CASKS_OF_NOTHING;
}

/* --- the shed --- */

int shed_open(void)
{
	return 0;
}

int shed_poke(void)
{
	return 1;
}

int shed_close(void)
{
	return CASKS_FREED;
}

/* --- drays --- */

struct vessel *dray_new(void *place)
{
	return place;
}

int dray_haul(struct vessel *dray)
{
	return dray ? 1 : CASKS_OF_NOTHING;
}

int dray_wash(struct vessel *dray)
{
	return dray ? 2 : CASKS_OF_NOTHING;
}

int dray_yoke(struct vessel *dray, struct vessel *ox, int result)
{
	return dray && ox ? result : CASKS_OF_NOTHING;
}

int dray_seat(struct vessel *dray, int place, struct vessel *ox)
{
	(void)place;
	return dray && ox ? 0 : CASKS_OF_NOTHING;
}

int dray_unyoke(struct vessel *dray, struct vessel *ox)
{
	return dray && ox ? 3 : CASKS_OF_NOTHING;
}

int dray_unyoke_all(struct vessel *dray)
{
	return dray ? 3 : CASKS_OF_NOTHING;
}

int dray_load(struct vessel *dray, struct vessel *sack)
{
	return dray && sack ? 4 : CASKS_OF_NOTHING;
}

int dray_unload(struct vessel *dray, struct vessel *sack)
{
	return dray && sack ? 4 : CASKS_OF_NOTHING;
}

int dray_free(struct vessel *dray)
{
	return dray ? CASKS_FREED : CASKS_OF_NOTHING;
}

struct vessel *ox_new(void *place)
{
	return place;
}

int ox_free(struct vessel *ox)
{
	return ox ? CASKS_FREED : CASKS_OF_NOTHING;
}

int ox_retire(struct vessel *ox)
{
	return ox ? CASKS_FREED : CASKS_OF_NOTHING;
}

struct vessel *sack_new(void *place)
{
	return place;
}

int sack_free(struct vessel *sack)
{
	return sack ? CASKS_FREED : CASKS_OF_NOTHING;
}
