/* void abi_call(abi_function *function, const struct abi_registers *in, struct abi_registers *out) */
#include "registers_x86_64.inc"

/* Under the stack arguments, which begin at a multiple of 64: */
#define FRAME_FUNCTION (ABI_STACK_WORDS * 8)
#define FRAME_OUT      (ABI_STACK_WORDS * 8 + 8)
#define FRAME_RAX      (ABI_STACK_WORDS * 8 + 16)
#define FRAME_RSP      (ABI_STACK_WORDS * 8 + 24)
#define FRAME_MXCSR    (ABI_STACK_WORDS * 8 + 32)
#define FRAME_X87      (ABI_STACK_WORDS * 8 + 36)
#define FRAME_SIZE     (ABI_STACK_WORDS * 8 + 64)

	.text
	.globl abi_call
	.hidden abi_call
	.type abi_call, @function
abi_call:
	.cfi_startproc
	.cfi_undefined %rip /* no register is left to find the caller by: stacks end here */
	push %rbp
	push %rbx
	push %r12
	push %r13
	push %r14
	push %r15
	mov %rsp, %rax
	and $-64, %rsp
	sub $FRAME_SIZE, %rsp
	mov %rdi, FRAME_FUNCTION(%rsp)
	mov %rdx, FRAME_OUT(%rsp)
	mov %rax, FRAME_RSP(%rsp)
	stmxcsr FRAME_MXCSR(%rsp)
	fnstcw FRAME_X87(%rsp)
	mov %rsi, %rax
	mov $ABI_STACK_WORDS, %ecx
	add $ABI_AT_STACK, %rsi
	mov %rsp, %rdi
	rep movsq
	call load_vectors
	fninit
	fldcw ABI_AT_X87(%rax)
	ldmxcsr ABI_AT_MXCSR(%rax)
	mov 8(%rax), %rcx
	mov 16(%rax), %rdx
	mov 24(%rax), %rbx
	mov 40(%rax), %rbp
	mov 48(%rax), %rsi
	mov 56(%rax), %rdi
	.irp i, 8, 9, 10, 11, 12, 13, 14, 15
	mov 8*\i(%rax), %r\i
	.endr
	mov (%rax), %rax
	call *FRAME_FUNCTION(%rsp)
	mov %rax, FRAME_RAX(%rsp)
	mov FRAME_OUT(%rsp), %rax
	note_registers 0, %rax
	mov FRAME_RAX(%rsp), %rcx
	mov %rcx, (%rax)
	cld
	fninit
	fldcw FRAME_X87(%rsp)
	ldmxcsr FRAME_MXCSR(%rsp)
	cmpl $0, abi_vector_level(%rip)
	je 1f
	vzeroupper
1:	mov FRAME_RSP(%rsp), %rsp
	pop %r15
	pop %r14
	pop %r13
	pop %r12
	pop %rbx
	pop %rbp
	ret
	.cfi_endproc
	.size abi_call, . - abi_call

/* rax: struct abi_registers */
load_vectors:
	cmpl $1, abi_vector_level(%rip)
	ja 2f
	je 1f
	.irp i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	movups ABI_AT_VECTORS+64*\i(%rax), %xmm\i
	.endr
	ret
1:	.irp i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	vmovups ABI_AT_VECTORS+64*\i(%rax), %ymm\i
	.endr
	ret
2:	.irp i, 0, 1, 2, 3, 4, 5, 6, 7
	kmovq ABI_AT_MASKS+8*\i(%rax), %k\i
	vmovups ABI_AT_VECTORS+64*\i(%rax), %zmm\i
	.endr
	.irp i, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	vmovups ABI_AT_VECTORS+64*\i(%rax), %zmm\i
	.endr
	ret

	.section .note.GNU-stack, "", @progbits
