/* Calls through words of memory, as compilers write them, for called_word.c. Each shape is called with x0 = the table, x1 =
 * one of its functions, x2 = 3; what it calls has every register judged as it stands then. */
#define SITE      0
#define REGISTERS 8

	.text
	/* One function of the table each. */
	.macro entry number
	.type entry_\number, %function
entry_\number:
	.cfi_startproc
	mov x17, #\number
	b note
	.cfi_endproc
	.size entry_\number, . - entry_\number
	.endm
	.irp number, 0, 1, 2, 3, 4, 5, 6, 7
	entry \number
	.endr

	.type note, %function
note:
	.cfi_startproc
	stp x29, x30, [sp, #-16]!
	.cfi_def_cfa_offset 16
	.cfi_offset x29, -16
	.cfi_offset x30, -8
	adrp x16, seen
	add x16, x16, :lo12:seen
	str x30, [x16, #SITE]
	.irp number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29
	str x\number, [x16, #(REGISTERS + 8 * \number)]
	.endr
	add x0, sp, #16
	str x0, [x16, #(REGISTERS + 8 * 31)]
	mov x0, x17
	bl judge
	ldp x29, x30, [sp], #16
	ret
	.cfi_endproc
	.size note, . - note

	/* A shape, and the number of the word that it calls through; -1: that cannot be known. `jumps`: what it calls jumps
	 * through that word. */
	.macro shape name, word, jumps=0
	.section .rodata.names, "aMS", %progbits, 1
name_\name:
	.asciz "\name"
	.section shapes, "a"
	.p2align 3
	.quad \name, name_\name, \word, \jumps
	.text
	.type \name, %function
\name:
	.cfi_startproc
	stp x29, x30, [sp, #-112]!
	.cfi_def_cfa_offset 112
	.cfi_offset x29, -112
	.cfi_offset x30, -104
	stp x19, x20, [sp, #16]
	stp x21, x22, [sp, #32]
	.endm
	.macro function name
	.type \name, %function
\name:
	.cfi_startproc
	.endm
	.macro jump by
	br \by
	.cfi_endproc
	.endm
	.macro done
	ldp x21, x22, [sp, #32]
	ldp x19, x20, [sp, #16]
	ldp x29, x30, [sp], #112
	ret
	.cfi_endproc
	.endm

	shape base_is_an_argument, 2
	ldr x3, [x0, #16]
	blr x3
	done

	shape base_is_kept_by_the_callee, 4
	mov x22, x0
	bl lose
	ldr x0, [x22, #32]
	blr x0
	done

	shape base_made_by_adrp_and_add, 3
	adrp x0, table
	add x0, x0, :lo12:table
	ldr x0, [x0, #24]
	blr x0
	done

	shape base_made_by_adrp, 5
	adrp x3, table + 40
	ldr x3, [x3, :lo12:table + 40]
	mov x0, #1
	blr x3
	done

	shape base_made_by_adr, 6
	adr x3, table
	ldr x3, [x3, #48]
	blr x3
	done

	shape base_from_a_literal, 2
	ldr x3, =table
	ldr x3, [x3, #16]
	blr x3
	done

	shape base_from_a_word, 1
	adrp x3, table_pointer
	ldr x3, [x3, :lo12:table_pointer]
	ldr x3, [x3, #8]
	mov x0, #1
	blr x3
	done

	shape base_from_a_word_of_a_word, 7
	adrp x3, pointer_pointer
	ldr x3, [x3, :lo12:pointer_pointer]
	ldr x3, [x3]
	ldr x3, [x3, #56]
	blr x3
	done

	shape base_on_the_stack, 4
	str x0, [sp, #104]
	ldr x0, [sp, #104]
	ldr x3, [x0, #32]
	mov x0, #1
	blr x3
	done

	shape base_was_copied_before, 1
	mov x19, x0
	ldr x3, [x0, #8]
	mov x0, #1
	blr x3
	done

	shape base_was_copied_after, 1
	ldr x3, [x0, #8]
	mov x19, x0
	mov x0, #1
	blr x3
	done

	shape base_was_copied_with_an_offset, 1
	add x19, x0, #64
	ldr x3, [x0, #8]
	mov x0, #1
	blr x3
	done

	shape base_was_moved_on, 2
	ldr x3, [x0, #16]
	add x0, x0, #24
	sub x0, x0, #4
	blr x3
	done

	shape base_stands_beyond, 1
	add x4, x0, #16
	ldur x3, [x4, #-8]
	blr x3
	done

	shape base_is_a_page_beyond, 1
	sub x4, x0, #1, lsl #12
	add x5, x4, #4080
	add x5, x5, #24
	mov x4, #0
	ldr x3, [x5]
	mov x5, #0
	blr x3
	done

	shape post_index, 0
	ldr x3, [x0], #8
	blr x3
	done

	shape pre_index, 1
	ldr x3, [x0, #8]!
	blr x3
	done

	shape first_of_a_pair, 2
	ldp x3, x4, [x0, #16]
	blr x3
	done

	shape second_of_a_pair, 3
	ldp x3, x4, [x0, #16]
	blr x4
	done

	shape pair_with_post_index, 1
	ldp x3, x4, [x0], #16
	blr x4
	done

	shape index_in_a_register, 3
	ldr x3, [x0, x2, lsl #3]
	blr x3
	done

	shape index_of_32_bits, 3
	mov x20, #-1
	bfi x2, x20, #32, #32
	ldr x3, [x0, w2, uxtw #3]
	blr x3
	done

	shape index_with_a_sign, 2
	add x4, x0, #40
	neg w2, w2
	ldr x3, [x4, w2, sxtw #3]
	blr x3
	done

	shape index_that_is_added, 4
	add x4, x0, x2, lsl #3
	ldr x4, [x4, #8]
	blr x4
	done

	shape index_that_is_extended_and_added, 4
	add x4, x0, w2, sxtw #3
	ldr x4, [x4, #8]
	blr x4
	done

	shape index_that_is_a_number, 6
	mov w4, #6
	ldr x4, [x0, x4, lsl #3]
	blr x4
	done

	shape load_that_acquires, 0
	ldar x3, [x0]
	blr x3
	done

	shape function_was_moved, 5
	mov x19, x0
	ldr x3, [x0, #40]
	mov x16, x3
	mov x3, #0
	blr x16
	done

	shape function_kept_over_a_call, 5
	ldr x21, [x0, #40]
	mov x19, x0
	bl lose
	blr x21
	done

	shape others_are_loaded_and_stored_between, 1
	mov x19, x0
	ldr x12, [x0, #8]
	str x0, [sp, #80]
	stp x0, x12, [sp, #88]
	str d12, [sp, #80]
	cmp x0, x12
	ccmp x0, x12, #0, eq
	add x4, sp, #80
	stlr x0, [x4]
	ldr d12, [sp, #80]
	ldp d12, d13, [sp, #80]
	blr x12
	done

	shape both_ways_load_the_same_word, 1
	cbz x2, 1f
	ldr x3, [x0, #8]
	b 2f
	nop
1:	ldr x3, [x0, #8]
2:	blr x3
	done

	shape the_way_comes_from_elsewhere, 1
	ldr x21, [x0, #8]
	mov x20, x0
	b 2f
1:	bl lose
	b 3f
2:	blr x21
3:	done

	/* --- what cannot be known --- */

	shape function_was_handed_over, -1
	blr x1
	done

	shape base_is_lost, -1
	ldr x3, [x0, #8]
	mov x0, #1
	blr x3
	done

	shape base_is_lost_by_a_call, -1
	ldr x21, [x0, #8]
	bl lose
	blr x21
	done

	shape function_was_computed, -1
	ldr x3, [x0, #8]
	add x3, x1, #0
	eor x3, x3, x2
	eor x3, x3, x2
	blr x3
	done

	/* What x12 was is not known any more, so that nothing shows which load has run. */
	shape load_that_another_way_passes, -1
	mov x12, x1
	b 1f
	ldr x12, [x0, #8]
	b 2f
1:	nop
2:	blr x12
	done

	shape base_that_another_way_makes, -1
	mov x4, x0
	b 1f
	adrp x4, table + 8
	add x4, x4, :lo12:table + 8
	b 2f
1:	ldr x12, [x4, #8]
	mov x4, #0
2:	blr x12
	done

	/* By the time somebody looks the other word may have been something else. */
	shape the_nearer_load_is_another_ways, -1
	cbz x2, 1f
	ldr x21, [x0, #8]
	b 2f
1:	ldr x21, [x0, #16]
2:	blr x21
	done

	/* Nothing shows that x0 is still what it was at the call. */
	shape function_in_what_is_not_known, -1
	ldr x12, [x0, #8]
	blr x12
	done

	/* Both words hold the same, and each way has used one. */
	shape same_function_by_another_word, -1
	adrp x4, same_word
	cbz x2, 1f
	ldr x3, [x0, #48]
	b 2f
1:	ldr x3, [x4, :lo12:same_word]
2:	blr x3
	done

	shape load_that_another_way_does_not_pass, -1
	adrp x4, table + 48
	ldr x12, [x4, :lo12:table + 48]
	cbnz x2, 1f
	ldr x12, [x0, #8]
1:	blr x12
	done

	/* The function stands in two parts, of which the other comes back past the load. */
	shape the_other_part_passes_the_load, -1
	adrp x4, table + 48
	cbnz x2, other_part
	ldr x3, [x4, :lo12:table + 48]
back_from_the_other_part:
	blr x3
	done
	function other_part_of_it
	nop
other_part:
	mov x3, x1
	b back_from_the_other_part
	.cfi_endproc

	shape load_that_a_jump_back_passes, -1
	adrp x4, table + 48
	cbnz x2, 2f
	ldr x3, [x4, :lo12:table + 48]
1:	blr x3
	b 3f
2:	mov x3, x1
	b 1b
3:	done

	shape function_kept_in_a_loop, 1
	ldr x21, [x0, #8]
	mov x20, x0
	mov x19, #1
1:	mov x0, x19
	blr x21
	subs x19, x19, #1
	b.ne 1b
	done

	shape load_into_a_kept_register_that_another_way_passes, -1
	mov x21, x1
	cbnz x2, 1f
	ldr x21, [x0, #8]
1:	blr x21
	done

	shape load_that_another_way_passes_into_a_known_register, -1
	mov x3, x1
	b 1f
	ldr x3, [x0, #8]
	b 2f
1:	nop
2:	blr x3
	done

	function that_does_not_return
	adrp x1, table + 48
	ldr x1, [x1, :lo12:table + 48]
	bl lose
	.cfi_endproc
	shape function_that_does_not_return_stands_before, -1
	blr x1
	done

	/* --- what is called ends in a jump --- */

	shape function_jumps_through_a_table, 4, jumps=1
	bl jumping
	done
	function jumping
	adrp x3, table
	add x3, x3, :lo12:table
	ldr x3, [x3, #32]
	jump x3

	shape function_in_a_word_jumps, 2, jumps=1
	adrp x3, jumping_word
	ldr x3, [x3, :lo12:jumping_word]
	blr x3
	done
	function jumping_by_x16
	ldr x3, [x0, #16]
	mov x16, x3
	mov x3, #0
	jump x16

	/* It leaves in x8 what another word holds, which the code before this way loads. */
	shape function_in_a_word_uses_the_register, 4, jumps=1
	cbz x2, 1f
	b 2f
1:	adrp x8, table_pointer
	ldr x8, [x8, :lo12:table_pointer]
	b 3f
2:	adrp x8, using_word
	ldr x8, [x8, :lo12:using_word]
	blr x8
3:	done
	function using
	adrp x8, table_pointer
	ldr x8, [x8, :lo12:table_pointer]
	ldr x1, [x8, #32]
	jump x1

	shape function_jumps_to_one_that_jumps, 4, jumps=1
	bl first
	done
	function first
	mov x0, #0
	b jumping
	.cfi_endproc

	shape function_jumps_where_it_was_told, -1, jumps=1
	bl obedient
	done
	function obedient
	jump x1

	.ltorg

	/* Every register that a callee need not keep becomes something else. */
	.type lose, %function
lose:
	.cfi_startproc
	.irp number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17
	mov x\number, #-1
	.endr
	ret
	.cfi_endproc
	.size lose, . - lose

	/* --- what is read only: not every processor can run it, and nothing has signed the pointers --- */

	.arch armv8.3-a
	.macro signed instruction:vararg
	ldr x3, [x0, #8]
	\instruction
	.section read_sites, "a"
	.p2align 3
	.quad 1f
	.text
1:	nop
	.endm
	function signed_calls
	signed blraaz x3
	signed blrabz x3
	signed blraa x3, x4
	signed blrab x3, x4
	ret
	.cfi_endproc

	.globl signed_jump
	function signed_jump
	ldr x3, [x0, #8]
	braaz x3
	.cfi_endproc

	.globl calls_stub
	function stub
	bti c
	adrp x16, table + 24
	ldr x17, [x16, :lo12:table + 24]
	add x16, x16, :lo12:table + 24
	autia1716
	jump x17
	function calls_stub
	bl stub
	ret
	.cfi_endproc

	.globl taking, taking_end
	function taking
	adrp x0, table /* called */
	ldr x0, [x0, :lo12:table]
	blr x0
	adrp x1, table + 8 /* handed on */
	ldr x1, [x1, :lo12:table + 8]
	bl note
	adrp x19, table + 16 /* handed on, by a page that was found long before */
	.rept 100
	nop
	.endr
	ldr x2, [x19, :lo12:table + 16]
	str x2, [sp]
	adrp x3, table + 24 /* called, by a register that is kept */
	ldr x20, [x3, :lo12:table + 24]
	blr x20
	adrp x3, table + 32 /* jumped to */
	ldr x3, [x3, :lo12:table + 32]
	mov x0, #0
	br x3
	.cfi_endproc
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
same_word:
	.quad entry_6
using_word:
	.quad using
jumping_word:
	.quad jumping_by_x16

	.section .note.GNU-stack, "", %progbits
