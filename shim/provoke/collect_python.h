/* Has Python collect its garbage while calls are held back: by what it lets any thread ask of its main thread, to be
 * done between two instructions. */
#ifndef HG_COLLECT_PYTHON_H
#define HG_COLLECT_PYTHON_H

#include <stdbool.h>

/* Asks for one, if there is a Python: every few milliseconds, or now, where a call is about to be held for it;
 * as far as the budget allows. */
void hg_python_collect(bool now);

/* Whether there is one that was asked. */
bool hg_python_collects(void);

#endif
