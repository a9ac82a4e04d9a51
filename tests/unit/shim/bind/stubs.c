#include "stubs.h"

#include "bind/bindings.h"
#include "bind/resolve.h"
#include "bind/slots.h"
#include "dynlink/at_start.h"
#include "loaded.h"

#define MANIFEST                                                                                                       \
	"classes: {thing: }\n"                                                                                         \
	"functions:\n"                                                                                                 \
	"  thing_which: {op: {thing: 0}}\n"                                                                            \
	"  thing_twice: {op: {thing: 0}}\n"                                                                            \
	"  thing_free: {free: {thing: 0}}\n"                                                                           \
	"  thing_none: {op: {thing: 0}}\n"

struct hg_slot *stubs_which, *stubs_twice, *stubs_free;
const void *stubs_real(uint64_t slot, const void *caller);
extern const char stubs_forward[];

/* What the trampoline calls. */
const void *stubs_real(uint64_t slot, const void *caller)
{
	struct hg_slot *called = (struct hg_slot *)(slot & ~HG_CALLED_INSIDE);
	if (!(slot & HG_CALLED_INSIDE))
		called = hg_resolve(called, caller);
	ck_assert_ptr_nonnull(called);
	return called->real;
}

#define STUB(name, slot)                                                                                               \
	__asm__(".text\n.globl " name "\n.type " name ", @function\n" name ":\n"                                       \
	        "endbr64\nmov " slot "(%rip), %r11\njmp *(%r11)\n.size " name ", . - " name)
STUB("thing_which", "stubs_which");
STUB("thing_twice", "stubs_twice");
STUB("thing_free", "stubs_free");

/* At its entry the return address is on top, and r11 the slot. */
__asm__(".globl stubs_forward\n.type stubs_forward, @function\nstubs_forward:\n"
        "endbr64\npush %r11\nmov %r11, %rdi\nmov 8(%rsp), %rsi\ncall stubs_real\npop %r11\njmp *%rax\n"
        ".size stubs_forward, . - stubs_forward");

static void lead_to_trampoline(struct hg_slot *slot)
{
	slot->entry = (void *)(uintptr_t)stubs_forward;
}

void start_stubs(void)
{
	hg_slot_on_change = lead_to_trampoline;
	start_guarded(MANIFEST);
	hg_note_loaded_at_start();
	stubs_which = function("thing_which");
	stubs_twice = function("thing_twice");
	stubs_free = function("thing_free");
	lead_to_trampoline(stubs_which);
	lead_to_trampoline(stubs_twice);
	lead_to_trampoline(stubs_free);
	hg_bindings_update(NULL, 0, 0);
}

void *load_seen(const char *name, int flags)
{
	void *handle = load(name, flags);
	hg_bindings_update(handle, flags, 0);
	return handle;
}
