/* dlopen and dlmopen of the program (x16 = the image of the preload object whose stub was called): the runtime makes the
 * call, or leaves it to a jump (dlopen.c). */
#define LOAD_NAME   16 /* and flags; the saved frame record is below */
#define LOAD_FRAME  32 /* and caller */
#define LOAD_RESULT 48
#define ARGUMENTS   64
#define SIZE        96

	.text
	.macro begin_load
	.cfi_startproc
	hint #34 /* bti c */
	stp x29, x30, [sp, #-SIZE]!
	.cfi_def_cfa_offset SIZE
	.cfi_offset x29, -SIZE
	.cfi_offset x30, -SIZE + 8
	mov x29, sp
	stp x0, x1, [sp, #ARGUMENTS]
	str x2, [sp, #ARGUMENTS + 16]
	add x9, sp, #SIZE
	stp x9, x30, [sp, #LOAD_FRAME]
	.endm

	.macro end_load real
	tst w0, #1
	ldp x0, x1, [sp, #ARGUMENTS]
	ldr x2, [sp, #ARGUMENTS + 16]
	ldr x9, [sp, #LOAD_RESULT]
	ldp x29, x30, [sp], #SIZE
	.cfi_def_cfa_offset 0
	.cfi_restore x29
	.cfi_restore x30
	b.eq 1f
	mov x0, x9
	ret
1:	adrp x17, \real
	ldr x17, [x17, :lo12:\real]
	br x17
	.cfi_endproc
	.endm

	.globl hg_dlopen
	.type hg_dlopen, %function
	.p2align 4
hg_dlopen:
	begin_load
	stp x0, x1, [sp, #LOAD_NAME]
	add x0, sp, #LOAD_NAME
	bl hg_load
	end_load hg_real_dlopen
	.size hg_dlopen, . - hg_dlopen

	.globl hg_dlmopen
	.type hg_dlmopen, %function
	.p2align 4
hg_dlmopen:
	begin_load
	stp x1, x2, [sp, #LOAD_NAME]
	mov x1, x0
	add x0, sp, #LOAD_NAME
	bl hg_load_into
	end_load hg_real_dlmopen
	.size hg_dlmopen, . - hg_dlmopen

#include "arch/notes.inc"
