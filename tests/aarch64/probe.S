/* Functions of the library: each notes every register and returns what it was told to. */
#include "registers.inc"

	.text
	.macro probe name
	.globl \name
	.type \name, %function
\name:
	.cfi_startproc
	hint #34 /* bti c */
	b note
	.cfi_endproc
	.size \name, . - \name
	.endm

	probe probe_0
	probe probe_1
	probe probe_2
	probe probe_3
	probe probe_4
	probe probe_5
	probe probe_6
	probe probe_7
	probe probe_0_stacked
	probe probe_7_stacked
	probe probe_8
	probe probe_two
	probe probe_allowed
	probe probe_free
	probe probe_create

note:
	.cfi_startproc
	adrp x16, :got:probe_seen
	ldr x16, [x16, :got_lo12:probe_seen]
	store_registers
	adrp x16, :got:probe_calls
	ldr x16, [x16, :got_lo12:probe_calls]
	ldr x17, [x16]
	add x17, x17, #1
	str x17, [x16]
	adrp x16, :got:probe_seen
	ldr x16, [x16, :got_lo12:probe_seen]
	.irp n, 0, 8, 16, 24, 32, 40, 48, 56
	ldr x17, [sp, #\n]
	str x17, [x16, #AT_STACK + \n]
	.endr
	/* the answer; what need not be kept is not */
	adrp x16, :got:probe_answer
	ldr x16, [x16, :got_lo12:probe_answer]
	ldp x0, x1, [x16]
	add x17, x16, #AT_VECTORS
	ldr q0, [x17]
	ldr q1, [x17, #VECTOR_SIZE]
	ldr q2, [x17, #2 * VECTOR_SIZE]
	ldr q3, [x17, #3 * VECTOR_SIZE]
	.irp n, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18
	mov x\n, #-\n
	.endr
	ret
	.cfi_endproc

	.section .note.GNU-stack, "", %progbits
