/* Whether what the manifest says of each function is what the header says: arguments, result, bytes on the stack. */
#include <string.h>

#include "manifest/check/faults.h"
#include "manifest/check/handle_types.h"
#include "manifest/model/value.h"

enum { STACK_PRESET = 64 }; /* of functions that say nothing, and enough for most calls with variable arguments */

struct look {
	const struct hg_checked *checked;
	struct hg_faults *faults;
	const struct hg_handle_types *types;
	const struct hg_manifest_function *function;
	const struct hg_prototype *prototype;
};

static void check_identity(const struct look *look, uint32_t class_index, const char *identity, int argument)
{
	const struct hg_manifest_class *class = &look->checked->manifest->classes[class_index];
	const char *meant = look->types->names[class_index];

	if (!identity || !meant || hg_class_has_type(look->types, class_index, identity) ||
	    hg_manifest_leaves_out(look->checked->manifest, look->function->name, argument))
		return;
	hg_fault(look->faults, HG_CHECK_ARGUMENT, look->function->mark,
	         "%s has a '%s' where the manifest says class '%s', whose handles are '%s' elsewhere (%s)",
	         look->function->name, identity, class->name, meant, look->prototype->place);
}

/* A handle that the function is given, or the address of one, must be able to be one. */
static void check_argument(const struct look *look, uint32_t class_index, unsigned number, bool indirect)
{
	const struct hg_manifest_class *class = &look->checked->manifest->classes[class_index];
	const struct hg_c_parameter *parameter = hg_prototype_argument(look->prototype, number);

	if (!parameter) {
		if (!look->prototype->is_variadic)
			hg_fault(look->faults, HG_CHECK_ARGUMENT, look->function->mark,
			         "%s has no argument %u (%s); count from 0, without floating-point numbers",
			         look->function->name, number, look->prototype->place);
		return;
	}
	const struct hg_c_type *type = parameter->type;
	if (indirect && type->kind == HG_C_POINTER)
		type = type->to;
	else if (indirect)
		type = NULL;
	bool fits = type && (class->type == HG_TYPE_POINTER
	                         ? type->kind == HG_C_POINTER || type->kind == HG_C_VOID || type->bytes == 8
	                         : type->kind == HG_C_VOID || type->bytes == hg_type_width(class->type));
	if (!fits)
		hg_fault(look->faults, HG_CHECK_ARGUMENT, look->function->mark,
		         "argument %u of %s is '%s', which cannot be %s of class '%s' (%s)", number,
		         look->function->name, parameter->type->spelling,
		         indirect ? "the address of a handle" : "a handle", class->name, look->prototype->place);
}

static void check_handles(const struct look *look)
{
	const struct hg_manifest_function *function = look->function;

	for (size_t i = 0; i < function->use_count; i++) {
		const struct hg_image_use *use = &function->uses[i];
		if (use->all || use->stride || use->indirect >= HG_INDIRECT_STRUCT)
			continue;
		check_argument(look, use->class_index, use->argument, use->indirect == HG_INDIRECT);
		if (!use->choice.argument)
			check_identity(look, use->class_index, hg_use_identity(look->prototype, use), use->argument);
	}
	for (size_t i = 0; i < function->make_count; i++) {
		const struct hg_image_make *make = &function->makes[i];
		if (!make->from_return && make->place.indirect < HG_INDIRECT_STRUCT)
			check_argument(look, make->class_index, make->place.argument, make->place.indirect);
		if (!make->choice.argument)
			check_identity(look, make->class_index, hg_make_identity(look->prototype, make), -1);
	}
}

/* An enumeration is as good as an int. */
static bool same_result(const struct hg_c_type *type, enum hg_type said)
{
	enum hg_type real = hg_c_as_result(type);

	return said == real || (type->kind == HG_C_INTEGER && type->name && hg_type_width(said) == type->bytes) ||
	       (real == HG_TYPE_POINTER && (said == HG_TYPE_I64 || said == HG_TYPE_U64));
}

/* What a newer version says of a failure nobody looks at in one that returns nothing. Without a value of the function's
 * own it is more likely that somebody forgot to say `void`. */
static bool returns_nothing_yet(const struct look *look)
{
	return hg_c_as_result(look->prototype->returns) == HG_TYPE_VOID && look->function->reject_from == HG_REJECT_OWN;
}

static void check_result(const struct look *look)
{
	const struct hg_manifest_function *function = look->function;
	const struct hg_prototype *prototype = look->prototype;
	bool in_memory = prototype->sret_bytes != 0;

	if (in_memory != function->sret) {
		hg_fault(look->faults, HG_CHECK_RESULT, function->mark,
		         in_memory
		             ? "%s returns '%s' in memory; say 'sret: %u' (%s)"
		             : "%s returns '%s', which does not come back in memory (%u bytes); leave 'sret' out (%s)",
		         function->name, prototype->returns->spelling, prototype->returns->bytes, prototype->place);
		return;
	}
	if (in_memory && function->sret_bytes && function->sret_bytes != prototype->sret_bytes)
		hg_fault(look->faults, HG_CHECK_RESULT, function->mark, "%s returns %u bytes in memory, not %u (%s)",
		         function->name, prototype->sret_bytes, function->sret_bytes, prototype->place);
	if (!in_memory && prototype->returns->kind != HG_C_OTHER &&
	    !same_result(prototype->returns, function->returns) && !returns_nothing_yet(look))
		hg_fault(look->faults, HG_CHECK_RESULT, function->mark,
		         "%s returns '%s'; say 'returns: %s', not %s (%s)", function->name,
		         prototype->returns->spelling, hg_type_name(hg_c_as_result(prototype->returns)),
		         hg_type_name(function->returns), prototype->place);
}

static void check_stack(const struct look *look)
{
	const struct hg_manifest_function *function = look->function;
	unsigned needed = look->prototype->stack_bytes;

	if (look->prototype->is_variadic && needed < STACK_PRESET)
		needed = STACK_PRESET;
	bool may_be_more = look->prototype->is_variadic || function->stack_bytes == STACK_PRESET;
	if (function->stack_bytes == needed || (function->stack_bytes > needed && may_be_more))
		return;
	hg_fault(look->faults, HG_CHECK_STACK, function->mark, "%s needs 'stack_bytes: %u'%s, not %u (%s)",
	         function->name, needed, look->prototype->is_variadic ? " for its variable arguments" : "",
	         function->stack_bytes, look->prototype->place);
}

/* And nothing more: the manifest says nothing of its arguments and its result. */
static bool hands_out_a_table(const struct hg_manifest_function *function)
{
	return !function->use_count && !function->make_count;
}

void hg_check_types(const struct hg_checked *checked, struct hg_faults *faults)
{
	struct hg_handle_types types;
	struct look look = {.checked = checked, .faults = faults, .types = &types};

	hg_handle_types_find(&types, checked);
	for (size_t i = 0; i < checked->manifest->function_count; i++) {
		look.function = &checked->manifest->functions[i];
		look.prototype = hg_prototype_find(checked->prototypes, look.function->name);
		if (!look.prototype || hands_out_a_table(look.function))
			continue;
		check_handles(&look);
		check_result(&look);
		check_stack(&look);
	}
	hg_handle_types_drop(&types);
}
