/* The module map of the recording: which objects are loaded where, so that program counters can be named later. */
#ifndef HG_MODULES_H
#define HG_MODULES_H

#include <stdbool.h>
#include <stdint.h>

/* Brings the map up to date with what the dynamic linker has loaded. Cheap if nothing changed. False if another thread,
 * or the call that a signal has interrupted, is just at it. */
bool hg_modules_update(void);

#define HG_NO_MODULE UINT32_MAX

/* Which of them a call returns into, by its number in the map; HG_NO_MODULE: none, as of code that was made at run
 * time. What is not known yet is looked for. Touches no vector register. */
uint32_t hg_module_at(uint64_t return_address);

#endif
