/* Where stubs jump to, with x16 = the slot and x17 = the slot's entry, as the stub loaded it. Real frames with full
 * call-frame information; no return address is rewritten, and none is signed (call.h reads them).
 *
 * Offsets into C structures (call.h, thread.h, image.h, record.h assert them): */
#define SLOT_REAL        8
#define SLOT_LIBRARY_LOW 16 /* and size */
#define SLOT_MASK        32 /* and class */
#define SLOT_COUNTER     48
#define SLOT_STACK_BYTES 56

#define CONTEXT_TOP      0  /* and limit */
#define CONTEXT_COUNTERS 16
#define CONTEXT_CACHE    128

#define ENTRY_VALUE 0  /* and class */
#define ENTRY_GUARD 16 /* and word */
#define ENTRY_SHIFT 5  /* 32 bytes each */
#define CACHE_BITS  8

#define FRAME_GUARD 0
#define FRAME_SLOT  8  /* and fp */
#define FRAME_VALUE 24 /* and caller */
#define FRAME_SIZE  48

#define WORD_TELL   66 /* HG_WORD_TELL */

#define CALL_OTHERS 64 /* x8, where the caller wants a large result; x18, a static chain */
#define CALL_SLOT   80 /* and fp */
#define CALL_RESULT 96
#define CALL_REAL   112
#define CALL_SIZE   720

#define KEPT_SIZE   80 /* between the general trampoline's frame and its call: called_word_aarch64.c reads it */

	.text

