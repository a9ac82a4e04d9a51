/* The places in a function's code that refer to targets: calls, jumps, addresses that are taken, words that are used;
 * and how they are made to lead elsewhere. One file a processor, for both. */
#ifndef HG_SITES_H
#define HG_SITES_H

#include "rewrite/near.h"
#include "rewrite/targets.h"
#include "sides/references.h"

struct hg_text;

struct hg_site {
	uint64_t at;   /* as the tables have it. x86-64: where the operand of 32 bits stands; else the instruction */
	uint64_t from; /* x86-64: what the operand counts from; 0: it is the address itself */
	const struct hg_target *target;
};

typedef void hg_site_visit(const struct hg_site *site, void *argument);

/* Visits those between two addresses, as the tables have them, where a function begins and ends. */
void hg_sites_each(const struct hg_bytes *code, uint64_t low, uint64_t high, const struct hg_targets *targets,
                   hg_site_visit *visit, void *argument);

/* Has a site of an object lead to a stub, from when the text is closed on. False: it cannot. */
bool hg_site_lead(const struct hg_site *site, uint64_t base, const struct hg_text *text, struct hg_near *near,
                  int stub);

#endif
