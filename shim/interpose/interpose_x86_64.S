/* Functions of the C library that the program calls by way of the preload objects, where C code alone cannot stand: the
 * real function must see the true caller, or nothing of ours may be left on the stack. */
#include "arch/frame_x86_64.inc"

	.text

/* longjmp and its kin: what the jump skips is left first, then the real function jumps. */
	.macro jump name, number
	.globl \name
	.type \name, @function
	.p2align 4
\name:
	.cfi_startproc
	open_frame
	push %rdi
	push %rsi
	mov $\number, %esi
	mov %rbp, %rdx
	call hg_before_jump
	mov %rax, %r11
	pop %rsi
	pop %rdi
	close_frame
	jmp *%r11
	.cfi_restore_state
	.cfi_endproc
	.size \name, . - \name
	.endm

	jump hg_longjmp, 0
	jump hg__longjmp, 1
	jump hg_siglongjmp, 2
	jump hg___longjmp_chk, 3

/* free of the program (r11 = the image), of objects whose manifest asks for a quarantine: the allocator after the object
 * is looked up by the first call; all else is C (quarantined_free.c). */
	.globl hg_free
	.type hg_free, @function
	.p2align 4
hg_free:
	.cfi_startproc
	endbr64
	cmpq $0, hg_next_free(%rip)
	je 1f
	jmp hg_free_checked
1:	push %rdi
	.cfi_def_cfa_offset 16
	mov %r11, %rdi
	call hg_find_next_free
	pop %rdi
	.cfi_def_cfa_offset 8
	jmp hg_free_checked
	.cfi_endproc
	.size hg_free, . - hg_free

/* A handler at exit that was registered by way of a preload object (rdi = struct hg_exit, interpose_exit.c): as long as there
 * is a class whose handles end with it, as a call of that class's slot, whose real function this is too; then the handler. */
	.globl hg_exit_handler
	.type hg_exit_handler, @function
	.p2align 4
hg_exit_handler:
	.cfi_startproc
	open_frame
	push %rdi
	push %rdi
	call *16(%rdi)
	pop %rdi
	pop %rdi
	close_frame
	test %rax, %rax
	jz 1f
	mov %rax, %r11
	jmp *(%r11)
1:	mov (%rdi), %rax
	mov 8(%rdi), %rdi
	jmp *%rax
	.cfi_endproc
	.size hg_exit_handler, . - hg_exit_handler

#include "arch/notes.inc"
