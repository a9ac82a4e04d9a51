/* The processes that this one was forked from, as far as the runtime had started in them: whose handles it has
 * inherited. */
#ifndef HG_ANCESTORS_H
#define HG_ANCESTORS_H

#include <stdbool.h>
#include <stdint.h>

/* The runtime has started in this process, at this time (ticks). To be called before its first call is looked at. */
void hg_ancestors_note(uint64_t ticks);

/* Whether the process in which something happened at that time, which is not this one, was there still when it was
 * first asked for here. One that ended before has left to this process what it had. */
bool hg_ancestor_outlived(uint64_t ticks);

#endif
