/* The ring of findings in the recording: reserve, copy, commit. No lock; a writer that dies in between leaves a torn
 * record that readers skip. */
#ifndef HG_RING_H
#define HG_RING_H

#include <stdbool.h>

#include "format/record.h"

/* Writes a finding whose `length` and `outcome` are set; fills in position, sequence, checksum and magic, and if it is
 * to be `open` its outcome. False if it was dropped. */
bool hg_ring_write(struct hg_record_finding *finding, bool open);

/* Replaces the outcome of a finding that hg_ring_write has written as open, unless it has been overwritten since. */
void hg_ring_conclude(const struct hg_record_finding *finding, uint64_t outcome);

#endif
