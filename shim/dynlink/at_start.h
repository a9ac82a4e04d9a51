/* What was loaded when the process started: it is never unloaded, and its references mean what all may mean. */
#ifndef HG_AT_START_H
#define HG_AT_START_H

#include <stdbool.h>
#include <stdint.h>

/* Notes it, once: to be called while the process starts, before anything of it can load more. */
void hg_note_loaded_at_start(void);

/* Whether the object that begins at this address was. */
bool hg_loaded_at_start(uintptr_t low);

#endif
