/* Stubs as preload objects have them, for slots that the runtime makes (copies.c): each leads to the slot that its word
 * in hg_spare_slots names. */
#include "spare_stubs.h"

	.text
	.globl hg_spare_stubs
	.hidden hg_spare_stubs
	.p2align 5
hg_spare_stubs:
	.cfi_startproc
	.set number, 0
	.rept HG_SPARE_STUBS
	hint #34 /* bti c */
	adrp x16, hg_spare_slots + 8 * number
	ldr x16, [x16, :lo12:hg_spare_slots + 8 * number]
	ldr x17, [x16]
	br x17
	.balign HG_SPARE_STUB_SIZE
	.set number, number + 1
	.endr
	.cfi_endproc
	.type hg_spare_stubs, %function
	.size hg_spare_stubs, . - hg_spare_stubs

	.bss
	.globl hg_spare_slots
	.hidden hg_spare_slots
	.type hg_spare_slots, %object
	.p2align 3
hg_spare_slots:
	.zero 8 * HG_SPARE_STUBS
	.size hg_spare_slots, . - hg_spare_slots

#include "notes.inc"
