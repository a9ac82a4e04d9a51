/* Everything that the processor holds when a function is entered or left; read by C and by the assembler. */
#ifndef REGISTERS_H
#define REGISTERS_H

/* Offsets in struct registers. */
#define AT_STATE       256 /* fpcr, fpsr */
#define AT_SCALABLE    272
#define AT_STACK       320
#define AT_VECTORS     384
#define AT_PREDICATES  8576
#define STACK_WORDS    8
#define VECTOR_SIZE    256 /* the longest that there can be */
#define PREDICATE_SIZE 32

#ifndef __ASSEMBLER__

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

struct registers {
	uint64_t x[32]; /* the last is the stack pointer */
	uint64_t fpcr, fpsr;
	uint64_t scalable; /* bytes of a vector; 16: no scalable ones, only the first 16 of each */
	uint64_t unused[5];
	uint64_t stack[STACK_WORDS]; /* arguments */
	uint8_t z[32][VECTOR_SIZE];
	uint8_t p[16][PREDICATE_SIZE];
};

static_assert(offsetof(struct registers, fpcr) == AT_STATE, "the assembler knows it");
static_assert(offsetof(struct registers, scalable) == AT_SCALABLE, "the assembler knows it");
static_assert(offsetof(struct registers, stack) == AT_STACK, "the assembler knows it");
static_assert(offsetof(struct registers, z) == AT_VECTORS, "the assembler knows it");
static_assert(offsetof(struct registers, p) == AT_PREDICATES, "the assembler knows it");

/* Calls with these registers; `out` gets what it came back with. */
void call_with(void *function, const struct registers *in, struct registers *out);

/* Bytes of a scalable vector. Only where there are such. */
uint64_t scalable_size(void);

/* What the latest probe was entered with, and what all probes return: x0, x1, and the vectors. */
extern struct registers probe_seen, probe_answer;
extern uint64_t probe_calls;

/* Handles stand in the argument that the name says; `_stacked` hands eight words on the stack on. */
#define PROBES(X)                                                                                                      \
	X(probe_0)                                                                                                     \
	X(probe_1)                                                                                                     \
	X(probe_2)                                                                                                     \
	X(probe_3)                                                                                                     \
	X(probe_4)                                                                                                     \
	X(probe_5)                                                                                                     \
	X(probe_6)                                                                                                     \
	X(probe_7)                                                                                                     \
	X(probe_0_stacked)                                                                                             \
	X(probe_7_stacked)                                                                                             \
	X(probe_8)                                                                                                     \
	X(probe_two)                                                                                                   \
	X(probe_allowed)                                                                                               \
	X(probe_free)                                                                                                  \
	X(probe_create)

#define DECLARE(name) void name(void);
PROBES(DECLARE)

#endif
#endif
