/* Running C code that may clobber what the program must not miss: every register of the processor is saved around it
 * (runtime/arch/preserving.h). What it asks of C is in preserving.c and registers_aarch64.c. */
#include "arch/frame_aarch64.inc"

	.text

/* void hg_preserving(void (*work)(void *), void *argument)
 * Saves what C code may change of the registers that carry arguments and results or that the procedure call standard has
 * a callee keep: the vector registers as a whole, and the state and control registers. With SVE (registers_aarch64.c knows)
 * all of z0-z31, p0-p15 and the first-fault register: a function may take its arguments in z0-z7 and p0-p3, and one that
 * does must keep z8-z23 and p4-p15. The kernel drops all but the low 128 bits of z at any system call, so a slow path that
 * makes one outside of this function loses them: a free that waits, and the op that wakes it. The streaming mode and the ZA
 * array of SME are not saved: ordinary functions are called with the one off, and never touch the other. */
#define P_NUMBERS 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
#define Z_NUMBERS P_NUMBERS, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
#define EACH_PAIR(store)                                                                                              \
	store q0, q1, [sp];                                                                                           \
	store q2, q3, [sp, #32];                                                                                      \
	store q4, q5, [sp, #64];                                                                                      \
	store q6, q7, [sp, #96];                                                                                      \
	store q8, q9, [sp, #128];                                                                                     \
	store q10, q11, [sp, #160];                                                                                   \
	store q12, q13, [sp, #192];                                                                                   \
	store q14, q15, [sp, #224];                                                                                   \
	store q16, q17, [sp, #256];                                                                                   \
	store q18, q19, [sp, #288];                                                                                   \
	store q20, q21, [sp, #320];                                                                                   \
	store q22, q23, [sp, #352];                                                                                   \
	store q24, q25, [sp, #384];                                                                                   \
	store q26, q27, [sp, #416];                                                                                   \
	store q28, q29, [sp, #448];                                                                                   \
	store q30, q31, [sp, #480]

/* What may make a system call comes after the vector registers have been saved: here on the caller's stack, if not on a stack
 * that was ready. */
	.macro run_work elsewhere
	.if \elsewhere
	bl hg_work_stack_take
	mov x2, x0
	mov x0, x19
	mov x1, x20
	mov x19, sp
	mov x20, x2
	cbz x2, 3f
	mov sp, x2
3:	bl hg_preserving_errno
	mov sp, x19
	mov x0, x20
	bl hg_work_stack_give
	.else
	mov x0, x19
	mov x1, x20
	mov x2, x29
	bl hg_preserving_errno
	.endif
	.endm

/* The work is done on a stack of the runtime's own, with the frame where it was called; by hg_preserving_here on the
 * caller's, and the work is told where the frame is. */
	.macro preserving name, elsewhere
	.globl \name
	.hidden \name
	.type \name, %function
	.p2align 4
\name:
	.cfi_startproc
	open_frame
	mov x19, x0
	mov x20, x1
	mrs x9, fpcr
	mrs x10, fpsr
	stp x9, x10, [sp, #-16]!
	str xzr, [sp, #-16]! /* the stack that was ready */
	bl hg_has_sve
	cbnz w0, 1f
	sub sp, sp, #512
	EACH_PAIR(stp)
	run_work \elsewhere
	EACH_PAIR(ldp)
	b 2f
1:	.if \elsewhere /* these registers are large */
	bl hg_work_stack_take_ready
	str x0, [sp]
	cbz x0, 4f
	mov sp, x0
4:
	.endif
	.arch_extension sve
	addvl sp, sp, #-32
	.irp n, Z_NUMBERS
	str z\n, [sp, #\n, mul vl]
	.endr
	addvl sp, sp, #-3 /* 17 predicates of an eighth of a vector each; the stack stays aligned */
	.irp n, P_NUMBERS
	str p\n, [sp, #\n, mul vl]
	.endr
	rdffr p0.b
	str p0, [sp, #16, mul vl]
	run_work \elsewhere
	ldr p0, [sp, #16, mul vl]
	wrffr p0.b
	.irp n, P_NUMBERS
	ldr p\n, [sp, #\n, mul vl]
	.endr
	addvl sp, sp, #3
	.irp n, Z_NUMBERS
	ldr z\n, [sp, #\n, mul vl]
	.endr
	.arch_extension nosve
2:	.if \elsewhere
	sub sp, x29, #48
	ldr x0, [sp]
	bl hg_work_stack_give
	.endif
	ldp x9, x10, [x29, #-32]
	msr fpcr, x9
	msr fpsr, x10
	close_frame
	ret
	.cfi_restore_state
	.cfi_endproc
	.size \name, . - \name
	.endm

	preserving hg_preserving, 1
	preserving hg_preserving_here, 0

#include "arch/notes.inc"
