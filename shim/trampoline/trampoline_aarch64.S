/* Where stubs jump to, with x16 = the slot and x17 = the slot's entry, as the stub loaded it. Real frames with full
 * call-frame information; no return address is rewritten, and none is signed (call.h reads them).
 *
 * Offsets into C structures (call.h, thread.h, image.h, record.h assert them): */
#define SLOT_REAL        8
#define SLOT_LIBRARY_LOW 16 /* and size */
#define SLOT_MASK        32 /* and class */
#define SLOT_CLASS       40
#define SLOT_COUNTER     48
#define SLOT_STACK_BYTES 56

#define CONTEXT_TOP      0  /* and limit */
#define CONTEXT_COUNTERS 16
#define CONTEXT_MASK     24 /* and offset */
#define CONTEXT_USER     40

#define GUARD_INSPECTING 32 /* half a word */
#define GUARD_USER       64

#define ENTRY_VALUE 0  /* and class */
#define ENTRY_GUARD 16 /* and word */
#define ENTRY_SHIFT 5  /* 32 bytes each */
#define CACHE_BITS  21

#define FRAME_GUARD 0
#define FRAME_SLOT  8  /* and fp */
#define FRAME_VALUE 24 /* and caller */
#define FRAME_SIZE  48

#define WORD_TELL   66 /* HG_WORD_TELL */

#define CALL_OTHERS 64 /* x8, where the caller wants a large result; x18, a static chain */
#define CALL_SLOT   88 /* and fp */
#define CALL_RESULT 104
#define CALL_REAL   120
#define CALL_SIZE   720

#define KEPT_SIZE   80 /* between the general trampoline's frame and its call: called_word_aarch64.c reads it */

#include "arch/frame_aarch64.inc"

	.section hg_trampolines, "ax", %progbits /* return addresses in it are theirs: inside_call.c */

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

/* The general trampoline: everything is decided in C (enter_leave.c; or provoked.c). */
	.macro general_trampoline name, enter, leave
	.globl \name
	.type \name, %function
	.p2align 6
