/* Every way in which code can refer to a function whose place the linker knows; of all of them but the last the function is
 * a tail. int by_...(cell *). */
	.text
	.macro function name
	.globl \name
	.type \name, @function
	.p2align 4
\name:
	.cfi_startproc
	.endm
	.macro end name
	.cfi_endproc
	.size \name, . - \name
	.endm

	function by_call
	sub $8, %rsp
	.cfi_adjust_cfa_offset 8
	call cell_touch
	add $8, %rsp
	.cfi_adjust_cfa_offset -8
	ret
	end by_call

	function by_jump
	jmp cell_touch
	end by_jump

	function by_branch
	test %rdi, %rdi
	jne cell_touch
	ret
	end by_branch

	function by_address
	lea cell_touch(%rip), %rax
	jmp *%rax
	end by_address

/* A number, where the program lies at a fixed place. */
	function by_number
#ifdef __PIE__
	lea cell_touch(%rip), %rax
#else
	mov $cell_touch, %eax
#endif
	jmp *%rax
	end by_number

	function by_word
	jmp *cell_touch@GOTPCREL(%rip)
	end by_word

	function by_called_word
	sub $8, %rsp
	.cfi_adjust_cfa_offset 8
	call *cell_touch@GOTPCREL(%rip)
	add $8, %rsp
	.cfi_adjust_cfa_offset -8
	ret
	end by_called_word

	function by_loaded_word
	mov cell_touch@GOTPCREL(%rip), %rax
	jmp *%rax
	end by_loaded_word

	function by_pushed_word
	push cell_touch@GOTPCREL(%rip)
	.cfi_adjust_cfa_offset 8
	ret
	end by_pushed_word

	function by_vector
	movq cell_touch@GOTPCREL(%rip), %xmm0
	movq %xmm0, %rax
	jmp *%rax
	end by_vector

/* Whether the address is what the word holds: on the program's side, and on the library's, as its name says. */
	.macro same name
	function \name
	lea cell_touch(%rip), %rcx
	xor %eax, %eax
	cmp cell_touch@GOTPCREL(%rip), %rcx
	sete %al
	ret
	end \name
	.endm

	same address_is_word
	same cell_is_word

	.section .note.GNU-stack, "", @progbits
