/* dlopen and dlmopen of the program (r11 = the image of the preload object whose stub was called): the runtime makes the
 * call, or leaves it to a jump (dlopen.c). */
#define LOAD_NAME   0
#define LOAD_FLAGS  8
#define LOAD_FRAME  16
#define LOAD_CALLER 24
#define LOAD_RESULT 32
#define LOAD_SIZE   48

	.text
	.macro begin_load
	.cfi_startproc
	endbr64
	push %rbp
	.cfi_def_cfa_offset 16
	.cfi_offset %rbp, -16
	mov %rsp, %rbp
	.cfi_def_cfa_register %rbp
	push %rdi
	push %rdx
	sub $LOAD_SIZE, %rsp
	lea 16(%rbp), %rax
	mov %rax, LOAD_FRAME(%rsp)
	mov 8(%rbp), %rax
	mov %rax, LOAD_CALLER(%rsp)
	.endm

	.macro end_load real
	mov LOAD_RESULT(%rsp), %rcx
	test %al, %al
	mov -8(%rbp), %rdi
	mov -16(%rbp), %rdx
	mov %rcx, %rax
	leave
	.cfi_remember_state
	.cfi_def_cfa %rsp, 8
	.cfi_restore %rbp
	jz 1f
	ret
1:	mov \real(%rip), %r11
	jmp *%r11
	.cfi_restore_state
	.cfi_endproc
	.endm

	.globl hg_dlopen
	.type hg_dlopen, @function
	.p2align 4
hg_dlopen:
	begin_load
	mov %rdi, LOAD_NAME(%rsp)
	mov %rsi, LOAD_FLAGS(%rsp)
	mov %rsp, %rdi
	call hg_load
	mov LOAD_FLAGS(%rsp), %rsi
	end_load hg_real_dlopen
	.size hg_dlopen, . - hg_dlopen

	.globl hg_dlmopen
	.type hg_dlmopen, @function
	.p2align 4
hg_dlmopen:
	begin_load
	mov %rsi, LOAD_NAME(%rsp)
	mov %rdx, LOAD_FLAGS(%rsp)
	mov %rdi, %rsi
	mov %rsp, %rdi
	call hg_load_into
	mov LOAD_NAME(%rsp), %rsi
	end_load hg_real_dlmopen
	.size hg_dlmopen, . - hg_dlmopen

#include "arch/notes.inc"
