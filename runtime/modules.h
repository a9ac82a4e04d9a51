/* The module map of the recording: which objects are loaded where, so that program counters can be named later. */
#ifndef HG_MODULES_H
#define HG_MODULES_H

/* Brings the map up to date with what the dynamic linker has loaded. Cheap if nothing changed. */
void hg_modules_update(void);

#endif
