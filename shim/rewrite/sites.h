/* The places in a function's code that refer to targets: calls, jumps, addresses that are taken, words that are used.
 * One file a processor. */
#ifndef HG_SITES_H
#define HG_SITES_H

#include "rewrite/targets.h"
#include "sides/references.h"

/* A 32-bit operand. */
struct hg_site {
	uint64_t operand; /* where it stands; as the tables have it */
	uint64_t from;    /* what it counts from; 0: it is the address itself */
	const struct hg_target *target;
};

typedef void hg_site_visit(const struct hg_site *site, void *argument);

/* Visits those between two addresses, as the tables have them, where a function begins and ends. */
void hg_sites_each(const struct hg_bytes *code, uint64_t low, uint64_t high, const struct hg_targets *targets,
                   hg_site_visit *visit, void *argument);

#endif
