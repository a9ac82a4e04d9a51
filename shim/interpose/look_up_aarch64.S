#include "arch/frame_aarch64.inc"

	.text

/* dlsym and dlvsym of the program (x16 = the image of the preload object whose stub was called): a guarded function's stub,
 * or a jump to the real one, which must see the true caller. What is asked is handed over as struct hg_lookup
 * (interpose_dl.c). */
	.macro interposed name, version, real
	.globl \name
	.type \name, %function
	.p2align 4
\name:
	.cfi_startproc
	open_frame
	stp x29, x2, [sp, #-16]!
	stp x1, \version, [sp, #-16]!
	stp x16, x0, [sp, #-16]!
	mov x0, sp
	bl hg_look_up
	cmn x0, #1
	b.eq 1f
	close_frame
	ret
	.cfi_restore_state
1:	ldr x0, [sp, #8]
	ldr x1, [sp, #16]
	ldr x2, [sp, #40]
	adrp x17, \real
	ldr x17, [x17, :lo12:\real]
	close_frame
	br x17
	.cfi_restore_state
	.cfi_endproc
	.size \name, . - \name
	.endm

	interposed hg_dlsym, xzr, hg_real_dlsym
	interposed hg_dlvsym, x2, hg_real_dlvsym

#include "arch/notes.inc"
