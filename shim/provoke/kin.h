/* A handle and its family: those that it was made from, and what stands for all of a class. */
#ifndef HG_KIN_H
#define HG_KIN_H

#include "protocol/guard.h"

enum { HG_KIN_MOST = 1 + HG_FAMILY_COUNTED }; /* no limit: no call is in flight on more */

/* The handle's guard first. Good as long as the visit lasts that it was found on; afterwards to be compared only. */
struct hg_kin {
	struct hg_guard *guards[HG_KIN_MOST];
	unsigned count;
};

void hg_kin_of(struct hg_guard *guard, struct hg_kin *kin);

/* The same where other threads read it: what is read while it is written is a mixture. */
struct hg_kept_kin {
	struct hg_guard *_Atomic guards[HG_KIN_MOST];
	_Atomic unsigned count;
};

void hg_kin_keep(struct hg_kept_kin *to, const struct hg_kin *kin);
void hg_kin_kept(struct hg_kept_kin *from, struct hg_kin *kin);

/* Whether one of the two handles is of the other's family. */
bool hg_kin_related(const struct hg_kin *one, const struct hg_kin *other);

#endif
