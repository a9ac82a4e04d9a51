/* Everything that a processor holds when a function is entered or left; read by C and by the assembler.
 *
 * abi_call makes a call with every register set and notes what it came back with; probes are functions of the library
 * that note what they were entered with. */
#ifndef ABI_REGISTERS_H
#define ABI_REGISTERS_H

/* Their manifest entries are in common.yaml. */
#define ABI_PROBES(X)                                                                                                  \
	X(probe_op_0)                                                                                                  \
	X(probe_op_1)                                                                                                  \
	X(probe_op_2)                                                                                                  \
	X(probe_op_3)                                                                                                  \
	X(probe_op_4)                                                                                                  \
	X(probe_op_5)                                                                                                  \
	X(probe_stack_0)                                                                                               \
	X(probe_stack_1)                                                                                               \
	X(probe_stack_2)                                                                                               \
	X(probe_stack_3)                                                                                               \
	X(probe_stack_4)                                                                                               \
	X(probe_stack_5)                                                                                               \
	X(probe_handle_on_stack)                                                                                       \
	X(probe_two)                                                                                                   \
	X(probe_narrow)                                                                                                \
	X(probe_narrow_stack)                                                                                          \
	X(probe_allowed)                                                                                               \
	X(probe_deferring)                                                                                             \
	X(probe_create)                                                                                                \
	X(probe_free)                                                                                                  \
	X(probe_deferred)                                                                                              \
	X(probe_ends)                                                                                                  \
	X(probe_turn)                                                                                                  \
	X(probe_turn_held)

#define ABI_STACK_WORDS 32

/* Offsets in struct abi_registers. */
#define ABI_AT_FLAGS   128
#define ABI_AT_MXCSR   136
#define ABI_AT_X87     140
#define ABI_AT_MASKS   144
#define ABI_AT_VECTORS 256
#define ABI_AT_LEGACY  2304
#define ABI_AT_STACK   2816
#define ABI_SIZE       3072

#ifndef __ASSEMBLER__

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

/* The order in which x86-64 numbers them. */
enum abi_general { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15, ABI_GENERAL };

enum abi_vectors { ABI_SSE, ABI_AVX, ABI_AVX512 };

/* What fxsave stores. */
struct abi_legacy {
	uint16_t control, status;
	uint8_t tags, unused; /* a bit for each x87 register in use, as they lie in the processor */
	uint16_t opcode;
	uint64_t instruction, data;
	uint32_t mxcsr, mxcsr_mask;
	uint8_t x87[8][16]; /* from the top of its stack */
	uint8_t xmm[16][16];
	uint8_t reserved[96];
};

struct abi_registers {
	uint64_t general[ABI_GENERAL];
	uint64_t flags;
	uint32_t mxcsr;
	uint16_t x87_control, unused;
	uint64_t masks[8];
	uint64_t unused2[6];
	_Alignas(64) uint8_t vectors[32][64];
	struct abi_legacy legacy;
	uint64_t stack[ABI_STACK_WORDS]; /* arguments */
};

static_assert(offsetof(struct abi_registers, flags) == ABI_AT_FLAGS, "the assembler knows it");
static_assert(offsetof(struct abi_registers, mxcsr) == ABI_AT_MXCSR, "the assembler knows it");
static_assert(offsetof(struct abi_registers, x87_control) == ABI_AT_X87, "the assembler knows it");
static_assert(offsetof(struct abi_registers, masks) == ABI_AT_MASKS, "the assembler knows it");
static_assert(offsetof(struct abi_registers, vectors) == ABI_AT_VECTORS, "the assembler knows it");
static_assert(offsetof(struct abi_registers, legacy) == ABI_AT_LEGACY, "the assembler knows it");
static_assert(offsetof(struct abi_registers, stack) == ABI_AT_STACK, "the assembler knows it");
static_assert(sizeof(struct abi_registers) == ABI_SIZE, "the assembler knows it");

typedef void abi_function(void);

/* How wide vectors are; the library and its test have one each. */
extern int abi_vector_level __attribute__((visibility("hidden")));

/* Calls with these registers; `out` gets what it came back with. */
void abi_call(abi_function *function, const struct abi_registers *in, struct abi_registers *out)
    __attribute__((visibility("hidden")));

/* The same from within the library: what it calls there is its own business. */
void abi_call_inside(abi_function *function, const struct abi_registers *in, struct abi_registers *out);

/* What each probe was last entered with, in the order of ABI_PROBES. */
extern struct abi_registers *const abi_noted[];

/* What probes return in registers from now on: rax, rdx, vectors 0 and 1, x87 0 and 1. */
void abi_probes_return(const struct abi_registers *results);

#define ABI_DECLARE(name) abi_function name, name##_inside;
ABI_PROBES(ABI_DECLARE)

#endif
#endif
