/* The recording's table of sites: findings that are alike have one. */
#ifndef HG_SITE_TABLE_H
#define HG_SITE_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "format/record.h"

/* The site with this description's key, made if there was none. `index`: which one it is. Null: there is no room for
 * it, or none to be had on the disk, which is counted. */
struct hg_record_site *hg_site_find(const struct hg_record_site *description, uint32_t *index);

/* By its index; null: it is none. */
struct hg_record_site *hg_site_at(uint32_t index);

/* Of what has no site: whether its like was told of before. It is remembered from now on; of what is new, some passes
 * for known, the more the more there is: it is told of in samples, and never twice. */
bool hg_site_was_sampled(uint64_t key);

#endif
