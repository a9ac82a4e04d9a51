#include "arch/frame_x86_64.inc"

	.text

/* dlsym and dlvsym of the program (r11 = the image of the preload object whose stub was called): a guarded function's stub,
 * or a jump to the real one, which must see the true caller. What is asked is handed over as struct hg_lookup
 * (interpose_dl.c). */
	.macro interposed name, version, real
	.globl \name
	.type \name, @function
	.p2align 4
\name:
	.cfi_startproc
	open_frame
	push %rdx
	push %rbp
	push \version
	push %rsi
	push %rdi
	push %r11
	mov %rsp, %rdi
	call hg_look_up
	mov 8(%rsp), %rdi
	mov 16(%rsp), %rsi
	mov 40(%rsp), %rdx
	cmp $-1, %rax
	je 1f
	close_frame
	ret
	.cfi_restore_state
1:	mov \real(%rip), %r11
	close_frame
	jmp *%r11
	.cfi_restore_state
	.cfi_endproc
	.size \name, . - \name
	.endm

	interposed hg_dlsym, $0, hg_real_dlsym
	interposed hg_dlvsym, %rdx, hg_real_dlvsym

#include "arch/notes.inc"
