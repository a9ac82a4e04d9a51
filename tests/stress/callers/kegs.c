/* Kegs, which are counted, and mugs, which hold the keg that they were made from; mashes, and what is drawn from them.
 * Only one thread of a cellar moves. */
#include "kegs.h"

#include <stdlib.h>

struct keg {
	struct cellar *cellar;
	int refs, mugs;
};

struct mug {
	struct keg *keg;
	bool gone;
};

static void *take(size_t bytes)
{
	void *taken = calloc(1, bytes);
	if (!taken)
		abort();
	return taken;
}

static void bad(struct keg *keg, const void *of, const char *what)
{
	struct cellar *cellar = keg->cellar;
	if (cellar->bad < CASKS_LOGGED) {
		cellar->log[cellar->bad].what = what;
		cellar->log[cellar->bad].vessel = (struct vessel *)of;
		cellar->log[cellar->bad].parent = (struct vessel *)keg;
	}
	cellar->bad++;
}

static int held(const struct keg *keg)
{
	return keg->refs + keg->mugs;
}

static void count_end(struct keg *keg)
{
	if (!held(keg))
		keg->cellar->kin.kegs_ended++;
}

struct keg *keg_new(struct cellar *cellar)
{
	struct keg *keg = take(sizeof *keg);
	*keg = (struct keg){.cellar = cellar, .refs = 1};
	cellar->kin.kegs++;
	return keg;
}

int keg_poke(struct keg *keg)
{
	if (!held(keg))
		bad(keg, keg, "an op in a keg that is gone");
	return 1;
}

int keg_ref(struct keg *keg)
{
	keg->refs++;
	return 1;
}

int keg_unref(struct keg *keg)
{
	if (!keg->refs)
		bad(keg, keg, "a reference to a keg that nobody has");
	keg->refs--;
	count_end(keg);
	return CASKS_FREED;
}

struct mug *mug_new(struct keg *keg)
{
	struct mug *mug = take(sizeof *mug);
	mug->keg = keg;
	keg->mugs++;
	keg->cellar->kin.mugs++;
	return mug;
}

int mug_poke(struct mug *mug)
{
	if (mug->gone)
		bad(mug->keg, mug, "an op in a mug that is gone");
	return 1;
}

int mug_free(struct mug *mug)
{
	mug->gone = true;
	mug->keg->mugs--;
	mug->keg->cellar->kin.mugs_ended++;
	count_end(mug->keg);
	return CASKS_FREED;
}

/* --- mashes --- */

struct drawn {
	struct mash *mash;
	int kind;
	bool gone;
	struct drawn *next; /* from the same mash */
};

struct mash {
	struct cellar *cellar;
	bool open, gone;
	struct drawn *drawn;
};

static void bad_mash(struct mash *mash, const void *of, const char *what)
{
	struct keg there = {.cellar = mash->cellar};
	bad(&there, of, what);
}

struct mash *mash_new(struct cellar *cellar, int open)
{
	struct mash *mash = take(sizeof *mash);
	*mash = (struct mash){.cellar = cellar, .open = open};
	cellar->kin.mashes++;
	return mash;
}

int mash_poke(struct mash *mash)
{
	if (mash->gone)
		bad_mash(mash, mash, "an op in a mash that is gone");
	return 1;
}

static int end_drawn(struct drawn *drawn)
{
	drawn->gone = true;
	drawn->mash->cellar->kin.drawn_ended[drawn->kind]++;
	return CASKS_FREED;
}

static void end_foam(struct mash *mash)
{
	for (struct drawn *drawn = mash->drawn; drawn; drawn = drawn->next)
		if (drawn->kind == FOAM && !drawn->gone)
			end_drawn(drawn);
}

int mash_skim(struct mash *mash)
{
	if (mash->gone)
		bad_mash(mash, mash, "a mash is skimmed that is gone");
	for (struct drawn *drawn = mash->drawn; drawn; drawn = drawn->next)
		if (drawn->kind == LEES && !drawn->gone)
			return -1;
	end_foam(mash);
	return 0;
}

int mash_free(struct mash *mash)
{
	if (!mash->open)
		end_foam(mash);
	mash->gone = true;
	mash->cellar->kin.mashes_ended++;
	return CASKS_FREED;
}

static struct drawn *draw_from(struct mash *mash, int kind)
{
	struct drawn *drawn = take(sizeof *drawn);
	*drawn = (struct drawn){.mash = mash, .kind = kind, .next = mash->drawn};
	mash->drawn = drawn;
	mash->cellar->kin.drawn[kind]++;
	return drawn;
}

/* Lees need their mash; so does brew from one that is open. */
static int poke_drawn(struct drawn *drawn)
{
	struct mash *mash = drawn->mash;
	if (drawn->gone || (mash->gone && (drawn->kind == LEES || (drawn->kind == BREW && mash->open))))
		bad_mash(mash, drawn, "an op in what has lost its mash");
	return 1;
}

#define DRAWS(name, kind)                                                                                              \
	struct drawn *name##_draw(struct mash *mash)                                                                   \
	{                                                                                                              \
		return draw_from(mash, kind);                                                                          \
	}                                                                                                              \
	int name##_poke(struct drawn *drawn)                                                                           \
	{                                                                                                              \
		return poke_drawn(drawn);                                                                              \
	}                                                                                                              \
	int name##_free(struct drawn *drawn)                                                                           \
	{                                                                                                              \
		return end_drawn(drawn);                                                                               \
	}
DRAWS(brew, BREW)
DRAWS(foam, FOAM)
DRAWS(lees, LEES)
