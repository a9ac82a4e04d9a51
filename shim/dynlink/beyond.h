/* The functions that calls would reach if the preload objects were not there. */
#ifndef HG_BEYOND_H
#define HG_BEYOND_H

/* The function that calls would reach if the preload objects did not have one: the C library's, or what a sanitizer or
 * another preload has put before it. Null: not found. */
void *hg_find_beyond(const char *name);

extern void *hg_real_dlsym, *hg_real_dlvsym;

/* Finds the two above. May call libc. */
void hg_find_real_dlsym(void);

#endif
