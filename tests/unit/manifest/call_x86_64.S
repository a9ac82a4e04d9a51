/* uint64_t call_with(void *target, const struct registers *registers, uint64_t *stack_pointer): calls with every register
 * that can carry something to a function set as given, and tells the stack pointer that the callee must find. */
	.text
	.globl call_with
	.type call_with, @function
call_with:
	.cfi_startproc
	endbr64
	push %rbx
	.cfi_def_cfa_offset 16
	.cfi_offset %rbx, -16
	mov %rdi, %rbx
	lea -8(%rsp), %rax
	mov %rax, (%rdx)
	mov %rsi, %rax
	movups 80(%rax), %xmm0
	movups 96(%rax), %xmm1
	movups 112(%rax), %xmm2
	movups 128(%rax), %xmm3
	movups 144(%rax), %xmm4
	movups 160(%rax), %xmm5
	movups 176(%rax), %xmm6
	movups 192(%rax), %xmm7
	mov 0(%rax), %rdi
	mov 8(%rax), %rsi
	mov 16(%rax), %rdx
	mov 24(%rax), %rcx
	mov 32(%rax), %r8
	mov 40(%rax), %r9
	mov 56(%rax), %r10
	mov 48(%rax), %rax
	call *%rbx
	pop %rbx
	.cfi_def_cfa_offset 8
	ret
	.cfi_endproc
	.size call_with, . - call_with

	.section .note.GNU-stack,"",@progbits
