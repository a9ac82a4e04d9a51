/* What was made from a handle, listed with it: so a free of the handle looks at those alone. The list may name more:
 * who is whose child is for family.c to say. */
#ifndef HG_CHILDREN_H
#define HG_CHILDREN_H

#include "protocol/guard.h"

/* Lists the child with `parent`, and no more with `last` (either may be null: with nobody). Both keep HG_CLASS_MORE.
 * For whoever alone may change what the child was made from; before that is published. */
void hg_children_move(struct hg_guard *child, struct hg_guard *last, struct hg_guard *parent);

/* Calls `visit` for each child that was listed before, and is still. On a visit. */
void hg_children_each(struct hg_guard *parent, void (*visit)(struct hg_guard *child, void *argument), void *argument);

/* Whether memory for the list was ever refused: then there are children that are not listed. */
bool hg_children_are_missing(void);

#endif
