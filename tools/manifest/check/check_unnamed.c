/* What the library has and the manifest does not name: functions that take or hand out a handle, and what is named like
 * a free. A function that is missed is how the bug comes back. */
#include <string.h>

#include "manifest/check/faults.h"
#include "manifest/check/handle_types.h"
#include "manifest/prototype/words.h"

static const char *type_behind(const struct hg_c_type *type, bool *direct)
{
	const char *identity = hg_c_identity(type);

	*direct = identity;
	return identity || type->kind != HG_C_POINTER ? identity : hg_c_identity(type->to);
}

/* ---- Functions that are not named ---- */

static bool takes_handle(const struct hg_checked *checked, const struct hg_handle_types *types,
                         const struct hg_prototype *prototype, struct hg_faults *faults)
{
	const struct hg_manifest *manifest = checked->manifest;
	bool direct;

	for (size_t i = 0; i < prototype->parameter_count; i++) {
		const struct hg_c_type *type = prototype->parameters[i].type;
		uint32_t class = hg_class_of_type(types, type_behind(type, &direct));
		if (class == HG_NONE ||
		    hg_manifest_leaves_out(manifest, prototype->name, prototype->parameters[i].number))
			continue;
		hg_fault(faults, HG_CHECK_UNNAMED, manifest->functions_mark,
		         "the manifest does not name %s, whose argument %d is %s of class '%s' (%s); name it, or say "
		         "under 'unguarded' why not",
		         prototype->name, prototype->parameters[i].number,
		         direct ? "a handle" : "the address of a handle", manifest->classes[class].name,
		         prototype->place);
		return true;
	}
	uint32_t class = hg_class_of_type(types, type_behind(prototype->returns, &direct));
	if (class == HG_NONE || !direct)
		return false;
	hg_fault(faults, HG_CHECK_UNNAMED, manifest->functions_mark,
	         "the manifest does not name %s, which returns a handle of class '%s' (%s); name it, or say under "
	         "'unguarded' why not",
	         prototype->name, manifest->classes[class].name, prototype->place);
	return true;
}

static void check_free(const struct hg_checked *checked, const char *name, const struct hg_prototype *prototype,
                       struct hg_faults *faults)
{
	if (prototype ? !hg_looks_like_free(prototype) : !hg_names_free(name))
		return;
	if (prototype)
		hg_fault(
		    faults, HG_CHECK_UNNAMED_FREE, checked->manifest->functions_mark,
		    "%s is named like a free of '%s', which is no class of the manifest (%s); add the class, or say "
		    "under 'unguarded' why not",
		    name, prototype->parameters[0].type->spelling, prototype->place);
	else
		hg_fault(
		    faults, HG_CHECK_UNNAMED_FREE, checked->manifest->functions_mark,
		    "%s is named like a free, and the manifest does not name it; name it, or say under 'unguarded' why "
		    "not",
		    name);
}

/* ---- Arguments of functions that are named ---- */

static bool is_said(const struct hg_manifest_function *function, unsigned number)
{
	for (size_t i = 0; i < function->use_count; i++)
		if (function->uses[i].argument == number)
			return true;
	for (size_t i = 0; i < function->make_count; i++)
		if (!function->makes[i].from_return && function->makes[i].place.argument == number)
			return true;
	return false;
}

static void check_arguments(const struct hg_checked *checked, const struct hg_handle_types *types,
                            const struct hg_manifest_function *function, const struct hg_prototype *prototype,
                            struct hg_faults *faults)
{
	for (size_t i = 0; i < prototype->parameter_count; i++) {
		const struct hg_c_parameter *parameter = &prototype->parameters[i];
		uint32_t class = hg_class_of_type(types, hg_c_identity(parameter->type));
		if (class == HG_NONE || parameter->number < 0 || is_said(function, (unsigned)parameter->number) ||
		    hg_manifest_leaves_out(checked->manifest, function->name, parameter->number))
			continue;
		hg_fault(
		    faults, HG_CHECK_UNNAMED_ARGUMENT, function->mark,
		    "argument %d of %s is a handle of class '%s' too (%s); say so, or write %s.%d under 'unguarded'",
		    parameter->number, function->name, checked->manifest->classes[class].name, prototype->place,
		    function->name, parameter->number);
	}
}

static void check_one(const struct hg_checked *checked, const struct hg_handle_types *types, const char *name,
                      struct hg_faults *faults)
{
	const struct hg_manifest_function *function = hg_function_named(checked->manifest, name);
	const struct hg_prototype *prototype =
	    checked->prototypes ? hg_prototype_find(checked->prototypes, name) : NULL;
	bool is_left_out = hg_manifest_leaves_out(checked->manifest, name, -1);

	if (function && is_left_out)
		hg_fault(faults, HG_CHECK_EXCUSE, function->mark, "%s is named here and under 'unguarded'", name);
	if (is_left_out)
		return;
	if (function && prototype)
		check_arguments(checked, types, function, prototype, faults);
	if (function || (checked->prototypes && !prototype))
		return; /* what no header declares, nobody can call by a header */
	if (!prototype || !takes_handle(checked, types, prototype, faults))
		check_free(checked, name, prototype, faults);
}

static bool is_native(const char *name)
{
	return strncmp(name, "Java_", strlen("Java_")) == 0;
}

/* What is exported beside native methods of Java is for nobody: libraries of these often hide nothing. */
static bool names_natives_alone(const struct hg_manifest *manifest)
{
	size_t i = 0;

	while (i < manifest->function_count && is_native(manifest->functions[i].name))
		i++;
	return i == manifest->function_count;
}

void hg_check_unnamed(const struct hg_checked *checked, struct hg_faults *faults)
{
	struct hg_handle_types types = {0};
	bool natives_alone = names_natives_alone(checked->manifest);

	if (checked->prototypes)
		hg_handle_types_find(&types, checked);
	for (size_t i = 0; i < checked->exports->count; i++)
		if (!natives_alone || is_native(checked->exports->names[i]))
			check_one(checked, &types, checked->exports->names[i], faults);
	hg_handle_types_drop(&types);
}
