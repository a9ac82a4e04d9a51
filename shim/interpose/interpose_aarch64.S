/* Functions of the C library that the program calls by way of the preload objects, where C code alone cannot stand: the
 * real function must see the true caller, or nothing of ours may be left on the stack. */
#include "arch/frame_aarch64.inc"

	.text

/* longjmp and its kin: what the jump skips is left first, then the real function jumps. */
	.macro jump name, number
	.globl \name
	.type \name, %function
	.p2align 4
\name:
	.cfi_startproc
	open_frame
	stp x0, x1, [sp, #-16]!
	mov w1, #\number
	mov x2, x29
	bl hg_before_jump
	mov x17, x0
	ldp x0, x1, [sp], #16
	close_frame
	br x17
	.cfi_restore_state
	.cfi_endproc
	.size \name, . - \name
	.endm

	jump hg_longjmp, 0
	jump hg__longjmp, 1
	jump hg_siglongjmp, 2
	jump hg___longjmp_chk, 3

/* free of the program (x16 = the image), of objects whose manifest asks for a quarantine: the allocator after the object
 * is looked up by the first call; all else is C (quarantined_free.c). */
	.globl hg_free
	.type hg_free, %function
	.p2align 4
hg_free:
	.cfi_startproc
	bti c
	adrp x17, hg_next_free
	ldr x17, [x17, :lo12:hg_next_free]
	cbz x17, 1f
	b hg_free_checked
1:	stp x29, x30, [sp, #-32]!
	.cfi_def_cfa_offset 32
	.cfi_offset x29, -32
	.cfi_offset x30, -24
	mov x29, sp
	str x0, [sp, #16]
	mov x0, x16
	bl hg_find_next_free
	ldr x0, [sp, #16]
	ldp x29, x30, [sp], #32
	.cfi_restore x29
	.cfi_restore x30
	.cfi_def_cfa_offset 0
	b hg_free_checked
	.cfi_endproc
	.size hg_free, . - hg_free

/* A handler at exit that was registered by way of a preload object (x0 = struct hg_exit, interpose_exit.c): as long as there
 * is a class whose handles end with it, as a call of that class's slot, whose real function this is too; then the handler. */
	.globl hg_exit_handler
	.type hg_exit_handler, %function
	.p2align 4
hg_exit_handler:
	.cfi_startproc
	open_frame
	stp x0, x1, [sp, #-16]!
	ldr x17, [x0, #16]
	blr x17
	mov x16, x0
	ldp x0, x1, [sp], #16
	close_frame
	cbz x16, 1f
	ldr x17, [x16]
	br x17
1:	ldr x16, [x0]
	ldr x0, [x0, #8]
	br x16
	.cfi_endproc
	.size hg_exit_handler, . - hg_exit_handler

#include "arch/notes.inc"
