/* The same of a number that code reads. */
	.section .text.torn, "ax", @progbits
	.p2align 12
	.skip 4096 - 2
	.globl torn_operand
torn_operand:
	.long 0x11111111
	.p2align 2
	.globl torn
	.type torn, @function
torn:
	adr x1, torn_operand
	ldr w0, [x1]
	ret
	.size torn, . - torn

	.section .note.GNU-stack, "", @progbits
