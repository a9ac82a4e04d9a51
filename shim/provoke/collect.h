/* Finalizers end handles when garbage is collected, which is seldom: while calls are held back it is to be often. */
#ifndef HG_COLLECT_H
#define HG_COLLECT_H

#include <stdbool.h>

/* To be called with each call that may be held, and as `now` before one is held until a finalizer may come. */
void hg_collect_often(bool now);

/* Whether what may come of a hold may have to wait for a collection, which takes long. */
bool hg_collects(void);

#endif
