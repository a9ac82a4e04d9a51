#include "report/describe/user_frame.h"

#include <string.h>

#include "report/describe/origin.h"

const struct hg_resolved_frame *hg_user_frame(const struct hg_resolved_stack *stack)
{
	for (size_t i = 0; i < stack->told_count; i++)
		if (stack->told[i].file && stack->told[i].line > 0) /* a native method of Java's has no line */
			return &stack->told[i];
	if (stack->told_count > 0)
		return &stack->told[0];
	for (size_t i = 0; i < stack->count; i++)
		if (stack->frames[i].file && !hg_is_ground(&stack->frames[i]))
			return &stack->frames[i];
	return stack->count > 0 ? &stack->frames[0] : NULL;
}

const struct hg_resolved_frame *hg_user_caller(const struct hg_resolved_stack *stack)
{
	const struct hg_resolved_frame *first = hg_user_frame(stack), *found = NULL;

	for (size_t i = 1; i < stack->told_count && !(found && hg_is_installed(first)); i++)
		if (!hg_is_installed(&stack->told[i]))
			found = &stack->told[i];
	return found && first->file && strcmp(found->file, first->file) != 0 ? found : NULL;
}
