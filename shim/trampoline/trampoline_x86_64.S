/* Where stubs jump to, with r11 = the slot. Real frames with full call-frame information; no return address is rewritten.
 *
 * Offsets into C structures (call.h, thread.h, image.h, record.h assert them): */
#define SLOT_REAL        8
#define SLOT_LIBRARY_LOW 16
#define SLOT_LIBRARY_SIZE 24
#define SLOT_MASK        32
#define SLOT_CLASS       40
#define SLOT_COUNTER     48
#define SLOT_STACK_BYTES 56

#define CONTEXT_TOP      0
#define CONTEXT_LIMIT    8
#define CONTEXT_COUNTERS 16 /* the same address as the limit: thread.c asserts it */
#define CONTEXT_MASK     24
#define CONTEXT_OFFSET   32
#define CONTEXT_USER     40

#define GUARD_INSPECTING 32 /* half a word */
#define GUARD_USER       64

#define ENTRY_VALUE 0
#define ENTRY_CLASS 8
#define ENTRY_GUARD 16
#define ENTRY_WORD  24
#define ENTRY_SHIFT 5    /* 32 bytes each */
#define CACHE_BITS  21

#define FRAME_GUARD  0
#define FRAME_SLOT   8
#define FRAME_FP     16
#define FRAME_VALUE  24
#define FRAME_CALLER 32
#define FRAME_SIZE   48

#define WORD_TELL    66 /* HG_WORD_TELL */
#define USER_AWAITED 1  /* AWAITED in exclusive.c */

#define CALL_RAX     48
#define CALL_R10     56
#define CALL_R15     64
#define CALL_SLOT    72
#define CALL_FP      80
#define CALL_RESULT  88
#define CALL_REAL    104
#define CALL_SIZE    704

#include "arch/frame_x86_64.inc"

	.section hg_trampolines, "ax", @progbits /* return addresses in it are theirs: inside_call.c */

/* Hands on `bytes` (a 32-bit memory operand) of stack arguments, two words at a time: a word too many is the padding of
 * who called us. `whole`: there are some, and the bytes are a multiple of 16 (entries.c). The copy stands to 64
 * bytes as the original does, because the ABI aligns arguments to up to as much: vectors of that size, aligned structs.
 * Uses r13 and r14 (values lost) and flags. rbp is the frame. */
	.macro copy_stack_arguments bytes, whole
	mov \bytes, %r13d
	.ifeq \whole
	add $15, %r13d
	and $-16, %r13d
	jz 92f
	.endif
	lea 15(%rbp,%r13), %r14 /* in another page than the frame? */
	xor %rbp, %r14
	cmp $4095, %r14
	jbe 90f
	call arguments_that_are_there
	test %r13d, %r13d
	jz 92f
90:	lea -16(%rsp), %r14
	sub %r13, %r14
	sub %rbp, %r14
	and $-64, %r14
	lea 16(%rbp,%r14), %rsp
91:	mov 8(%rbp,%r13), %r14
	mov %r14, -8(%rsp,%r13)
	mov (%rbp,%r13), %r14
	mov %r14, -16(%rsp,%r13)
	sub $16, %r13
	jnz 91b
92:
	.endm

/* From within a frame: fewer bytes in r13 if not so many are mapped. Keeps all other registers that carry arguments. */
	.p2align 4
	.type arguments_that_are_there, @function
arguments_that_are_there:
	.cfi_startproc
	.cfi_personality 0x1b, hg_personality
	.cfi_def_cfa %rbp, 16
	.cfi_offset %rbp, -16
	.cfi_offset %rbx, -24
	.cfi_offset %r12, -32
	push %rdi
	push %rsi
	push %rdx
	push %rcx
	push %r8
	push %r9
	push %rax
	push %r10
	push %r11
	lea 16(%rbp), %rdi
	mov %r13, %rsi
	call hg_stack_arguments
	mov %rax, %r13
	pop %r11
	pop %r10
	pop %rax
	pop %r9
	pop %r8
	pop %rcx
	pop %rdx
	pop %rsi
	pop %rdi
	ret
	.cfi_endproc
	.size arguments_that_are_there, . - arguments_that_are_there

