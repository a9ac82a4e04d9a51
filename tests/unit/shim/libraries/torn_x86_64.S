/* A function whose operand begins on one page and ends on the next: no store writes it whole. */
	.section .text.torn, "ax", @progbits
	.p2align 12
	.skip 4096 - 3
	.globl torn
	.type torn, @function
torn:
	.byte 0xb8 /* mov $..., %eax */
	.globl torn_operand
torn_operand:
	.long 0x11111111
	ret
	.size torn, . - torn

	.section .note.GNU-stack, "", @progbits
