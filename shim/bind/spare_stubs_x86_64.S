/* Stubs as preload objects have them, for slots that the runtime makes (copies.c): each leads to the slot that its word
 * in hg_spare_slots names. And those for calls that a library makes of its own functions (inside.c),
 * whose words have HG_CALLED_INSIDE, bit 0, set. The entry is a slot's first word. */
#include "bind/spare_stubs.h"

	.text
	.globl hg_spare_stubs
	.hidden hg_spare_stubs
	.p2align 4
hg_spare_stubs:
	.cfi_startproc
	.set number, 0
	.rept HG_SPARE_STUBS
	endbr64
	mov hg_spare_slots + 8 * number(%rip), %r11
	jmp *(%r11)
	.balign HG_SPARE_STUB_SIZE, 0xcc
	.set number, number + 1
	.endr
	.cfi_endproc
	.type hg_spare_stubs, @function
	.size hg_spare_stubs, . - hg_spare_stubs

	.globl hg_inside_stubs
	.hidden hg_inside_stubs
	.p2align 4
hg_inside_stubs:
	.cfi_startproc
	.set number, 0
	.rept HG_INSIDE_STUBS
	endbr64
	mov hg_inside_slots + 8 * number(%rip), %r11
	jmp *-1(%r11)
	.balign HG_SPARE_STUB_SIZE, 0xcc
	.set number, number + 1
	.endr
	.cfi_endproc
	.type hg_inside_stubs, @function
	.size hg_inside_stubs, . - hg_inside_stubs

	.bss
	.globl hg_spare_slots
	.hidden hg_spare_slots
	.type hg_spare_slots, @object
	.p2align 3
hg_spare_slots:
	.zero 8 * HG_SPARE_STUBS
	.size hg_spare_slots, . - hg_spare_slots

	.globl hg_inside_slots
	.hidden hg_inside_slots
	.type hg_inside_slots, @object
hg_inside_slots:
	.zero 8 * HG_INSIDE_STUBS
	.size hg_inside_slots, . - hg_inside_slots

#include "arch/notes.inc"
