/* Has Python collect its garbage while calls are held back: by what it lets any thread ask of its main thread, to be
 * done between two instructions. */
#ifndef HG_COLLECT_PYTHON_H
#define HG_COLLECT_PYTHON_H

#include <stdbool.h>

/* Asks for one, if there is a Python (pace.h). */
void hg_collect_python(bool now);

/* Whether there is one that was asked. */
bool hg_python_collects(void);

#endif