/* The general trampoline: everything is decided in C (enter_leave.c; or provoked.c). */
	.macro general_trampoline name, enter, leave
	.globl \name
	.type \name, @function
	.p2align 6
\name:
	.cfi_startproc
	.cfi_personality 0x1b, hg_personality /* unwinding.c; pc-relative, four bytes */
	open_frame
	sub $CALL_SIZE, %rsp
	mov %rdi, 0(%rsp)
	mov %rsi, 8(%rsp)
	mov %rdx, 16(%rsp)
	mov %rcx, 24(%rsp)
	mov %r8, 32(%rsp)
	mov %r9, 40(%rsp)
	mov %rax, CALL_RAX(%rsp)
	mov %r10, CALL_R10(%rsp)
	mov %r15, CALL_R15(%rsp)
	mov %r11, CALL_SLOT(%rsp)
	mov %rbp, CALL_FP(%rsp)
	mov %rsp, %rbx
	mov %rsp, %rdi
	call \enter
	mov %eax, %r12d
	mov CALL_SLOT(%rbx), %r11
	cmp $1, %r12d
	ja 2f
	jb 1f
	/* pass */
	mov CALL_REAL(%rbx), %r11
	call 9f
	close_frame
	jmp *%r11
	.cfi_restore_state
1:	/* call */
	copy_stack_arguments SLOT_STACK_BYTES(%r11), 0
	mov CALL_REAL(%rbx), %r11
	call 9f
	call *%r11
	mov %rax, CALL_RESULT(%rbx)
	mov %rdx, CALL_RESULT+8(%rbx)
	mov %rbx, %rdi
	lea (%rbx), %rsp
	call \leave
	mov CALL_RESULT(%rbx), %rax
	mov CALL_RESULT+8(%rbx), %rdx
	close_frame
	ret
	.cfi_restore_state
2:	/* reject: an integer, a pointer, or a floating number; zero where a struct or a wide number goes on */
	mov CALL_RESULT(%rbx), %rax
	xor %edx, %edx
	movq %rax, %xmm0
	xorps %xmm1, %xmm1
	close_frame
	ret
	.cfi_restore_state
9:	/* arguments as they came; rbx is the call */
	mov 0(%rbx), %rdi
	mov 8(%rbx), %rsi
	mov 16(%rbx), %rdx
	mov 24(%rbx), %rcx
	mov 32(%rbx), %r8
	mov 40(%rbx), %r9
	mov CALL_RAX(%rbx), %rax
	mov CALL_R10(%rbx), %r10
	ret
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
 * See the ordering table at the top of runtime/protocol/guard.c: this is its left column.
 *
 * What they cost is the memory they touch, so they save three registers only: rbp doubles as a scratch register until the
 * real function is called, and the top of the frames stands in for the frame itself. */
	.macro open_fast_frame
	endbr64
	push %rbp
	.cfi_def_cfa_offset 16
	.cfi_offset %rbp, -16
	push %rbx
	.cfi_def_cfa_offset 24
	.cfi_offset %rbx, -24
	push %r12
	.cfi_def_cfa_offset 32
	.cfi_offset %r12, -32
	.endm

	.macro close_fast_frame
	pop %r12
	.cfi_remember_state
	.cfi_def_cfa %rsp, 24
	.cfi_restore %r12
	pop %rbx
	.cfi_def_cfa_offset 16
	.cfi_restore %rbx
	pop %rbp
	.cfi_def_cfa_offset 8
	.cfi_restore %rbp
	.endm

	/* The frame whose end is in a register. */
#define TOP_GUARD  (FRAME_GUARD - FRAME_SIZE)
#define TOP_SLOT   (FRAME_SLOT - FRAME_SIZE)
#define TOP_FP     (FRAME_FP - FRAME_SIZE)
#define TOP_VALUE  (FRAME_VALUE - FRAME_SIZE)
#define TOP_CALLER (FRAME_CALLER - FRAME_SIZE)

	/* Orders a store before the loads that follow; cheaper than mfence. */
	.macro full_fence
	lock orl $0, (%rsp)
	.endm

	/* `fence`: 2 where ops must not overlap (shim/around/exclusive.c): then the guard must say that this thread was the
	 * last to enter, or keeps it; whoever walks the stack of an op is waited for, and whoever waits for its turn is told. */
	.macro fast_trampoline name, handle, narrow, stack, fence
	.p2align 6
