/* What came of holds: the last ones are kept, and what is found on their handles meanwhile, or within a second after,
 * is put down to them. */
#ifndef HG_FOUND_H
#define HG_FOUND_H

#include "provoke/hold.h"

struct hg_kept;

/* The hold begins, at this time (monotonic ns). One at a time. */
struct hg_kept *hg_kept_begin(const struct hg_held *held, uint64_t now);

/* The other side has come; only the first counts. */
void hg_kept_came(struct hg_kept *kept);

void hg_kept_end(struct hg_kept *kept, uint64_t now);

/* For hg_finding_held. */
bool hg_found(const struct hg_class *class, uint64_t value, enum hg_kind kind, struct hg_record_party *party);

#endif
