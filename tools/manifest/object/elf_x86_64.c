#include <dwarf.h>
#include <elf.h>
#include <string.h>

#include "manifest/object/elf_machine.h"

#ifndef GNU_PROPERTY_X86_FEATURE_1_AND
#define GNU_PROPERTY_X86_FEATURE_1_AND 0xc0000002
#endif
#define FEATURE_IBT   1
#define FEATURE_SHSTK 2

/* The displacement at `code + offset`, counted from the end of its instruction, `end` bytes from the code's start. */
static void displace(uint8_t *code, uint64_t at, unsigned offset, unsigned end, uint64_t target)
{
	int32_t displacement = (int32_t)(target - (at + end));

	memcpy(code + offset, &displacement, sizeof(displacement));
}

static void stub(uint8_t *code, uint64_t at, uint64_t slot)
{
	static const uint8_t bytes[] = {
	    0xf3, 0x0f, 0x1e, 0xfa,          /* endbr64 */
	    0x4c, 0x8d, 0x1d, 0,    0, 0, 0, /* lea slot(%rip), %r11 */
	    0x41, 0xff, 0x23,                /* jmp *(%r11) */
	};

	memcpy(code, bytes, sizeof(bytes));
	displace(code, at, 7, 11, slot);
}

static void forward(uint8_t *code, uint64_t at, uint64_t image, uint64_t got)
{
	static const uint8_t bytes[] = {
	    0xf3, 0x0f, 0x1e, 0xfa,          /* endbr64 */
	    0x4c, 0x8d, 0x1d, 0,    0, 0, 0, /* lea image(%rip), %r11 */
	    0xff, 0x25, 0,    0,    0, 0,    /* jmp *got(%rip) */
	};

	memcpy(code, bytes, sizeof(bytes));
	displace(code, at, 7, 11, image);
	displace(code, at, 13, 17, got);
}

static void start(uint8_t *code, uint64_t at, uint64_t image, uint64_t got)
{
	static const uint8_t bytes[] = {
	    0xf3, 0x0f, 0x1e, 0xfa,          /* endbr64 */
	    0x48, 0x8d, 0x3d, 0,    0, 0, 0, /* lea image(%rip), %rdi */
	    0xff, 0x25, 0,    0,    0, 0,    /* jmp *got(%rip) */
	};

	memcpy(code, bytes, sizeof(bytes));
	displace(code, at, 7, 11, image);
	displace(code, at, 13, 17, got);
}

static void thunk(uint8_t *code)
{
	static const uint8_t bytes[] = {
	    0xf3, 0x0f, 0x1e, 0xfa, /* endbr64 */
	    0x48, 0x83, 0xec, 0x08, /* sub $8, %rsp */
	    0xff, 0xd1,             /* call *%rcx */
	    0x48, 0x83, 0xc4, 0x08, /* add $8, %rsp */
	    0xc3,                   /* ret */
	};

	memcpy(code, bytes, sizeof(bytes));
}

#define RSP 7
#define RIP 16

static const uint8_t entry_rules[] = {
    DW_CFA_def_cfa,      RSP, 8, /* the caller's frame ends above the return address */
    DW_CFA_offset + RIP, 1,      /* which is 1 * 8 below that */
};

static const uint8_t thunk_rules[] = {
    DW_CFA_advance_loc + 8, DW_CFA_def_cfa_offset, 16, /* after sub */
    DW_CFA_advance_loc + 6, DW_CFA_def_cfa_offset, 8,  /* after add */
};

const struct hg_machine hg_machine_x86_64 = {
    .name = "x86_64",
    .elf_machine = EM_X86_64,
    .page_size = 4096,
    .result_address_is_argument = true,
    .absolute = R_X86_64_64,
    .glob_dat = R_X86_64_GLOB_DAT,
    .relative = R_X86_64_RELATIVE,
    .property_type = GNU_PROPERTY_X86_FEATURE_1_AND,
    .property_bits = FEATURE_IBT | FEATURE_SHSTK,
    .alignment = 16,
    .padding = 0xcc, /* int3 */
    .stub_size = 14,
    .forward_size = 17,
    .start_size = 17,
    .thunk_size = 15,
    .stub = stub,
    .forward = forward,
    .start = start,
    .thunk = thunk,
    .code_factor = 1,
    .data_factor = -8,
    .return_register = RIP,
    .entry_rules = entry_rules,
    .entry_rules_size = sizeof(entry_rules),
    .thunk_rules = thunk_rules,
    .thunk_rules_size = sizeof(thunk_rules),
};
