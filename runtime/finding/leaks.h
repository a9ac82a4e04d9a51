/* What still lives when the process ends. */
#ifndef HG_LEAKS_H
#define HG_LEAKS_H

/* Records each handle that the program should have freed. May call libc. */
void hg_leaks_report(void);

#endif
