/* Scratch arguments: memory in the place of variables of a caller that will be gone. */
#ifndef HG_SCRATCH_H
#define HG_SCRATCH_H

#include "entry/call.h"

/* no limit: a free that would need more waits, or its finding says that the handle was leaked */
enum { HG_SCRATCH_MOST = 64 << 10, HG_RESULT_MOST = 1 << 10 };

/* Of a free that is made later: the bytes in the place of what the manifest names of its caller's variables (the one
 * that holds the handle, out-arguments, a struct to return). False if they cannot be had: the free cannot be made
 * later. */
bool hg_scratch_size(const struct hg_call *call, uint64_t *bytes);

/* Points those of the call's arguments (a copy: `registers`) to that many bytes of zeroed `memory`. */
void hg_scratch(const struct hg_call *call, uint64_t value, uint64_t *memory, uint64_t *registers);

/* Whether the call returns a struct at an address that is no argument (aarch64). */
bool hg_result_in_memory(const struct hg_call *call);

#endif
