/* What the runtime has to tell people while their program runs. */
#ifndef HG_SAY_H
#define HG_SAY_H

/* One line on standard error, "handleguard: ..."; no stdio. Cut at 512 bytes. Up to four pieces, null ends them. */
void hg_say(const char *a, const char *b, const char *c, const char *d);

#endif