/* The frame of every trampoline, downwards: x30, x29 (the frame record; x29 points at it, stack arguments are above it),
 * x20, x19. stack.c reads them; x29 lies at the top, so that to C it looks as on x86-64. */
	.macro open_frame
	hint #34 /* bti c */
	stp x29, x30, [sp, #-16]!
	.cfi_def_cfa_offset 16
	.cfi_offset x29, -16
	.cfi_offset x30, -8
	mov x29, sp
	.cfi_def_cfa x29, 16
	stp x19, x20, [sp, #-16]!
	.cfi_offset x19, -32
	.cfi_offset x20, -24
	.endm

/* Gives the frame up from anywhere below it; x19, x20, x29, x30 are the caller's again. */
	.macro close_frame
	ldp x19, x20, [x29, #-16]
	mov sp, x29
	ldp x29, x30, [sp], #16
	.cfi_remember_state
	.cfi_restore x19
	.cfi_restore x20
	.cfi_restore x29
	.cfi_restore x30
	.cfi_def_cfa sp, 0
	.endm

/* Hands on the slot's bytes of stack arguments: a copy at the stack's end, which stays a multiple of 16; the ABI aligns no
 * argument to more. x29 is the frame. Uses x10 to x14, x30 and flags. */
	.macro copy_stack_arguments slot
	ldr w10, [\slot, #SLOT_STACK_BYTES]
	add x11, x29, #15
	add x11, x11, x10
	eor x11, x11, x29
	cmp x11, #4095
	b.ls 90f
	bl arguments_that_are_there
90:	add x11, x10, #15
	and x11, x11, #-16
	sub sp, sp, x11
	mov x12, sp
	add x13, x29, #16
91:	subs x10, x10, #8
	b.mi 92f
	ldr x14, [x13, x10]
	str x14, [x12, x10]
	b 91b
92:
	.endm

/* From within a frame: fewer bytes in x10 if not so many are mapped. Keeps all other registers that carry arguments, and those
 * that the trampolines use. */
	.p2align 4
	.type arguments_that_are_there, %function
arguments_that_are_there:
	.cfi_startproc
	.cfi_personality 0x1b, hg_personality
	.cfi_def_cfa x29, 16
	.cfi_offset x29, -16
	.cfi_offset x30, -8
	.cfi_offset x19, -32
	.cfi_offset x20, -24
	stp x0, x1, [sp, #-16]!
	stp x2, x3, [sp, #-16]!
	stp x4, x5, [sp, #-16]!
	stp x6, x7, [sp, #-16]!
	stp x8, x9, [sp, #-16]!
	stp x16, x18, [sp, #-16]!
	stp x30, xzr, [sp, #-16]!
	add x0, x29, #16
	mov x1, x10
	bl hg_stack_arguments
	mov x10, x0
	ldp x30, xzr, [sp], #16
	ldp x16, x18, [sp], #16
	ldp x8, x9, [sp], #16
	ldp x6, x7, [sp], #16
	ldp x4, x5, [sp], #16
	ldp x2, x3, [sp], #16
	ldp x0, x1, [sp], #16
	ret
	.cfi_endproc
	.size arguments_that_are_there, . - arguments_that_are_there

/* The arguments as they came; x19 is the call. */
	.macro reload_arguments
	ldp x0, x1, [x19]
	ldp x2, x3, [x19, #16]
	ldp x4, x5, [x19, #32]
	ldp x6, x7, [x19, #48]
	ldp x8, x18, [x19, #CALL_OTHERS]
	.endm

/* The calling thread's context, or null; `other` is lost. */
	.macro load_context context, other
	adrp \context, :gottprel:hg_context
	ldr \context, [\context, :gottprel_lo12:hg_context]
	mrs \other, tpidr_el0
	ldr \context, [\other, \context]
	.endm

/* The general trampoline: everything is decided in C (enter_leave.c). */
	.globl hg_trampoline
	.type hg_trampoline, %function
	.globl hg_trampoline_here /* not by the procedure linkage table, which uses the slot's register */
	.hidden hg_trampoline_here
	.set hg_trampoline_here, hg_trampoline
	.p2align 6
hg_trampoline:
general:
	.cfi_startproc
	.cfi_personality 0x1b, hg_personality /* unwinding.c; pc-relative, four bytes */
	open_frame
	sub sp, sp, #(CALL_SIZE + KEPT_SIZE)
	/* from which table the call has come stands in one of these, if it was the library that called */
	stp x21, x22, [x29, #-96]
	stp x23, x24, [x29, #-80]
	stp x25, x26, [x29, #-64]
	stp x27, x28, [x29, #-48]
	str x9, [x29, #-32]
	stp x0, x1, [sp]
	stp x2, x3, [sp, #16]
	stp x4, x5, [sp, #32]
	stp x6, x7, [sp, #48]
	stp x8, x18, [sp, #CALL_OTHERS]
	stp x16, x29, [sp, #CALL_SLOT]
	mov x19, sp
	mov x0, sp
	bl hg_call_enter
	cmp w0, #1
	b.hi 2f
	b.lo 1f
	/* pass */
	reload_arguments
	ldr x17, [x19, #CALL_REAL]
	close_frame
	br x17
	.cfi_restore_state
1:	/* call */
	ldr x9, [x19, #CALL_SLOT]
	copy_stack_arguments x9
	reload_arguments
	ldr x17, [x19, #CALL_REAL]
	blr x17
	stp x0, x1, [x19, #CALL_RESULT]
	mov x0, x19
	mov sp, x19
	bl hg_call_leave
	ldp x0, x1, [x19, #CALL_RESULT]
	close_frame
	ret
	.cfi_restore_state
2:	/* turn away: an integer, a pointer, or a floating number; zero where a struct or a wide number goes on */
	ldr x0, [x19, #CALL_RESULT]
	mov x1, #0
	fmov d0, x0
	fmov d1, xzr
	fmov d2, xzr
	fmov d3, xzr
	close_frame
	ret
	.cfi_restore_state
	.cfi_endproc
	.size hg_trampoline, . - hg_trampoline

/* The fast trampolines: an op on one handle that stands in a register, on a handle that this thread has met, whose guard's
 * word is as it was then. Anything else falls back to the general one with every register as it came.
 *
 * See the ordering table at the top of runtime/guard.c: this is its left column. What each instruction has to do there,
 * on a processor that lets loads and stores pass each other:
 *
 *   slot's fields after its entry    Whoever chose this entry stored them first, and the entry with release. Here nothing
 *                                    would keep their loads from running before the stub's: a branch does not. So the
 *                                    slot's address is made to depend on the entry that was loaded: such loads are ordered.
 *   frame's fields, then its guard   stlr: whoever sees the guard (with acquire) sees the frame's fields.
 *   frame, then load of the word     With membarrier nothing is needed: the free's barrier falls between two instructions
 *                                    here. Before the load: then the store came before too, and the scan sees the frame.
 *                                    After the store: then the load comes after too, and sees the free. A load that had
 *                                    run ahead of its turn is discarded when the interrupt comes. Without membarrier: dmb.
 *   word, then what the op reads     An unchanged word alone means that the handle was alive from when it was remembered
 *                                    until now, so that a load of the op's that runs ahead reads a live handle. But a free
 *                                    that failed puts the same word back, and its writes must be seen: dmb ishld (behind a
 *                                    dmb the word's own ldar does it for nothing; behind the stlr alone ldar would wait
 *                                    for the store to be seen by all, which is just what membarrier saves).
 *   what the op did, then the frame  stlr twice: a scan that sees the frame cleared, or the top below it, must not be
 *   cleared, then the top            overtaken by a load or store of the op. A plain store of the top could pass the stlr
 *                                    before it.
 *   frame cleared, then load of word As on entry. */
	.macro fast_trampoline name, handle, stack, fence
	.p2align 6
	.type \name, %function
\name:
	.cfi_startproc
	.cfi_personality 0x1b, hg_personality
	open_frame
	load_context x10, x11
	cbz x10, 9f
	eor x17, x17, x17
	add x16, x16, x17
	/* the library's own call? */
	ldp x12, x13, [x16, #SLOT_LIBRARY_LOW]
	sub x12, x30, x12
	cmp x12, x13
	b.lo 9f
	/* a frame, reserved before it is filled and before the cache is read: a signal handler's go above it, and while it
	 * is empty they leave the cache alone (remember in guard.c) */
	ldp x14, x11, [x10, #CONTEXT_TOP]
	cmp x14, x11
	b.hs 9f
	mov x19, x14
	add x14, x14, #FRAME_SIZE
	str x14, [x10, #CONTEXT_TOP]
	/* the cache entry of the handle */
	ldp x12, x14, [x16, #SLOT_MASK]
	and x12, x12, \handle
	movz x13, #0x7c15
	movk x13, #0x7f4a, lsl #16
	movk x13, #0x79b9, lsl #32
	movk x13, #0x9e37, lsl #48
	mul x13, x12, x13
	lsr x13, x13, #(64 - CACHE_BITS)
	add x13, x10, x13, lsl #ENTRY_SHIFT
	ldp x11, x15, [x13, #(CONTEXT_CACHE + ENTRY_VALUE)]
	cmp x11, x12
	ccmp x15, x14, #0, eq
	b.ne 8f
	ldp x20, x15, [x13, #(CONTEXT_CACHE + ENTRY_GUARD)]
	stp x16, x29, [x19, #FRAME_SLOT]
	stp x12, x30, [x19, #FRAME_VALUE]
	stlr x20, [x19] /* FRAME_GUARD */
	.if \fence
	dmb ish
	ldar x11, [x20]
	.else
	ldr x11, [x20]
	.endif
	cmp x11, x15
	b.ne 8f
	.ifeq \fence
	dmb ishld
	.endif
	ldr x11, [x10, #CONTEXT_COUNTERS]
	ldr x12, [x16, #SLOT_COUNTER]
	ldr x13, [x11, x12]
	add x13, x13, #1
	str x13, [x11, x12]
	.if \stack
	copy_stack_arguments x16
	.endif
	ldr x17, [x16, #SLOT_REAL]
	blr x17
	/* leave: x19 is the frame, x20 the guard */
	load_context x10, x11
	cbz x10, 7f
	add x11, x19, #FRAME_SIZE
	ldr x12, [x10, #CONTEXT_TOP]
	cmp x11, x12
	b.ne 7f
	stlr xzr, [x19] /* FRAME_GUARD */
	stlr x19, [x10] /* CONTEXT_TOP */
	.if \fence
	dmb ish
	.endif
	ldr x11, [x20]
	mov w12, #WORD_TELL
	tst w11, w12
	b.ne 6f
5:	close_frame
	ret
	.cfi_restore_state
6:	/* a free waits for this op */
	stp x0, x1, [sp, #-16]!
	mov x0, x20
	bl hg_guard_left
	b 75f
7:	/* not this thread's topmost frame: a coroutine, or a forked child */
	stp x0, x1, [sp, #-16]!
	mov x0, x19
	mov x1, x20
	bl hg_fast_leave
75:	ldp x0, x1, [sp], #16
	b 5b
8:	/* not in the cache, or the guard has changed: take the frame back */
	str xzr, [x19, #FRAME_GUARD]
	str x19, [x10, #CONTEXT_TOP]
9:	close_frame
	b general
	.cfi_restore_state
	.cfi_endproc
	.size \name, . - \name
	.endm

	.macro fast_trampolines stack, fence
	fast_trampoline fast_x0_\stack\()_\fence, x0, \stack, \fence
	fast_trampoline fast_x1_\stack\()_\fence, x1, \stack, \fence
	fast_trampoline fast_x2_\stack\()_\fence, x2, \stack, \fence
	fast_trampoline fast_x3_\stack\()_\fence, x3, \stack, \fence
	fast_trampoline fast_x4_\stack\()_\fence, x4, \stack, \fence
	fast_trampoline fast_x5_\stack\()_\fence, x5, \stack, \fence
	fast_trampoline fast_x6_\stack\()_\fence, x6, \stack, \fence
	fast_trampoline fast_x7_\stack\()_\fence, x7, \stack, \fence
	.endm

	.globl hg_fast_trampolines
	.hidden hg_fast_trampolines
hg_fast_trampolines:
	fast_trampolines 0, 0
	fast_trampolines 1, 0
	fast_trampolines 0, 1
	fast_trampolines 1, 1
	.globl hg_trampolines_end
	.hidden hg_trampolines_end
hg_trampolines_end:

	.section .rodata
	.macro fast_entries stack, fence
	.word fast_x0_\stack\()_\fence - hg_fast_trampolines
	.word fast_x1_\stack\()_\fence - hg_fast_trampolines
	.word fast_x2_\stack\()_\fence - hg_fast_trampolines
	.word fast_x3_\stack\()_\fence - hg_fast_trampolines
	.word fast_x4_\stack\()_\fence - hg_fast_trampolines
	.word fast_x5_\stack\()_\fence - hg_fast_trampolines
	.word fast_x6_\stack\()_\fence - hg_fast_trampolines
	.word fast_x7_\stack\()_\fence - hg_fast_trampolines
	.endm
	.globl hg_fast_table
	.hidden hg_fast_table
	.p2align 3
hg_fast_table: /* handles as wide as the register, then narrower ones: masking costs nothing that a second set would save */
	.rept 2
	fast_entries 0, 0
	fast_entries 1, 0
	fast_entries 0, 1
	fast_entries 1, 1
	.endr
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

/* dlsym and dlvsym of the program (x16 = the image of the preload object whose stub was called): a guarded function's stub,
 * or a jump to the real one, which must see the true caller. What is asked is handed over as struct hg_lookup
 * (interpose_dl.c). */
	.macro interposed name, version, real
	.globl \name
	.type \name, %function
	.p2align 4
\name:
	.cfi_startproc
	open_frame
	stp x29, x2, [sp, #-16]!
	stp x1, \version, [sp, #-16]!
	stp x16, x0, [sp, #-16]!
	mov x0, sp
	bl hg_look_up
	cmn x0, #1
	b.eq 1f
	close_frame
	ret
	.cfi_restore_state
1:	ldr x0, [sp, #8]
	ldr x1, [sp, #16]
	ldr x2, [sp, #40]
	adrp x17, \real
	ldr x17, [x17, :lo12:\real]
	close_frame
	br x17
	.cfi_restore_state
	.cfi_endproc
	.size \name, . - \name
	.endm

	interposed hg_dlsym, xzr, hg_real_dlsym
	interposed hg_dlvsym, x2, hg_real_dlvsym

/* longjmp and its kin: what the jump skips is left first, then the real function jumps. */
	.macro jump name, number
	.globl \name
	.type \name, %function
	.p2align 4
\name:
	.cfi_startproc
	open_frame
	stp x0, x1, [sp, #-16]!
	mov w1, #\number
	mov x2, x29
	bl hg_before_jump
	mov x17, x0
	ldp x0, x1, [sp], #16
	close_frame
	br x17
	.cfi_restore_state
	.cfi_endproc
	.size \name, . - \name
	.endm

	jump hg_longjmp, 0
	jump hg__longjmp, 1
	jump hg_siglongjmp, 2
	jump hg___longjmp_chk, 3

/* free of the program (x16 = the image), of objects whose manifest asks for a quarantine: the allocator after the object
 * is looked up by the first call; all else is C (interpose_box.c). */
	.globl hg_free
	.type hg_free, %function
	.p2align 4
hg_free:
	.cfi_startproc
	bti c
	adrp x17, hg_next_free
	ldr x17, [x17, :lo12:hg_next_free]
	cbz x17, 1f
	b hg_free_checked
1:	stp x29, x30, [sp, #-32]!
	.cfi_def_cfa_offset 32
	.cfi_offset x29, -32
	.cfi_offset x30, -24
	mov x29, sp
	str x0, [sp, #16]
	mov x0, x16
	bl hg_find_next_free
	ldr x0, [sp, #16]
	ldp x29, x30, [sp], #32
	.cfi_restore x29
	.cfi_restore x30
	.cfi_def_cfa_offset 0
	b hg_free_checked
	.cfi_endproc
	.size hg_free, . - hg_free

#include "notes.inc"
