/* Calls through words of memory, as compilers write them, for called_word.c. Each shape is called with rdi = the table,
 * rsi = one of its functions, rdx = 3; what it calls has every register judged as it stands then. */
#define SITE      0
#define REGISTERS 8

	.text
	/* One function of the table each. */
	.macro entry number
	.type entry_\number, @function
entry_\number:
	.cfi_startproc
	mov $\number, %r11d
	jmp note
	.cfi_endproc
	.size entry_\number, . - entry_\number
	.endm
	.irp number, 0, 1, 2, 3, 4, 5, 6, 7
	entry \number
	.endr

	.type note, @function
note:
	.cfi_startproc
	mov %rax, seen + REGISTERS(%rip)
	mov %rcx, seen + REGISTERS + 8 * 1(%rip)
	mov %rdx, seen + REGISTERS + 8 * 2(%rip)
	mov %rbx, seen + REGISTERS + 8 * 3(%rip)
	mov %rbp, seen + REGISTERS + 8 * 5(%rip)
	mov %rsi, seen + REGISTERS + 8 * 6(%rip)
	mov %rdi, seen + REGISTERS + 8 * 7(%rip)
	.irp number, 8, 9, 10, 12, 13, 14, 15
	mov %r\number, seen + REGISTERS + 8 * \number(%rip)
	.endr
	lea 8(%rsp), %rax
	mov %rax, seen + REGISTERS + 8 * 4(%rip)
	mov (%rsp), %rax
	mov %rax, seen + SITE(%rip)
	mov %r11d, %edi
	sub $8, %rsp
	.cfi_def_cfa_offset 16
	call judge
	add $8, %rsp
	.cfi_def_cfa_offset 8
	ret
	.cfi_endproc
	.size note, . - note

	/* A shape, and the number of the word that it calls through; -1: that cannot be known. `jumps`: what it calls jumps
	 * through that word. */
	.macro shape name, word, jumps=0
	.section .rodata.names, "aMS", @progbits, 1
name_\name:
	.asciz "\name"
	.section shapes, "a"
	.p2align 3
	.quad \name, name_\name, \word, \jumps
	.text
	.type \name, @function
\name:
	.cfi_startproc
	push %rbp
	push %rbx
	push %r12
	push %r13
	push %r14
	push %r15
	sub $56, %rsp
	.cfi_def_cfa_offset 112
	.endm
	.macro function name
	.type \name, @function
\name:
	.cfi_startproc
	.endm
	.macro jump by:vararg
	jmp \by
	.cfi_endproc
	.endm
	.macro done
	add $56, %rsp
	pop %r15
	pop %r14
	pop %r13
	pop %r12
	pop %rbx
	pop %rbp
	ret
	.cfi_endproc
	.endm

#include "known_x86_64.inc"
#include "unknown_x86_64.inc"

	/* --- what is called ends in a jump --- */

	shape function_jumps_through_a_place, 4, jumps=1
	call jumping_by_a_place
	done
	function jumping_by_a_place
	endbr64
	jump *table + 32(%rip)

	shape function_jumps_through_a_table, 4, jumps=1
	call jumping
	done
	function jumping
	lea table(%rip), %rax
	mov 32(%rax), %rax
	jump *%rax

	shape function_jumps_by_a_base, 4, jumps=1
	call jumping_by_a_base
	done
	function jumping_by_a_base
	mov table_pointer(%rip), %rax
	mov $1, %edi
	jump *32(%rax)

	shape function_jumps_when_its_frame_is_gone, 3, jumps=1
	call jumping_without_frame
	done
	function jumping_without_frame
	push %rbx
	sub $16, %rsp
	lea table(%rip), %rbx
	call lose
	mov 24(%rbx), %rax
	add $16, %rsp
	pop %rbx
	jump *%rax

	shape function_jumps_by_what_was_pushed, 3, jumps=1
	push %rsi
	push %rdi
	call jumping_by_an_argument
	add $16, %rsp
	done
	function jumping_by_an_argument
	mov 8(%rsp), %rax
	mov 24(%rax), %rax
	jump *%rax

	shape function_in_a_word_jumps, 2, jumps=1
	mov jumping_word(%rip), %rax
	call *%rax
	done
	function jumping_by_another
	mov 16(%rdi), %rdx
	mov %rdx, %rax
	xor %edx, %edx
	jump *%rax

	/* It leaves in rax what another word holds, which the code before this way loads. */
	shape function_in_a_word_uses_the_register, 4, jumps=1
	mov using_word(%rip), %rax
	call *%rax
	done
	function using
	mov table_pointer(%rip), %rax
	mov 32(%rax), %rdx
	jump *%rdx

	shape function_jumps_to_one_that_jumps, 4, jumps=1
	call first
	done
	function first
	xor %edi, %edi
	jmp jumping
	.cfi_endproc

	shape function_jumps_where_it_was_told, -1, jumps=1
	call obedient
	done
	function obedient
	jump *%rsi

	/* Every register that a callee need not keep becomes something else. */
	.type lose, @function
lose:
	.cfi_startproc
	.irp name, rax, rcx, rdx, rsi, rdi, r8, r9, r10, r11
	mov $-1, %\name
	.endr
	ret
	.cfi_endproc
	.size lose, . - lose

	function give_table
	lea table(%rip), %rax
	ret
	.cfi_endproc

	/* --- what is read only: not every processor can run it --- */

	.macro read instruction:vararg
	mov 8(%rdi), %rax
	\instruction
	call *%rax
	.section read_sites, "a"
	.p2align 3
	.quad 1f
	.text
1:	nop
	.endm
	function read_calls
	read vzeroupper
	read vmovdqu %ymm0, (%rsp)
	read vpxor %xmm8, %xmm9, %xmm10
	read vmovq %xmm0, %rcx
	read vpextrd $1, %xmm0, %ecx
	read vmovdqu64 %zmm16, 64(%rsp)
	read vpternlogd $255, %zmm0, %zmm0, %zmm0
	read kmovq %k1, %rcx
	read andn %rcx, %rdx, %rsi
	read rorx $3, %rcx, %rdx
	read shlx %rcx, %rdx, %rsi
	read crc32b %cl, %edx
	read pcmpestri $12, %xmm0, %xmm1
	read rdfsbase %rcx
	ret
	.cfi_endproc

	.globl calls_stub
	function stub
	endbr64
	.byte 0xf2 /* bnd, which not all assemblers know any more */
	jump *table + 24(%rip)
	function calls_stub
	call stub
	ret
	.cfi_endproc

	.globl taking, taking_end
	function taking
	call *table(%rip)
	mov table + 8(%rip), %rax /* handed on */
	cmp %rax, table + 16(%rip) /* looked at */
	push table + 24(%rip) /* handed on */
	jump *table + 32(%rip)
taking_end:

	.data
	.p2align 4
	.globl table
table:
	.quad entry_0, entry_1, entry_2, entry_3, entry_4, entry_5, entry_6, entry_7
table_pointer:
	.quad table
pointer_pointer:
	.quad table_pointer
other_pointer:
	.quad other_table
other_table:
	.quad 0, 0, leading_on
same_word:
	.quad entry_6
using_word:
	.quad using
jumping_word:
	.quad jumping_by_another

	.section .note.GNU-stack, "", @progbits
