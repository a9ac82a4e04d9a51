#include "code/called_word.h"
#include "code/effects_aarch64.h"
#include "entry/arguments.h"
#include "entry/call.h"
#include "entry/entry_state.h"

enum { SCRATCH = 9, KEPT = 19, FRAME = 29 }; /* no limit: registers */

/* x10 to x18 are the trampolines' own by now. */
void hg_entry_state_of(const struct hg_call *call, struct hg_entry_state *entry)
{
	const uint64_t *frame = (const uint64_t *)call->fp;
	entry->site = hg_call_site(call);
	entry->known = 0;
	for (unsigned i = 0; i < HG_REGISTER_ARGUMENTS; i++)
		hg_entry_know(entry, i, call->registers[i]);
	hg_entry_know(entry, HG_REGISTER_ARGUMENTS, call->others[0]);
	hg_entry_know(entry, SCRATCH, frame[-4]);
	hg_entry_know(entry, KEPT, frame[-2]);
	hg_entry_know(entry, KEPT + 1, frame[-1]);
	for (unsigned i = KEPT + 2; i < FRAME; i++)
		hg_entry_know(entry, i, frame[-12 + (int)(i - KEPT - 2)]);
	hg_entry_know(entry, FRAME, frame[0]);
	hg_entry_know(entry, HG_STACK_POINTER, call->fp + 16);
}
