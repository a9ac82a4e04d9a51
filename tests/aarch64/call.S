/* Calls with every register set; in the program, as the library's own calls are none of the shim's business. */
#include "registers.inc"

	.text
	.globl call_with
	.type call_with, %function
call_with:
	.cfi_startproc
	stp x29, x30, [sp, #-176]!
	.cfi_def_cfa_offset 176
	.cfi_offset x29, -176
	.cfi_offset x30, -168
	stp x19, x20, [sp, #16]
	stp x21, x22, [sp, #32]
	stp x23, x24, [sp, #48]
	stp x25, x26, [sp, #64]
	stp x27, x28, [sp, #80]
	stp d8, d9, [sp, #96]
	stp d10, d11, [sp, #112]
	stp d12, d13, [sp, #128]
	stp d14, d15, [sp, #144]
	str x2, [sp, #160]
	mrs x3, fpcr
	str x3, [sp, #168]
	sub sp, sp, #64
	.cfi_def_cfa_offset 240
	mov x17, x0
	mov x16, x1
	ldr x0, [x16, #AT_STATE]
	msr fpcr, x0
	ldr x0, [x16, #AT_STATE + 8]
	msr fpsr, x0
	.irp n, 0, 8, 16, 24, 32, 40, 48, 56
	ldr x0, [x16, #AT_STACK + \n]
	str x0, [sp, #\n]
	.endr
	add x0, x16, #AT_VECTORS
	ldr x1, [x16, #AT_SCALABLE]
	cmp x1, #16
	b.eq 3f
	each_vector load_scalable, x0
	each_predicate ldr, x0
	b 4f
3:	each_vector load, x0
4:	ldp x0, x1, [x16]
	ldp x2, x3, [x16, #16]
	ldp x4, x5, [x16, #32]
	ldp x6, x7, [x16, #48]
	ldp x8, x9, [x16, #64]
	ldp x10, x11, [x16, #80]
	ldp x12, x13, [x16, #96]
	ldp x14, x15, [x16, #112]
	ldp x18, x19, [x16, #144]
	ldp x20, x21, [x16, #160]
	ldp x22, x23, [x16, #176]
	ldp x24, x25, [x16, #192]
	ldp x26, x27, [x16, #208]
	ldp x28, x29, [x16, #224]
	blr x17
	ldr x16, [sp, #224]
	store_registers
	add sp, sp, #64
	.cfi_def_cfa_offset 176
	ldr x3, [sp, #168]
	msr fpcr, x3
	ldp x19, x20, [sp, #16]
	ldp x21, x22, [sp, #32]
	ldp x23, x24, [sp, #48]
	ldp x25, x26, [sp, #64]
	ldp x27, x28, [sp, #80]
	ldp d8, d9, [sp, #96]
	ldp d10, d11, [sp, #112]
	ldp d12, d13, [sp, #128]
	ldp d14, d15, [sp, #144]
	ldp x29, x30, [sp], #176
	.cfi_def_cfa_offset 0
	ret
	.cfi_endproc
	.size call_with, . - call_with

	.globl scalable_size
	.type scalable_size, %function
scalable_size:
	rdvl x0, #1
	ret
	.size scalable_size, . - scalable_size

	.section .note.GNU-stack, "", %progbits
