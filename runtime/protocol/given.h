/* Handles that were given to another one after their birth, which frees them from then on: they are its children, and
 * nobody else's to free. */
#ifndef HG_GIVEN_H
#define HG_GIVEN_H

#include "protocol/guard.h"

/* Gives the child to the parent, by a call that is in flight on both. Not one that was made from another handle. */
void hg_give(struct hg_guard *child, struct hg_guard *parent);

/* The child is the program's again, if it was given to this parent (null: to any). */
void hg_take_back(struct hg_guard *child, const struct hg_guard *parent);

/* To whom it is given, if that one is alive; null: to nobody. */
struct hg_guard *hg_given_to(const struct hg_guard *child);

#endif
