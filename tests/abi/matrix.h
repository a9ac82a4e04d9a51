/* One generated function, and how to call it past the shim and through it. */
#ifndef ABI_MATRIX_H
#define ABI_MATRIX_H

#include <errno.h>

#include "handles.h"
#include "values.h"

enum { ABI_ARGUMENTS_SIZE = 2304, ABI_RESULT_SIZE = 128 };

enum abi_role { ABI_OP, ABI_OP_TWO, ABI_OP_AT, ABI_OP_ALLOWED, ABI_FREE, ABI_CREATE, ABI_CREATE_OUT };
enum abi_isa { ABI_ISA_BASE, ABI_ISA_AVX, ABI_ISA_AVX512 };

struct abi_field {
	uint16_t offset; /* in the structure that holds a case's arguments */
	const struct abi_leaf *leaves;
};

struct abi_case {
	const char *name;
	void (*call)(bool bare, const void *arguments, void *result);
	const struct abi_field *fields; /* ends with leaves NULL */
	const struct abi_leaf *result;  /* NULL: returns nothing */
	enum abi_role role;
	enum abi_class handle_class;
	int handle; /* offset of the handle, or of its address; -1: none */
	bool puts;  /* has an out-argument for a handle */
	/* What it returns when it is rejected: as many bytes of the result are sure. */
	unsigned reject_size;
	int reject_errno; /* 0: left alone */
	uint64_t reject;
};

struct abi_part {
	const struct abi_case *cases;
	unsigned count;
	enum abi_isa isa;
};

#endif
