/* Stacks of the text report: the user's own frames first, and of C's those that say more. */
#include <fnmatch.h>
#include <inttypes.h>

#include "common/files.h"
#include "report/describe/origin.h"
#include "report/describe/short_name.h"
#include "report/describe/user_frame.h"
#include "report/print/print.h"

struct stack {
	FILE *out;
	struct hg_model *model;
	const struct hg_paint *colours;
	const struct hg_resolved_stack *stack;
	int indent;
	bool full;
};

static void print_name(const struct stack *stack, const struct hg_resolved_frame *frame)
{
	const char *name = stack->full ? frame->function : hg_short_name(stack->model, frame);

	if (name)
		fprintf(stack->out, "%s%s%s", hg_paint(stack->colours, HG_BOLD), name,
		        hg_paint(stack->colours, HG_PLAIN));
	else
		fprintf(stack->out, "0x%" PRIx64, frame->pc);
	if (frame->file)
		fprintf(stack->out, " %s %s", frame->begins ? "in" : "at", frame->file);
	if (frame->file && frame->line)
		fprintf(stack->out, "%s%d", frame->begins ? " from line " : ":", frame->line);
}

static void print_frame(const struct stack *stack, const struct hg_resolved_frame *frame, size_t number)
{
	fprintf(stack->out, "%*s#%-2zu ", stack->indent, "", number);
	print_name(stack, frame);
	if (frame->inlined)
		fputs(" (inlined)", stack->out);
	else if (frame->object[0] != '\0' && !frame->file)
		fprintf(stack->out, " in %s+0x%" PRIx64, frame->object, frame->offset);
	else if (frame->object[0] != '\0')
		fprintf(stack->out, " %s(%s)%s", hg_paint(stack->colours, HG_FAINT), hg_base_name(frame->object),
		        hg_paint(stack->colours, HG_PLAIN));
	fputc('\n', stack->out);
}

/* ---- C below the user's code ---- */

static bool is_any_of(const char *text, const char *const *patterns, size_t count)
{
	for (size_t i = 0; text && i < count; i++)
		if (fnmatch(patterns[i], text, 0) == 0)
			return true;
	return false;
}

/* What a language runs its users' calls of C in: from there on C's frames are the same for all of them. */
static bool is_of_a_language(const struct hg_resolved_frame *frame)
{
	static const char *const functions[] = {
	    "_cgo_*_Cfunc_*", "runtime.asmcgocall*", "_PyEval_EvalFrame*", "PyEval_EvalFrame*",
	    "_PyObject_*",    "PyObject_*",          "v8impl::*",          "v8::*",
	    "Builtins_*"};
	static const char *const objects[] = {"*/libffi.so*", "*/_ctypes.*.so", "*/_cffi_backend.*.so"};

	return hg_is_made(frame) || is_any_of(frame->function, functions, sizeof(functions) / sizeof(*functions)) ||
	       is_any_of(frame->object, objects, sizeof(objects) / sizeof(*objects));
}

/* How many of C's frames lie between the user's code and the guarded call; none if that cannot be told. */
static size_t frames_between(const struct hg_resolved_stack *stack)
{
	for (size_t i = 0; i < stack->count; i++)
		if (is_of_a_language(&stack->frames[i]))
			return i;
	return 0;
}

/* ---- The standard library between the user's own functions ---- */

static bool has_users_frame(const struct hg_resolved_stack *stack)
{
	const struct hg_resolved_frame *frame = hg_user_frame(stack);

	return frame && frame->file && !hg_is_of_standard_library(frame);
}

/* How many frames of the standard library begin here. */
static size_t count_standard(const struct hg_resolved_stack *stack, size_t at, size_t count)
{
	size_t end = at;

	while (end < count && hg_is_of_standard_library(&stack->frames[end]))
		end++;
	return end - at;
}

static void print_fold(const struct stack *stack, size_t count)
{
	fprintf(stack->out, "%*s... ", stack->indent, "");
	hg_print_count(stack->out, count, "frame", "frames");
	fputs(" of the standard library\n", stack->out);
}

static void print_c_frames(const struct stack *stack)
{
	const struct hg_resolved_stack *all = stack->stack;
	size_t count = all->told_count == 0 || stack->full ? all->count : frames_between(all);
	bool folds = !stack->full && has_users_frame(all);

	if (count > 0 && all->told_count > 0)
		fprintf(stack->out, "%*sin C:\n", stack->indent, "");
	for (size_t i = 0; i < count; i++) {
		size_t standard = folds ? count_standard(all, i, count) : 0;
		if (standard > 0) {
			print_fold(stack, standard);
			i += standard - 1;
		} else {
			print_frame(stack, &all->frames[i], i);
		}
	}
}

/* As Go's own tracebacks have it. */
static void print_creator(const struct stack *stack)
{
	if (!stack->stack->creator)
		return;
	fprintf(stack->out, "%*screated by ", stack->indent, "");
	print_name(stack, stack->stack->creator);
	fputc('\n', stack->out);
}

void hg_print_text_stack(FILE *out, struct hg_model *model, const struct hg_paint *colours,
                         const struct hg_resolved_stack *stack, int indent, bool full)
{
	const struct stack page = {out, model, colours, stack, indent, full};

	for (size_t i = 0; i < stack->told_count; i++)
		print_frame(&page, &stack->told[i], i);
	print_creator(&page);
	print_c_frames(&page);
	if (stack->gone)
		fprintf(out, "%*s(the call ended before its stack could be walked)\n", indent, "");
	else if (stack->count == 0)
		fprintf(out, "%*s(no stack was kept)\n", indent, "");
	if (stack->cut)
		fprintf(out, "%*s... (the stack goes on)\n", indent, "");
}
