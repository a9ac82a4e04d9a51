/* Which program counters of a recording a report may ever have to name. */
#ifndef HG_REPORT_KEEP_ADDRESSES_H
#define HG_REPORT_KEEP_ADDRESSES_H

#include "report/model/model.h"

typedef void hg_visit_address(void *context, uint64_t pc, uint64_t ticks);

/* All of its findings, of calls in flight and of live handles, more than once as the case may be; with the time as of
 * which they count. */
void hg_visit_addresses(const struct hg_recording *recording, hg_visit_address *visit, void *context);

#endif
