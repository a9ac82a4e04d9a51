#include <dwarf.h>
#include <elf.h>
#include <string.h>

#include "manifest/object/elf_machine.h"

#ifndef GNU_PROPERTY_AARCH64_FEATURE_1_AND
#define GNU_PROPERTY_AARCH64_FEATURE_1_AND 0xc0000000
#endif
#define FEATURE_BTI 1

/* Instructions with the fields for addresses and registers empty. */
#define BTI_C         0xd503245fu /* bti c */
#define ADRP          0x90000000u /* adrp xD, page */
#define ADD_IMMEDIATE 0x91000000u /* add xD, xN, #offset */
#define LOAD          0xf9400000u /* ldr xD, [xN, #offset] */
#define BR            0xd61f0000u /* br xN */

#define PAGE_BITS 12

/* The two registers that a call may change on its way. */
enum { X0 = 0, X16 = 16, X17 = 17 };

static uint8_t *put(uint8_t *code, uint32_t instruction)
{
	memcpy(code, &instruction, sizeof(instruction));
	return code + sizeof(instruction);
}

/* The distance in pages, 21 bits: the lowest two at 29, the others at 5. */
static uint32_t adrp(unsigned destination, uint64_t at, uint64_t target)
{
	uint32_t pages = (uint32_t)((target >> PAGE_BITS) - (at >> PAGE_BITS));

	return ADRP | (pages & 3) << 29 | (pages >> 2 & 0x7ffff) << 5 | destination;
}

static uint32_t offset_in_page(uint64_t target)
{
	return (uint32_t)target & ((1u << PAGE_BITS) - 1);
}

static uint32_t add(unsigned destination, unsigned source, uint64_t target)
{
	return ADD_IMMEDIATE | offset_in_page(target) << 10 | source << 5 | destination;
}

/* Of a word that lies at a multiple of its size. */
static uint32_t load(unsigned destination, unsigned source, uint64_t target)
{
	return LOAD | offset_in_page(target) / 8 << 10 | source << 5 | destination;
}

static uint32_t jump(unsigned target)
{
	return BR | target << 5;
}

static void stub(uint8_t *code, uint64_t at, uint64_t slot)
{
	code = put(code, BTI_C);
	code = put(code, adrp(X16, at + 4, slot));
	code = put(code, add(X16, X16, slot));
	code = put(code, load(X17, X16, 0));
	put(code, jump(X17));
}

static void jump_beside(uint8_t *code, uint64_t at, unsigned destination, uint64_t image, uint64_t got)
{
	code = put(code, BTI_C);
	code = put(code, adrp(destination, at + 4, image));
	code = put(code, add(destination, destination, image));
	code = put(code, adrp(X17, at + 12, got));
	code = put(code, load(X17, X17, got));
	put(code, jump(X17));
}

static void forward(uint8_t *code, uint64_t at, uint64_t image, uint64_t got)
{
	jump_beside(code, at, X16, image, got);
}

static void start(uint8_t *code, uint64_t at, uint64_t image, uint64_t got)
{
	jump_beside(code, at, X0, image, got);
}

static void thunk(uint8_t *code)
{
	static const uint32_t instructions[] = {
	    BTI_C,      0xa9bf7bfd, /* stp x29, x30, [sp, #-16]! */
	    0x910003fd,             /* mov x29, sp */
	    0xd63f0060,             /* blr x3 */
	    0xa8c17bfd,             /* ldp x29, x30, [sp], #16 */
	    0xd65f03c0,             /* ret */
	};

	memcpy(code, instructions, sizeof(instructions));
}

#define FRAME_POINTER 29
#define LINK          30
#define SP            31

static const uint8_t entry_rules[] = {
    DW_CFA_def_cfa, SP, 0, /* the caller's frame ends here; the return address is in its register */
};

/* In instructions. */
static const uint8_t thunk_rules[] = {
    DW_CFA_advance_loc + 2, /* after stp */
    DW_CFA_def_cfa_offset,  16, DW_CFA_offset + FRAME_POINTER,  2,
    DW_CFA_offset + LINK,   1,  DW_CFA_advance_loc + 3, /* after ldp */
    DW_CFA_def_cfa_offset,  0,  DW_CFA_restore + FRAME_POINTER, DW_CFA_restore + LINK,
};

const struct hg_machine hg_machine_aarch64 = {
    .name = "aarch64",
    .elf_machine = EM_AARCH64,
    .page_size = 65536,
    .absolute = R_AARCH64_ABS64,
    .glob_dat = R_AARCH64_GLOB_DAT,
    .relative = R_AARCH64_RELATIVE,
    .property_type = GNU_PROPERTY_AARCH64_FEATURE_1_AND,
    .property_bits = FEATURE_BTI,
    .alignment = 16,
    .padding = 0, /* udf */
    .stub_size = 20,
    .forward_size = 24,
    .start_size = 24,
    .thunk_size = 24,
    .stub = stub,
    .forward = forward,
    .start = start,
    .thunk = thunk,
    .code_factor = 4,
    .data_factor = -8,
    .return_register = LINK,
    .entry_rules = entry_rules,
    .entry_rules_size = sizeof(entry_rules),
    .thunk_rules = thunk_rules,
    .thunk_rules_size = sizeof(thunk_rules),
};
