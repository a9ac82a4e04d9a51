/* Every way in which code can refer to a function whose place the linker knows; of all of them but the last the function is
 * a tail. int by_...(cell *). */
	.text
	.macro function name
	.globl \name
	.type \name, %function
	.p2align 4
\name:
	.cfi_startproc
	.endm
	.macro end name
	.cfi_endproc
	.size \name, . - \name
	.endm

	.macro frame
	stp x29, x30, [sp, #-16]!
	.cfi_adjust_cfa_offset 16
	.cfi_rel_offset x29, 0
	.cfi_rel_offset x30, 8
	.endm
	.macro unframe
	ldp x29, x30, [sp], #16
	.cfi_adjust_cfa_offset -16
	.cfi_restore x29
	.cfi_restore x30
	.endm

	function by_call
	frame
	bl cell_touch
	unframe
	ret
	end by_call

	function by_jump
	b cell_touch
	end by_jump

/* On a condition that holds, after one that does not: the branch goes on to the next. */
	function by_branch
	cmp x0, #0
	b.eq cell_touch
	b.ne cell_touch
	ret
	end by_branch

	function by_zero
	mov x9, #0
	cbnz x9, cell_touch
	cbz x9, cell_touch
	ret
	end by_zero

	function by_bit
	mov x9, #4
	tbz x9, #2, cell_touch
	tbnz x9, #2, cell_touch
	ret
	end by_bit

	function by_address
	adrp x9, cell_touch
	add x9, x9, :lo12:cell_touch
	br x9
	end by_address

	function by_near_address
	adr x10, cell_touch
	br x10
	end by_near_address

	function by_word
	adrp x16, :got:cell_touch
	ldr x17, [x16, :got_lo12:cell_touch]
	br x17
	end by_word

	function by_called_word
	frame
	adrp x16, :got:cell_touch
	ldr x16, [x16, :got_lo12:cell_touch]
	blr x16
	unframe
	ret
	end by_called_word

/* One page for two ways to the word. */
	function by_shared_page
	adrp x9, :got:cell_touch
	cbnz x0, 1f
	ldr x10, [x9, :got_lo12:cell_touch]
	br x10
1:	ldr x11, [x9, :got_lo12:cell_touch]
	br x11
	end by_shared_page

/* Whether the address is what the word holds: on the program's side, and on the library's, as its name says. And whether
 * what is added to another page stays what it is. */
	.macro same name
	function \name
	adrp x9, cell_touch
	add x10, x9, :lo12:cell_touch
	adrp x9, :got:cell_touch
	ldr x11, [x9, :got_lo12:cell_touch]
	cmp x10, x11
	cset w0, eq
	mov x9, #0
	add x10, x9, :lo12:cell_touch
	lsr x10, x10, #12
	cmp x10, #0
	csel w0, w0, wzr, eq
	ret
	end \name
	.endm

	same address_is_word
	same cell_is_word

	.section .note.GNU-stack, "", %progbits
