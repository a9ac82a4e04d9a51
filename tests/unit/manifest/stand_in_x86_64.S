/* The parts of the stand-in runtime that must see registers as they arrive. */
	.text

	.globl hg_trampoline
	.type hg_trampoline, @function
hg_trampoline:
	.cfi_startproc
	endbr64
	mov %rdi, 0+hg_seen(%rip)
	mov %rsi, 8+hg_seen(%rip)
	mov %rdx, 16+hg_seen(%rip)
	mov %rcx, 24+hg_seen(%rip)
	mov %r8, 32+hg_seen(%rip)
	mov %r9, 40+hg_seen(%rip)
	mov %rax, 48+hg_seen(%rip)
	mov %r10, 56+hg_seen(%rip)
	mov %r11, 64+hg_seen(%rip)
	mov %rsp, 72+hg_seen(%rip)
	movups %xmm0, 80+hg_seen(%rip)
	movups %xmm1, 96+hg_seen(%rip)
	movups %xmm2, 112+hg_seen(%rip)
	movups %xmm3, 128+hg_seen(%rip)
	movups %xmm4, 144+hg_seen(%rip)
	movups %xmm5, 160+hg_seen(%rip)
	movups %xmm6, 176+hg_seen(%rip)
	movups %xmm7, 192+hg_seen(%rip)
	mov $0x5eed, %eax
	ret
	.cfi_endproc
	.size hg_trampoline, . - hg_trampoline

	.globl hg_dlsym
	.type hg_dlsym, @function
hg_dlsym:
	.cfi_startproc
	endbr64
	incq 240+hg_seen(%rip)
	jmp note
	.cfi_endproc
	.size hg_dlsym, . - hg_dlsym

	.globl hg_dlvsym
	.type hg_dlvsym, @function
hg_dlvsym:
	.cfi_startproc
	endbr64
	incq 248+hg_seen(%rip)
note:
	mov %r11, 208+hg_seen(%rip)
	mov %rdi, 216+hg_seen(%rip)
	mov %rsi, 224+hg_seen(%rip)
	mov %rdx, 232+hg_seen(%rip)
	mov %r11, %rax
	ret
	.cfi_endproc
	.size hg_dlvsym, . - hg_dlvsym

	.irp name, hg_longjmp, hg__longjmp, hg_siglongjmp, hg___longjmp_chk, hg_dlopen, hg_dlmopen, hg_dlclose, hg_execve, hg_execv, \
		hg_execvp, hg_execvpe, hg_execl, hg_execlp, hg_execle, hg_fexecve, hg_execveat, hg_posix_spawn, hg_posix_spawnp, \
		hg_system, hg_popen, hg_pthread_create, hg_thrd_create
	.globl \name
	.type \name, @function
\name:
	.cfi_startproc
	endbr64
	jmp note
	.cfi_endproc
	.size \name, . - \name
	.endr

	.section .note.GNU-stack,"",@progbits
