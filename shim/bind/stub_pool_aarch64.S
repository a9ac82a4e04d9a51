/* Stubs as preload objects have them, for slots that the runtime makes (instances.c): each leads to the slot that its word
 * in hg_pool_slots names. And those for calls that a library makes of its own functions (inside.c),
 * whose words have HG_CALLED_INSIDE, bit 0, set. The entry is a slot's first word. */
#include "bind/stub_pool.h"

	.text
	.globl hg_stub_pool
	.hidden hg_stub_pool
	.p2align 5
hg_stub_pool:
	.cfi_startproc
	.set number, 0
	.rept HG_POOL_STUBS
	hint #34 /* bti c */
	adrp x16, hg_pool_slots + 8 * number
	ldr x16, [x16, :lo12:hg_pool_slots + 8 * number]
	ldr x17, [x16]
	br x17
	.balign HG_POOL_STUB_SIZE
	.set number, number + 1
	.endr
	.cfi_endproc
	.type hg_stub_pool, %function
	.size hg_stub_pool, . - hg_stub_pool

	.globl hg_inside_stubs
	.hidden hg_inside_stubs
	.p2align 5
hg_inside_stubs:
	.cfi_startproc
	.set number, 0
	.rept HG_INSIDE_STUBS
	hint #34 /* bti c */
	adrp x16, hg_inside_slots + 8 * number
	ldr x16, [x16, :lo12:hg_inside_slots + 8 * number]
	ldur x17, [x16, #-1]
	br x17
	.balign HG_POOL_STUB_SIZE
	.set number, number + 1
	.endr
	.cfi_endproc
	.type hg_inside_stubs, %function
	.size hg_inside_stubs, . - hg_inside_stubs

	/* Near the stubs: both are mapped once more beside code that lies low (rewrite/near.c). */
	.data
	.globl hg_pool_slots
	.hidden hg_pool_slots
	.type hg_pool_slots, %object
	.p2align 3
hg_pool_slots:
	.zero 8 * HG_POOL_STUBS
	.size hg_pool_slots, . - hg_pool_slots

	.bss
	.globl hg_inside_slots
	.hidden hg_inside_slots
	.type hg_inside_slots, %object
	.p2align 3
hg_inside_slots:
	.zero 8 * HG_INSIDE_STUBS
	.size hg_inside_slots, . - hg_inside_slots

#include "arch/notes.inc"
