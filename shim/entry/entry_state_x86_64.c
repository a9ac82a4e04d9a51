#include "code/called_word.h"
#include "entry/arguments.h"
#include "entry/call.h"
#include "entry/entry_state.h"

enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15 };

void hg_entry_state_of(const struct hg_call *call, struct hg_entry_state *entry)
{
	static const uint8_t arguments[] = {RDI, RSI, RDX, RCX, R8, R9};
	const uint64_t *frame = (const uint64_t *)call->fp;
	entry->site = hg_call_site(call);
	entry->known = 0;
	for (unsigned i = 0; i < sizeof arguments; i++)
		hg_entry_know(entry, arguments[i], call->registers[i]);
	hg_entry_know(entry, RAX, call->others[0]);
	hg_entry_know(entry, R10, call->others[1]);
	hg_entry_know(entry, R15, call->others[2]);
	hg_entry_know(entry, RSP, call->fp + 16);
	hg_entry_know(entry, RBP, frame[0]);
	hg_entry_know(entry, RBX, frame[-1]);
	hg_entry_know(entry, R12, frame[-2]);
	hg_entry_know(entry, R13, frame[-3]);
	hg_entry_know(entry, R14, frame[-4]);
}
