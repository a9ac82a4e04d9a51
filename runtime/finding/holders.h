/* Findings that name the holders of handles. All save the registers themselves. */
#ifndef HG_HOLDERS_H
#define HG_HOLDERS_H

#include "finding/finding.h"
#include "protocol/claims.h"

/* A free cut these holders off, or would have. `flags` are of enum hg_finding_flag. */
void hg_report_severed(struct hg_guard *guard, uint32_t generation, const struct hg_event *free,
                       const struct hg_claim_list *cut, uint32_t flags);

/* A create has handed out the last handle of its class: who holds all of them. */
void hg_report_exhausted(struct hg_guard *guard, const struct hg_event *create);

/* Adds the holders of a handle's present life to a finding. May call libc: only with vector registers saved. */
void hg_finding_add_holders(struct hg_finding_builder *builder, const struct hg_guard *guard, uint32_t generation);

#endif
