/* The registers of a call as its function was entered: what a look at the caller's code goes by. One file a processor.
 */
#ifndef HG_ENTRY_STATE_H
#define HG_ENTRY_STATE_H

#include "code/called_word.h"
#include "entry/call.h"

void hg_entry_state_of(const struct hg_call *call, struct hg_entry_state *entry);

static inline void hg_entry_know(struct hg_entry_state *entry, unsigned number, uint64_t value)
{
	entry->registers[number] = value;
	entry->known |= UINT32_C(1) << number;
}

#endif