\name:
	.cfi_startproc
	.cfi_personality 0x1b, hg_personality
	open_fast_frame
	mov hg_context@gottpoff(%rip), %rbx
	mov %fs:(%rbx), %rbx
	test %rbx, %rbx
	jz fast_pass
	/* a frame, reserved before it is filled and before the cache is read: a signal handler's go above it, and while it
	 * is empty they leave the cache alone (remember in guard.c) */
	mov CONTEXT_TOP(%rbx), %rbp
	mov CONTEXT_LIMIT(%rbx), %r12
	cmp %r12, %rbp
	jae fast_pass
	/* the limit of the frames is where the counters begin */
	add SLOT_COUNTER(%r11), %r12
	incq (%r12)
	add $FRAME_SIZE, %rbp
	mov %rbp, CONTEXT_TOP(%rbx)
	/* the library's own call? */
	mov 24(%rsp), %r12
	mov %r12, TOP_CALLER(%rbp)
	sub SLOT_LIBRARY_LOW(%r11), %r12
	cmp SLOT_LIBRARY_SIZE(%r11), %r12
	jb fast_unknown
	/* the cache entry of the handle */
	.if \narrow
	mov SLOT_MASK(%r11), %r12
	and \handle, %r12
	mov %r12, TOP_VALUE(%rbp)
	shr $5, %r12
	xor TOP_VALUE(%rbp), %r12
	.else
	mov \handle, TOP_VALUE(%rbp)
	mov \handle, %r12
	shr $5, %r12
	xor \handle, %r12
	.endif
	imul cache_factor(%rip), %r12
	shr $(64 - CACHE_BITS - ENTRY_SHIFT), %r12
	and CONTEXT_MASK(%rbx), %r12
	add CONTEXT_OFFSET(%rbx), %r12
	add %rbx, %r12
	.if \narrow
	mov TOP_VALUE(%rbp), %rbx
	cmp %rbx, ENTRY_VALUE(%r12)
	.else
	cmp \handle, ENTRY_VALUE(%r12)
	.endif
	jne fast_miss
	mov SLOT_CLASS(%r11), %rbx
	cmp %rbx, ENTRY_CLASS(%r12)
	jne fast_miss
	mov %r11, TOP_SLOT(%rbp)
	lea 16(%rsp), %rbx
	mov %rbx, TOP_FP(%rbp)
	mov ENTRY_GUARD(%r12), %rbx
	mov ENTRY_WORD(%r12), %r12
	mov %rbx, TOP_GUARD(%rbp)
	.if \fence
	full_fence
	.endif
	cmp (%rbx), %r12
	jne fast_changed
	.if \fence == 2
	mov hg_context@gottpoff(%rip), %r12
	mov %fs:(%r12), %r12
	mov CONTEXT_USER(%r12), %r12d
	cmp %r12d, GUARD_USER(%rbx)
	jne fast_changed
	.endif
	.if \stack == 1
	lea 16+64+15(%rsp), %r12 /* in another page than the frame? */
	xor %rsp, %r12
	cmp $4095, %r12
	ja fast_changed
	.endif
	/* rbx is the guard, r12 the end of the frame */
	mov %rbp, %r12
	lea 16(%rsp), %rbp
	.cfi_remember_state
	.cfi_def_cfa %rbp, 16
	.if \stack == 1
	/* the usual 64 bytes, which stand to 64 bytes as the original does. The ABI has these vector registers carry no
	 * argument, and no general register is free. */
	lea 16-128(%rbp), %rsp
	movups 16(%rbp), %xmm8
	movups 32(%rbp), %xmm9
	movups 48(%rbp), %xmm10
	movups 64(%rbp), %xmm11
	movups %xmm8, (%rsp)
	movups %xmm9, 16(%rsp)
	movups %xmm10, 32(%rsp)
	movups %xmm11, 48(%rsp)
	call *SLOT_REAL(%r11)
	lea -16(%rbp), %rsp
	.elseif \stack == 2
	push %r13
	push %r14
	.cfi_offset %r13, -40
	.cfi_offset %r14, -48
	copy_stack_arguments SLOT_STACK_BYTES(%r11), 1
	call *SLOT_REAL(%r11)
	mov -32(%rbp), %r14
	mov -24(%rbp), %r13
	lea -16(%rbp), %rsp
	.cfi_restore %r14
	.cfi_restore %r13
	.else
	call *SLOT_REAL(%r11)
	.endif
	mov hg_context@gottpoff(%rip), %rcx
	mov %fs:(%rcx), %rcx
	test %rcx, %rcx
	jz .Lfast_not_top_\fence
	cmp CONTEXT_TOP(%rcx), %r12
	jne .Lfast_not_top_\fence
	movq $0, TOP_GUARD(%r12)
	sub $FRAME_SIZE, %r12
	mov %r12, CONTEXT_TOP(%rcx)
	.if \fence == 1
	full_fence
	.endif
	testb $WORD_TELL, (%rbx)
	jnz .Lfast_told_\fence
	.if \fence == 2
	cmpw $0, GUARD_INSPECTING(%rbx)
	jne .Lfast_told_\fence
	testb $USER_AWAITED, GUARD_USER(%rbx)
	jnz .Lfast_told_\fence
	.endif
	.cfi_restore_state
	close_fast_frame
	ret
	.cfi_restore_state
	.cfi_endproc
	.size \name, . - \name
	.type \name, @function
	.endm