\name:
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
	bl \enter
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
	bl \leave
	ldp x0, x1, [x19, #CALL_RESULT]
	close_frame
	ret
	.cfi_restore_state
2:	/* reject: an integer, a pointer, or a floating number; zero where a struct or a wide number goes on */
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
	.size \name, . - \name
	.endm

	.p2align 6
general:
	general_trampoline hg_trampoline, hg_call_enter, hg_call_leave
	.hidden hg_provoking_trampoline
	general_trampoline hg_provoking_trampoline, hg_provoked_enter, hg_provoked_leave

/* The fast trampolines: an op on one handle that stands in a register, on a handle that this thread has met, whose guard's
 * word is as it was then. Anything else falls back to the general one with every register as it came.
 *
 * See the ordering table at the top of runtime/protocol/guard.c: this is its left column. What each instruction has to do there,
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
	/* `fence`: 2 where ops must not overlap (shim/around/exclusive.c): then the guard must say that this thread was the
	 * last to enter, which is loaded behind the fence as the word is, and whoever walks the stack of an op is waited for. */
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
	movz x13, #0x11eb
	movk x13, #0x1331, lsl #16
	movk x13, #0x49bb, lsl #32
	movk x13, #0x94d0, lsl #48
	eor x11, x12, x12, lsr #5
	mul x13, x11, x13
	lsr x13, x13, #(64 - CACHE_BITS - ENTRY_SHIFT)
	ldp x11, x15, [x10, #CONTEXT_MASK]
	and x13, x13, x11
	add x13, x13, x15
	add x13, x10, x13
	ldp x11, x15, [x13, #ENTRY_VALUE]
	cmp x11, x12
	ccmp x15, x14, #0, eq
	b.ne fast_miss
	ldp x20, x15, [x13, #ENTRY_GUARD]
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
	.if \fence == 2
	ldr w11, [x20, #GUARD_USER]
	ldr w12, [x10, #CONTEXT_USER]
	cmp w11, w12
	b.ne 8f
	.endif
	.if \stack == 1
	add x11, x29, #16+64-1 /* in another page than the frame? */
	eor x11, x11, x29
	cmp x11, #4095
	b.hi 8f
	.endif
	.ifeq \fence
	dmb ishld
	.endif
	ldr x11, [x10, #CONTEXT_COUNTERS]
	ldr x12, [x16, #SLOT_COUNTER]
	ldr x13, [x11, x12]
	add x13, x13, #1
	str x13, [x11, x12]
	.if \stack == 1
	/* the usual 64 bytes */
	sub sp, sp, #64
	.irp at, 0, 16, 32, 48
	ldp x10, x11, [x29, #16+\at]
	stp x10, x11, [sp, #\at]
	.endr
	.elseif \stack == 2
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
	.if \fence == 1
	dmb ish
	.endif
	ldr x11, [x20]
	mov w12, #WORD_TELL
	tst w11, w12
	b.ne 6f
	.if \fence == 2
	ldrh w11, [x20, #GUARD_INSPECTING]
	cbnz w11, 6f
	ldr w11, [x20, #GUARD_USER] /* AWAITED in exclusive.c */
	tbnz w11, #0, 6f
	.endif
5:	close_frame
	ret
	.cfi_restore_state
6:	/* a free waits for this op */
	stp x0, x1, [sp, #-16]!
	.if \fence == 2
	mov x0, #0
	mov x1, x20
	bl hg_fast_leave_alone
	.else
	mov x0, x20
	bl hg_guard_left
	.endif
	b 75f
7:	/* not this thread's topmost frame: a coroutine, or a forked child */
	stp x0, x1, [sp, #-16]!
	mov x0, x19
	mov x1, x20
	.if \fence == 2
	bl hg_fast_leave_alone
	.else
	bl hg_fast_leave
	.endif
75:	ldp x0, x1, [sp], #16
	b 5b
8:	/* the guard has changed: take the frame back */
	str xzr, [x19, #FRAME_GUARD]
	str x19, [x10, #CONTEXT_TOP]
9:	close_frame
	b general
	.cfi_restore_state
	.cfi_endproc
	.size \name, . - \name
	.endm

/* What the fast trampolines jump to if the handle is not in the cache: x19 is the frame, x10 the context, x12 the handle.
 * Takes the frame back and looks whether it can be put there. */
	.p2align 4
	.type fast_miss, %function
fast_miss:
	.cfi_startproc
	.cfi_personality 0x1b, hg_personality
	.cfi_def_cfa x29, 16
	.cfi_offset x29, -16
	.cfi_offset x30, -8
	.cfi_offset x19, -32
	.cfi_offset x20, -24
	prfm pldl1keep, [x12] /* what the op will use, if the handle is an address: it comes along with what is looked up */
	str xzr, [x19, #FRAME_GUARD]
	str x19, [x10, #CONTEXT_TOP]
	stp x0, x1, [sp, #-16]!
	stp x2, x3, [sp, #-16]!
	stp x4, x5, [sp, #-16]!
	stp x6, x7, [sp, #-16]!
	stp x8, x9, [sp, #-16]!
	stp x16, x18, [sp, #-16]!
	mov x0, x10
	ldr x1, [x16, #SLOT_CLASS]
	mov x2, x12
	bl hg_remember_again
	and w12, w0, #1
	ldp x16, x18, [sp], #16
	ldp x8, x9, [sp], #16
	ldp x6, x7, [sp], #16
	ldp x4, x5, [sp], #16
	ldp x2, x3, [sp], #16
	ldp x0, x1, [sp], #16
	close_frame
	cbz w12, general
	ldr x17, [x16]
	br x17
	.cfi_restore_state
	.cfi_endproc
	.size fast_miss, . - fast_miss

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
	fast_trampolines 2, 0
	fast_trampolines 0, 1
	fast_trampolines 1, 1
	fast_trampolines 2, 1
	fast_trampolines 0, 2
	fast_trampolines 1, 2
	fast_trampolines 2, 2
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
	fast_entries 2, 0
	fast_entries 0, 1
	fast_entries 1, 1
	fast_entries 2, 1
	fast_entries 0, 2
	fast_entries 1, 2
	fast_entries 2, 2
	.endr
	.section hg_trampolines, "ax", %progbits

#include "arch/notes.inc"
