/* What runs have learned, as lines of a file: each is appended in one write, so that it survives a crash, several
 * processes may write at once, and files of several machines are merged by `sort -u`. docs/provoke.md describes them.
 */
#ifndef HG_LEARNED_H
#define HG_LEARNED_H

#include "provoke/call_sites.h"

/* Two sites came near each other on one handle, by different threads. */
void hg_learn_pair(const struct hg_site *op, const struct hg_site *free);

/* A thread has freed a handle of the class that others had met. */
void hg_learn_passed(const char *class_name);

/* A call was held back here, the one of this number, for as long, and a finding came of it. */
void hg_learn_hit(const struct hg_site *site, enum hg_point point, uint32_t call, uint64_t ms, const char *kind);

/* So many holds here have led to nothing. */
void hg_learn_miss(const struct hg_site *site, enum hg_point point, uint32_t fruitless);

/* Takes in what the options name. To be called while the process starts: calls libc. */
void hg_learned_read(void);

#endif
