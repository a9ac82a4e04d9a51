/* More of the casks' library: handles that are made from others, a family for each rule. Only one thread of a cellar
 * moves. */
#ifndef KEGS_H
#define KEGS_H

#include "casks.h"

/* --- kegs, which are counted, and mugs, which hold theirs --- */

struct keg;
struct mug;
struct keg *keg_new(struct cellar *cellar);
int keg_ref(struct keg *keg);  /* 1 */
int keg_poke(struct keg *keg); /* 1 */
int keg_unref(struct keg *keg);
struct mug *mug_new(struct keg *keg);
int mug_poke(struct mug *mug); /* 1 */
int mug_free(struct mug *mug);

/* --- mashes, and what is drawn from them: by the mash's end each goes a way of its own --- */

enum { BREW, FOAM, LEES, DRAWN };
struct mash;
struct drawn;
struct mash *mash_new(struct cellar *cellar, int open); /* of one that is not open, foam goes with it */
int mash_poke(struct mash *mash);                       /* 1 */
int mash_free(struct mash *mash);
int mash_skim(struct mash *mash); /* of its foam; -1, and nothing, if it has lees */
#define MASH_DRAWS(kind)                                                                                               \
	struct drawn *kind##_draw(struct mash *mash);                                                                  \
	int kind##_poke(struct drawn *drawn); /* 1 */                                                                  \
	int kind##_free(struct drawn *drawn);
MASH_DRAWS(brew)
MASH_DRAWS(foam)
MASH_DRAWS(lees)

#endif
