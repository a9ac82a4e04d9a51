/* Functions that note what they are entered with, stay inside for as long as the test likes, and return in every register
 * that results come in. */
#include "registers_x86_64.inc"

	.text
	.macro probe name
	.local noted_\name
	.comm noted_\name, ABI_SIZE, 64
	.globl \name
	.type \name, @function
	.p2align 4
\name:
	.cfi_startproc
	note_registers noted_\name, %rip
	lea 8(%rsp), %rsi
	lea noted_\name+ABI_AT_STACK(%rip), %rdi
	jmp answer
	.cfi_endproc
	.size \name, . - \name
	/* The library's own call, by its jump slot: it ends in it. */
	.globl \name\()_inside
	.type \name\()_inside, @function
\name\()_inside:
	jmp \name@plt
	.size \name\()_inside, . - \name\()_inside
	.endm

#define PROBE(name) probe name;
ABI_PROBES(PROBE)

/* rsi: stack arguments, rdi: where to note them */
	.type answer, @function
answer:
	.cfi_startproc
	cld
	mov $ABI_STACK_WORDS, %ecx
	rep movsq
	sub $8, %rsp
	.cfi_def_cfa_offset 16
	call abi_inside@plt
	add $8, %rsp
	.cfi_def_cfa_offset 8
	lea abi_results(%rip), %rcx
	/* What a callee may change, it changes. */
	.irp i, rsi, rdi, r8, r9, r10, r11
	mov $-1, %\i
	.endr
	.irp i, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	pcmpeqd %xmm\i, %xmm\i
	.endr
	fldt ABI_AT_LEGACY+48(%rcx)
	fldt ABI_AT_LEGACY+32(%rcx)
	mov 0(%rcx), %rax
	mov 16(%rcx), %rdx
	cmpl $1, abi_vector_level(%rip)
	ja 2f
	je 1f
	movups ABI_AT_VECTORS(%rcx), %xmm0
	movups ABI_AT_VECTORS+64(%rcx), %xmm1
	ret
1:	vmovups ABI_AT_VECTORS(%rcx), %ymm0
	vmovups ABI_AT_VECTORS+64(%rcx), %ymm1
	ret
2:	vmovups ABI_AT_VECTORS(%rcx), %zmm0
	vmovups ABI_AT_VECTORS+64(%rcx), %zmm1
	ret
	.cfi_endproc
	.size answer, . - answer

	.section .data.rel.ro, "aw"
	.globl abi_noted
	.type abi_noted, @object
	.p2align 3
abi_noted:
#define NOTED(name) .quad noted_##name;
	ABI_PROBES(NOTED)
	.size abi_noted, . - abi_noted

	.section .note.GNU-stack, "", @progbits
