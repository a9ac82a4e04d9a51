/* Finalizers end handles when garbage is collected, which is seldom: while calls are held back it is to be often. */
#ifndef HG_COLLECT_H
#define HG_COLLECT_H

/* To be called with the first call that may be held. */
void hg_collect_often(void);

#endif
