/* The parts of one x86-64 instruction. */
#ifndef HG_PARTS_X86_64_H
#define HG_PARTS_X86_64_H

#include <stdbool.h>
#include <stdint.h>

struct hg_parts {
	unsigned length;
	unsigned map;         /* of operation codes: 0, 1 (0F), 2 (0F 38), 3 (0F 3A), 5, 6 */
	unsigned code;        /* in that map */
	unsigned repeat;      /* F2, F3, 0; of a vector one what stands for it */
	unsigned reg;         /* the operand that is a register, or the number of an operation */
	unsigned base, index; /* the other operand: registers or HG_NO_REGISTER; of a register the base is it */
	unsigned shift;       /* of the index */
	unsigned second;      /* a third operand, of vector ones */
	unsigned opcode_register;
	uint64_t offset;   /* with what the instruction pointer adds */
	uint64_t number;   /* the immediate operand, with its sign */
	bool has_operands; /* the ones above */
	bool is_register;  /* the other one is in a register, not in memory */
	bool wide, narrow; /* 64 bits; 16 bits */
	bool extended;     /* there is a REX prefix */
	bool segment;      /* FS or GS */
	bool short_address;
	bool by_place;  /* the address counts from the end of the instruction */
	bool is_vector; /* VEX or EVEX */
};

/* False: it is no instruction that is known, or it does not end before `high`. */
bool hg_read_parts(uint64_t at, uint64_t high, struct hg_parts *parts);

#endif
