/* The demanglers are libiberty's, which the compilers and binutils use. */
#include "report/symbols/demangle.h"

#include <libiberty/demangle.h>
#include <stdlib.h>
#include <string.h>

const char *hg_demangle(struct hg_model *model, const char *name)
{
	/* Rust's older names look like C++'s, but for the hash at their end, which is left out. */
	char *readable = rust_demangle(name, 0);

	if (!readable && strncmp(name, "_Z", 2) == 0)
		readable = cplus_demangle_v3(name, DMGL_PARAMS | DMGL_ANSI | DMGL_TYPES);
	if (!readable)
		return name;
	const char *kept = hg_model_string(model, readable);
	free(readable);
	return kept;
}
