/* Where arguments travel: the calling convention of x86-64 (System V), as far as it decides a manifest's numbers. */
#include "manifest/prototype/prototype.h"

enum { EIGHTBYTE = 8, INTEGER_REGISTERS = 6, REAL_REGISTERS = 8, IN_REGISTERS_AT_MOST = 2 * EIGHTBYTE };

struct layout {
	unsigned integers; /* registers that are taken */
	unsigned reals;
	unsigned
	    hidden; /* of the integer registers: the address of the result's memory, which manifests do not count */
	unsigned stack_bytes;
};

static unsigned eightbytes(const struct hg_c_type *type)
{
	return (type->bytes + EIGHTBYTE - 1) / EIGHTBYTE;
}

/* A manifest counts the stack's words on from the registers', the hidden one left out. */
static int put_on_stack(struct layout *layout, unsigned words)
{
	unsigned number = INTEGER_REGISTERS - layout->hidden + layout->stack_bytes / EIGHTBYTE;

	layout->stack_bytes += words * EIGHTBYTE;
	return (int)number;
}

static int put_record(struct layout *layout, const struct hg_c_type *type)
{
	unsigned words = eightbytes(type), reals = 0;

	for (unsigned i = 0; i < words; i++)
		reals += type->reals >> i & 1;
	if (words == 0)
		return HG_NO_NUMBER;
	if (type->bytes > IN_REGISTERS_AT_MOST || layout->reals + reals > REAL_REGISTERS ||
	    layout->integers + words - reals > INTEGER_REGISTERS)
		return put_on_stack(layout, words);
	int number = words > reals ? (int)(layout->integers - layout->hidden) : HG_NO_NUMBER;
	layout->reals += reals;
	layout->integers += words - reals;
	return number;
}

static int put(struct layout *layout, const struct hg_c_type *type)
{
	switch (type->kind) {
	case HG_C_RECORD:
		return put_record(layout, type);
	case HG_C_OTHER:
		return put_on_stack(layout, type->bytes > EIGHTBYTE ? eightbytes(type) : 1);
	case HG_C_REAL:
		if (layout->reals == REAL_REGISTERS)
			return put_on_stack(layout, 1);
		layout->reals++;
		return HG_NO_NUMBER;
	default:
		if (layout->integers == INTEGER_REGISTERS)
			return put_on_stack(layout, 1);
		return (int)(layout->integers++ - layout->hidden);
	}
}

void hg_prototype_lay_out(struct hg_prototype *prototype)
{
	struct layout layout = {0};

	if (prototype->returns->kind == HG_C_RECORD && prototype->returns->bytes > IN_REGISTERS_AT_MOST) {
		prototype->sret_bytes = prototype->returns->bytes;
		layout.integers = layout.hidden = 1;
	}
	for (size_t i = 0; i < prototype->parameter_count; i++)
		prototype->parameters[i].number = put(&layout, prototype->parameters[i].type);
	prototype->stack_bytes = layout.stack_bytes;
}
