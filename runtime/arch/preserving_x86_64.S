/* Running C code that may clobber what the program must not miss: every register of the processor is saved around it
 * (runtime/arch/preserving.h). What it asks of C is in preserving.c and registers_x86_64.c. */
#include "arch/frame_x86_64.inc"

	.text

/* void hg_preserving(void (*work)(void *), void *argument)
 * Saves every state component that the processor has (or, without xsave, what fxsave does), and the flags; clears the
 * direction flag for C. errno is saved in preserving.c. All that but the flags is on a stack of the runtime's, and so is
 * what the work needs; the frame stays where it was called. hg_preserving_here uses the caller's stack, and tells the
 * work where the frame is. */
	.macro preserving name, elsewhere
	.globl \name
	.hidden \name
	.type \name, @function
	.p2align 4
\name:
	.cfi_startproc
	open_frame
	pushfq
	sub $8, %rsp
	cld
	mov %rdi, %r12
	mov %rsi, %r13
	.if \elsewhere
	call hg_work_stack_take
	mov %rax, %r14
	test %rax, %rax
	cmovnz %rax, %rsp
	.endif
	mov xsave_size(%rip), %eax
	test %eax, %eax
	jnz 5f
	call hg_read_xsave_size
	mov %eax, xsave_size(%rip)
5:	sub %rax, %rsp
	and $-64, %rsp
	cmp $512, %eax
	jbe 1f
	/* the header behind the legacy area must be clean */
	xor %eax, %eax
	mov %rax, 512(%rsp)
	mov %rax, 520(%rsp)
	mov %rax, 528(%rsp)
	mov %rax, 536(%rsp)
	mov %rax, 544(%rsp)
	mov %rax, 552(%rsp)
	mov %rax, 560(%rsp)
	mov %rax, 568(%rsp)
	mov $-1, %eax
	mov $-1, %edx
	xsave64 (%rsp)
	jmp 2f
1:	fxsave64 (%rsp)
2:	mov %r12, %rdi
	mov %r13, %rsi
	mov %rbp, %rdx
	call hg_preserving_errno
	cmpl $512, xsave_size(%rip)
	jbe 3f
	mov $-1, %eax
	mov $-1, %edx
	xrstor64 (%rsp)
	jmp 4f
3:	fxrstor64 (%rsp)
4:	lea -48(%rbp), %rsp
	.if \elsewhere
	mov %r14, %rdi
	call hg_work_stack_give
	.endif
	add $8, %rsp
	popfq
	close_frame
	ret
	.cfi_restore_state
	.cfi_endproc
	.size \name, . - \name
	.endm

	preserving hg_preserving, 1
	preserving hg_preserving_here, 0
	.local xsave_size
	.comm xsave_size, 4, 4

#include "arch/notes.inc"