/* What the fast trampolines jump to when they must not be fast. Registers and stack are theirs. */
	.p2align 4
	.type fast_exits, @function
fast_exits:
	.cfi_startproc
	.cfi_personality 0x1b, hg_personality
	.cfi_def_cfa %rsp, 32
	.cfi_offset %rbp, -16
	.cfi_offset %rbx, -24
	.cfi_offset %r12, -32
fast_miss: /* not in the cache: take back the frame, whose end rbp is, and the count, and look whether it can be put there */
	mov TOP_VALUE(%rbp), %r12
	prefetcht0 (%r12) /* what the op will use, if the handle is an address: it comes along with what is looked up */
	mov hg_context@gottpoff(%rip), %rbx
	mov %fs:(%rbx), %rbx
	sub $FRAME_SIZE, %rbp
	mov %rbp, CONTEXT_TOP(%rbx)
	mov CONTEXT_COUNTERS(%rbx), %rbp
	add SLOT_COUNTER(%r11), %rbp
	decq (%rbp)
	.irp register, %rdi, %rsi, %rdx, %rcx, %r8, %r9, %rax, %r10, %r11
	push \register
	.cfi_adjust_cfa_offset 8
	.endr
	sub $8, %rsp
	.cfi_adjust_cfa_offset 8
	mov %rbx, %rdi
	mov SLOT_CLASS(%r11), %rsi
	mov %r12, %rdx
	call hg_remember_again
	mov %eax, %r12d
	add $8, %rsp
	.cfi_adjust_cfa_offset -8
	.irp register, %r11, %r10, %rax, %r9, %r8, %rcx, %rdx, %rsi, %rdi
	pop \register
	.cfi_adjust_cfa_offset -8
	.endr
	test %r12b, %r12b
	jz fast_pass
	close_fast_frame
	jmp *(%r11)
	.cfi_restore_state
fast_changed: /* the same, but a look would be in vain */
	movq $0, TOP_GUARD(%rbp)
fast_unknown:
	mov hg_context@gottpoff(%rip), %rbx
	mov %fs:(%rbx), %rbx
	sub $FRAME_SIZE, %rbp
	mov %rbp, CONTEXT_TOP(%rbx)
	mov CONTEXT_COUNTERS(%rbx), %r12
	add SLOT_COUNTER(%r11), %r12
	decq (%r12)
fast_pass:
	close_fast_frame
	jmp general
	.cfi_restore_state
.Lfast_told_0:
.Lfast_told_1: /* a free waits for this op */
	push %rax
	.cfi_def_cfa_offset 40
	push %rdx
	.cfi_def_cfa_offset 48
	mov %rbx, %rdi
	call hg_guard_left
	jmp 1f
.Lfast_not_top_0:
.Lfast_not_top_1: /* not this thread's topmost frame: a coroutine, or a forked child */
	.cfi_def_cfa_offset 32
	push %rax
	.cfi_def_cfa_offset 40
	push %rdx
	.cfi_def_cfa_offset 48
	lea -FRAME_SIZE(%r12), %rdi
	mov %rbx, %rsi
	call hg_fast_leave
	jmp 1f
