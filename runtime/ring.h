/* The ring of findings in the recording: reserve, copy, commit. No lock; a writer that dies in between leaves a torn
 * record that readers skip. */
#ifndef HG_RING_H
#define HG_RING_H

#include <stdbool.h>

#include "format/record.h"

/* Writes a finding whose `length` is set; fills in position, sequence, checksum and magic. False if it was dropped. */
bool hg_ring_write(struct hg_record_finding *finding);

#endif
