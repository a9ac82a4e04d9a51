#include "casks.h"

#include <pthread.h>
#include <stdlib.h>

enum class { CASK, TAP, CUP };

struct vessel {
	struct cellar *cellar;
	enum class class;
	bool dead, freeing;
	int freed_by, in, refs;
	unsigned life, parent_life;
	struct vessel *parent;
	casks_notify notify;
	void *object;
	int help;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* --- the truth; the lock is held --- */

static void complain(struct cellar *cellar, struct vessel *vessel, struct vessel *parent, const char *what)
{
	if (cellar->bad < CASKS_LOGGED) {
		cellar->log[cellar->bad].what = what;
		cellar->log[cellar->bad].vessel = vessel;
		cellar->log[cellar->bad].parent = parent;
	}
	cellar->bad++;
}

static void bad(struct vessel *vessel, const char *what)
{
	complain(vessel->cellar, vessel, vessel->parent, what);
}

/* Whether a call must not come: from the stack that frees a vessel it may, until the free is done. */
static bool is_gone(const struct vessel *vessel)
{
	if (vessel->dead)
		return true;
	int who = vessel->cellar->who();
	return vessel->freeing && who && who != vessel->freed_by;
}

/* What it was made from; null: another one is there by now. */
static struct vessel *parent_of(const struct vessel *vessel)
{
	struct vessel *parent = vessel->parent;
	return parent && parent->life == vessel->parent_life ? parent : NULL;
}

static void enter(struct vessel *vessel)
{
	pthread_mutex_lock(&lock);
	if (is_gone(vessel) || (parent_of(vessel) && is_gone(parent_of(vessel))))
		bad(vessel, "an op in what is gone");
	vessel->in++;
	if (parent_of(vessel))
		parent_of(vessel)->in++;
	pthread_mutex_unlock(&lock);
}

static void leave(struct vessel *vessel)
{
	pthread_mutex_lock(&lock);
	if (vessel->dead)
		bad(vessel, "an op ends in what is gone");
	vessel->in--;
	if (parent_of(vessel))
		parent_of(vessel)->in--;
	pthread_mutex_unlock(&lock);
}

static void end(struct vessel *vessel)
{
	if (!vessel->dead)
		vessel->cellar->ended[vessel->class]++;
	vessel->dead = true;
	vessel->freeing = false;
	for (unsigned i = 0; i < vessel->cellar->room_size; i++) {
		struct vessel *tap = vessel->cellar->room + i;
		if (tap->cellar && !tap->dead && parent_of(tap) == vessel)
			end(tap);
	}
}

/* --- helper threads --- */

static void *calls_stir(void *cask)
{
	void *stirred = cask_stir(cask);
	__asm__ volatile("");
	return stirred;
}

static void *jumps_to_stir(void *cask)
{
	return cask_stir(cask);
}

static void *calls_end(void *cask)
{
	void *ended = cask_end(cask);
	__asm__ volatile("");
	return ended;
}

static void *jumps_to_end(void *cask)
{
	return cask_end(cask);
}

typedef void *routine(void *cask);

static routine *const stirring[CASKS_HELPS] = {NULL, calls_stir, jumps_to_stir, (routine *)cask_stir};
static routine *const ending[CASKS_HELPS] = {NULL, calls_end, jumps_to_end, (routine *)cask_end};

static void count_harm(struct cellar *cellar)
{
	pthread_mutex_lock(&lock);
	cellar->harmed++;
	pthread_mutex_unlock(&lock);
}

static void help(struct vessel *cask, routine *run)
{
	pthread_t thread;
	void *result;
	if (!run)
		return;
	if (pthread_create(&thread, NULL, run, cask) != 0 || pthread_join(thread, &result) != 0)
		abort();
	if (!result)
		count_harm(cask->cellar);
}

/* --- creates --- */

static struct vessel *make(struct cellar *cellar, enum class class, struct vessel *parent)
{
	pthread_mutex_lock(&lock);
	struct vessel *made = cellar->next;
	cellar->next = NULL;
	*made = (struct vessel){.cellar = cellar,
	                        .class = class,
	                        .parent = parent,
	                        .life = made->life + 1,
	                        .parent_life = parent ? parent->life : 0,
	                        .refs = 1};
	cellar->made[class]++;
	pthread_mutex_unlock(&lock);
	return made;
}

struct vessel *cask_new(struct cellar *cellar)
{
	return make(cellar, CASK, NULL);
}

struct vessel *cask_open(struct cellar *cellar, casks_notify notify, void *object)
{
	struct vessel *cask = make(cellar, CASK, NULL);
	notify(object);
	return cask;
}

int cask_open_to(struct vessel **made, struct cellar *cellar, casks_notify notify, void *object)
{
	*made = make(cellar, CASK, NULL);
	notify(object);
	return 0;
}

struct vessel *tap_new(struct vessel *cask)
{
	enter(cask);
	struct vessel *tap = make(cask->cellar, TAP, cask);
	leave(cask);
	return tap;
}

struct vessel *tap_open(struct vessel *cask, casks_notify notify, void *object)
{
	enter(cask);
	struct vessel *tap = make(cask->cellar, TAP, cask);
	notify(object);
	leave(cask);
	return tap;
}

struct vessel *tap_make(struct vessel *cask, casks_notify notify, void *object)
{
	enter(cask);
	struct vessel *tap = make(cask->cellar, TAP, cask);
	notify(object);
	leave(cask);
	return tap;
}

struct vessel *cup_new(struct cellar *cellar)
{
	return make(cellar, CUP, NULL);
}

struct vessel *cup_wrap(struct cellar *cellar, struct vessel *inner, struct vessel *(*copy)(struct vessel *cup),
                        casks_notify drop, void *object)
{
	struct vessel *cup = make(cellar, CUP, NULL);
	if (copy(inner) != inner)
		count_harm(cellar);
	cup->notify = drop;
	cup->object = object;
	return cup;
}

struct vessel *cup_next(struct cellar *cellar, struct vessel *old)
{
	struct vessel *cup = make(cellar, CUP, NULL);
	if (cup_unref(old) != CASKS_FREED)
		count_harm(cellar);
	return cup;
}

/* --- ops --- */

static int poke(struct vessel *vessel)
{
	enter(vessel);
	leave(vessel);
	return 1;
}

static int use(struct vessel *vessel, casks_notify notify, void *object)
{
	enter(vessel);
	notify(object);
	leave(vessel);
	return 1;
}

int cask_poke(struct vessel *cask)
{
	return poke(cask);
}

int cask_look(struct vessel *cask)
{
	return cask ? 1 : CASKS_REJECTED;
}

void *cask_stir(struct vessel *cask)
{
	poke(cask);
	return cask;
}

int cask_use(struct vessel *cask, casks_notify notify, void *object)
{
	return use(cask, notify, object);
}

int cask_each(struct vessel *cask, casks_notify notify, void *object)
{
	poke(cask);
	return notify(object);
}

static int on_end(struct vessel *vessel, casks_notify notify, void *object, int how)
{
	enter(vessel);
	vessel->notify = notify;
	vessel->object = object;
	vessel->help = how;
	leave(vessel);
	return 1;
}

int cask_on_end(struct vessel *cask, casks_notify notify, void *object, int how)
{
	return on_end(cask, notify, object, how);
}

int tap_on_end(struct vessel *tap, casks_notify notify, void *object, int how)
{
	return on_end(tap, notify, object, how);
}

int cask_work(struct vessel *cask, int how)
{
	enter(cask);
	help(cask, stirring[how]);
	leave(cask);
	return 1;
}

int tap_poke(struct vessel *tap)
{
	return poke(tap);
}

int tap_use(struct vessel *tap, casks_notify notify, void *object)
{
	return use(tap, notify, object);
}

int cup_poke(struct vessel *cup)
{
	return poke(cup);
}

int cup_use(struct vessel *cup, casks_notify notify, void *object)
{
	return use(cup, notify, object);
}

int cup_on_end(struct vessel *cup, casks_notify notify, void *object, int how)
{
	return on_end(cup, notify, object, how);
}

struct vessel *cup_ref(struct vessel *cup)
{
	enter(cup);
	pthread_mutex_lock(&lock);
	cup->refs++;
	pthread_mutex_unlock(&lock);
	leave(cup);
	return cup;
}

/* --- frees --- */

static bool begin_free(struct vessel *vessel)
{
	pthread_mutex_lock(&lock);
	bool twice = vessel->dead || vessel->freeing || (parent_of(vessel) && is_gone(parent_of(vessel)));
	if (twice)
		bad(vessel, "a free of what is gone");
	else if (vessel->in)
		bad(vessel, "a free of what is in use");
	if (!twice) {
		vessel->freeing = true;
		vessel->freed_by = vessel->cellar->who();
		if (parent_of(vessel))
			parent_of(vessel)->in++;
	}
	pthread_mutex_unlock(&lock);
	return !twice;
}

static int free_it(struct vessel *vessel)
{
	if (!begin_free(vessel))
		return CASKS_FREED;
	/* As every library does that flushes what it closes. */
	if (vessel->class == CASK && cask_poke(vessel) != 1)
		count_harm(vessel->cellar);
	if (vessel->class == CASK)
		help(vessel, stirring[vessel->help]);
	if (vessel->notify)
		vessel->notify(vessel->object);
	pthread_mutex_lock(&lock);
	if (parent_of(vessel))
		parent_of(vessel)->in--;
	end(vessel);
	pthread_mutex_unlock(&lock);
	return CASKS_FREED;
}

int cask_free(struct vessel *cask)
{
	return free_it(cask);
}

void *cask_end(struct vessel *cask)
{
	free_it(cask);
	return cask;
}

int cask_close(struct vessel *cask, int how)
{
	casks_help_apart(cask, ending[how]);
	return CASKS_FREED;
}

int cask_finish(struct vessel *cask, casks_notify notify, void *object)
{
	notify(object);
	return free_it(cask);
}

int tap_free(struct vessel *tap)
{
	return free_it(tap);
}

int cup_unref(struct vessel *cup)
{
	pthread_mutex_lock(&lock);
	bool last = cup->refs <= 1;
	if (!last)
		cup->refs--;
	pthread_mutex_unlock(&lock);
	return last ? free_it(cup) : CASKS_FREED;
}

/* --- not guarded --- */

void casks_furnish(struct cellar *cellar, unsigned size)
{
	cellar->room = calloc(size, sizeof *cellar->room);
	cellar->room_size = size;
	if (!cellar->room)
		abort();
}

struct vessel *casks_at(const struct cellar *cellar, unsigned index)
{
	return cellar->room + index;
}

int casks_index(const struct cellar *cellar, const struct vessel *vessel)
{
	return (int)(vessel - cellar->room);
}

void casks_help_apart(struct vessel *cask, routine *run)
{
	pthread_mutex_lock(&lock);
	struct cellar *cellar = cask->cellar;
	if (cellar->helper_count == CASKS_HELPERS ||
	    pthread_create(&cellar->helpers[cellar->helper_count++], NULL, run, cask) != 0)
		abort();
	pthread_mutex_unlock(&lock);
}

void casks_settle(struct cellar *cellar)
{
	pthread_mutex_lock(&lock);
	while (cellar->helper_count) {
		pthread_t helper = cellar->helpers[--cellar->helper_count];
		void *result;
		pthread_mutex_unlock(&lock);
		if (pthread_join(helper, &result) != 0)
			abort();
		if (!result)
			count_harm(cellar);
		pthread_mutex_lock(&lock);
	}
	pthread_mutex_unlock(&lock);
}

void casks_op_left(struct vessel *vessel)
{
	pthread_mutex_lock(&lock);
	vessel->in--;
	if (parent_of(vessel))
		parent_of(vessel)->in--;
	pthread_mutex_unlock(&lock);
}

void casks_free_left(struct vessel *vessel)
{
	pthread_mutex_lock(&lock);
	if (parent_of(vessel))
		parent_of(vessel)->in--;
	end(vessel);
	pthread_mutex_unlock(&lock);
}

bool casks_being_freed(const struct vessel *vessel)
{
	pthread_mutex_lock(&lock);
	bool freeing = vessel->freeing || vessel->dead;
	pthread_mutex_unlock(&lock);
	return freeing;
}

/* --- lids --- */

struct vessel *lid_new(struct cellar *cellar)
{
	struct vessel *lid = calloc(1, sizeof *lid);
	if (!lid)
		abort();
	lid->cellar = cellar;
	return lid;
}

int lid_poke(struct vessel *lid)
{
	return lid ? 1 : CASKS_OF_NOTHING;
}

int lid_free(struct vessel *lid)
{
	lid->cellar->lids++;
	free(lid);
	return CASKS_FREED;
}

/* --- jars --- */

int jar_init(struct jar *jar, struct cellar *cellar)
{
	cellar->jars_made++;
	cellar->jars_ended += jar->filled;
	*jar = (struct jar){cellar, true};
	return 0;
}

int jar_poke(struct jar *jar)
{
	if (jar->filled)
		return 1;
	complain(jar->cellar, (struct vessel *)jar, NULL, "an op in what is gone");
	return CASKS_OF_NOTHING;
}

int jar_end(struct jar *jar)
{
	if (!jar->filled)
		complain(jar->cellar, (struct vessel *)jar, NULL, "a free of what is gone");
	jar->cellar->jars_ended += jar->filled;
	jar->filled = false;
	return CASKS_FREED;
}