.Lfast_told_2: /* or one that looks at it, or waits for its turn */
	.cfi_def_cfa_offset 32
	push %rax
	.cfi_def_cfa_offset 40
	push %rdx
	.cfi_def_cfa_offset 48
	xor %edi, %edi
	jmp 2f
.Lfast_not_top_2:
	.cfi_def_cfa_offset 32
	push %rax
	.cfi_def_cfa_offset 40
	push %rdx
	.cfi_def_cfa_offset 48
	lea -FRAME_SIZE(%r12), %rdi
2:	mov %rbx, %rsi
	call hg_fast_leave_alone
1:	pop %rdx
	.cfi_def_cfa_offset 40
	pop %rax
	.cfi_def_cfa_offset 32
	close_fast_frame
	ret
	.cfi_restore_state
	.cfi_endproc
	.size fast_exits, . - fast_exits

	.macro fast_trampolines narrow, stack, fence
	fast_trampoline fast_rdi_\narrow\()_\stack\()_\fence, %rdi, \narrow, \stack, \fence
	fast_trampoline fast_rsi_\narrow\()_\stack\()_\fence, %rsi, \narrow, \stack, \fence
	fast_trampoline fast_rdx_\narrow\()_\stack\()_\fence, %rdx, \narrow, \stack, \fence
	fast_trampoline fast_rcx_\narrow\()_\stack\()_\fence, %rcx, \narrow, \stack, \fence
	fast_trampoline fast_r8_\narrow\()_\stack\()_\fence, %r8, \narrow, \stack, \fence
	fast_trampoline fast_r9_\narrow\()_\stack\()_\fence, %r9, \narrow, \stack, \fence
	.endm

	.globl hg_fast_trampolines
	.hidden hg_fast_trampolines
hg_fast_trampolines:
	fast_trampolines 0, 0, 0
	fast_trampolines 0, 1, 0
	fast_trampolines 0, 2, 0
	fast_trampolines 0, 0, 1
	fast_trampolines 0, 1, 1
	fast_trampolines 0, 2, 1
	fast_trampolines 0, 0, 2
	fast_trampolines 0, 1, 2
	fast_trampolines 0, 2, 2
	fast_trampolines 1, 0, 0
	fast_trampolines 1, 1, 0
	fast_trampolines 1, 2, 0
	fast_trampolines 1, 0, 1
	fast_trampolines 1, 1, 1
	fast_trampolines 1, 2, 1
	fast_trampolines 1, 0, 2
	fast_trampolines 1, 1, 2
	fast_trampolines 1, 2, 2
	.section .rodata
	.p2align 3
cache_factor:
	.quad 0x94d049bb133111eb
	.macro fast_entry register, narrow, stack, fence
	.long fast_\register\()_\narrow\()_\stack\()_\fence - hg_fast_trampolines
	.endm
	.macro fast_entries narrow, stack, fence
	fast_entry rdi, \narrow, \stack, \fence
	fast_entry rsi, \narrow, \stack, \fence
	fast_entry rdx, \narrow, \stack, \fence
	fast_entry rcx, \narrow, \stack, \fence
	fast_entry r8, \narrow, \stack, \fence
	fast_entry r9, \narrow, \stack, \fence
	.endm
	.globl hg_fast_table
	.hidden hg_fast_table
	.p2align 3
hg_fast_table:
	fast_entries 0, 0, 0
	fast_entries 0, 1, 0
	fast_entries 0, 2, 0
	fast_entries 0, 0, 1
	fast_entries 0, 1, 1
	fast_entries 0, 2, 1
	fast_entries 0, 0, 2
	fast_entries 0, 1, 2
	fast_entries 0, 2, 2
	fast_entries 1, 0, 0
	fast_entries 1, 1, 0
	fast_entries 1, 2, 0
	fast_entries 1, 0, 1
	fast_entries 1, 1, 1
	fast_entries 1, 2, 1
	fast_entries 1, 0, 2
	fast_entries 1, 1, 2
	fast_entries 1, 2, 2
	.section hg_trampolines, "ax", @progbits

#include "arch/notes.inc"
