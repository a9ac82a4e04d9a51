/* What is known of a library's functions besides their names: results and parameters. */
#ifndef HG_MANIFEST_PROTOTYPE_PROTOTYPE_H
#define HG_MANIFEST_PROTOTYPE_PROTOTYPE_H

#include <stddef.h>
#include <uthash.h>

#include "manifest/prototype/c_type.h"

#define HG_NO_NUMBER (-1) /* of an argument: it travels in a floating-point register, or is empty */

struct hg_c_parameter {
	char *name; /* null: it has none */
	struct hg_c_type *type;
	int number; /* by which a manifest names it */
};

struct hg_prototype {
	char *name;
	char *place; /* FILE:LINE of the declaration */
	struct hg_c_type *returns;
	struct hg_c_parameter *parameters;
	size_t parameter_count;
	bool is_variadic;
	unsigned stack_bytes; /* of what is named; what a variadic function is given besides is not counted */
	unsigned sret_bytes;  /* of a struct that is returned in memory; 0: none is */
	UT_hash_handle hh;
};

/* By name, in the order of the source. */
struct hg_prototypes {
	struct hg_prototype *table;
};

/* Adds one of that name, empty; null if there is one already. */
struct hg_prototype *hg_prototype_add(struct hg_prototypes *prototypes, const char *name);
const struct hg_prototype *hg_prototype_find(const struct hg_prototypes *prototypes, const char *name);
void hg_prototypes_drop(struct hg_prototypes *prototypes);

/* Numbers the arguments, and counts what travels on the stack, as x86-64 has it: so do manifests. */
void hg_prototype_lay_out(struct hg_prototype *prototype);

/* The parameter that a manifest's number means; null: there is none. */
const struct hg_c_parameter *hg_prototype_argument(const struct hg_prototype *prototype, unsigned number);

#endif
