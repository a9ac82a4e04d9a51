/* Stacks of the text report: the user's own frames first, and of C's those that say more. */
#include <fnmatch.h>
#include <inttypes.h>

#include "common/files.h"
#include "report/print/print.h"

static void print_name(FILE *out, const struct hg_paint *colours, const struct hg_resolved_frame *frame)
{
	if (frame->function)
		fprintf(out, "%s%s%s", hg_paint(colours, HG_BOLD), frame->function, hg_paint(colours, HG_PLAIN));
	else
		fprintf(out, "0x%" PRIx64, frame->pc);
	if (frame->file)
		fprintf(out, " at %s", frame->file);
	if (frame->file && frame->line)
		fprintf(out, ":%d", frame->line);
}

static void print_frame(FILE *out, const struct hg_paint *colours, const struct hg_resolved_frame *frame, size_t number,
                        int indent)
{
	fprintf(out, "%*s#%-2zu ", indent, "", number);
	print_name(out, colours, frame);
	if (frame->inlined)
		fputs(" (inlined)", out);
	else if (frame->object[0] != '\0' && !frame->file)
		fprintf(out, " in %s+0x%" PRIx64, frame->object, frame->offset);
	else if (frame->object[0] != '\0')
		fprintf(out, " %s(%s)%s", hg_paint(colours, HG_FAINT), hg_base_name(frame->object),
		        hg_paint(colours, HG_PLAIN));
	fputc('\n', out);
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
	static const char *const functions[] = {"_cgo_*_Cfunc_*",    "runtime.asmcgocall*", "_PyEval_EvalFrame*",
	                                        "PyEval_EvalFrame*", "_PyObject_*",         "PyObject_*"};
	static const char *const objects[] = {"*/libffi.so*", "*/_ctypes.*.so", "*/_cffi_backend.*.so"};

	return is_any_of(frame->function, functions, sizeof(functions) / sizeof(*functions)) ||
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

static void print_c_frames(FILE *out, const struct hg_paint *colours, const struct hg_resolved_stack *stack, int indent,
                           bool full)
{
	size_t count = stack->told_count == 0 || full ? stack->count : frames_between(stack);

	if (count > 0 && stack->told_count > 0)
		fprintf(out, "%*sin C:\n", indent, "");
	for (size_t i = 0; i < count; i++)
		print_frame(out, colours, &stack->frames[i], i, indent);
}

void hg_print_text_stack(FILE *out, const struct hg_paint *colours, const struct hg_resolved_stack *stack, int indent,
                         bool full)
{
	for (size_t i = 0; i < stack->told_count; i++)
		print_frame(out, colours, &stack->told[i], i, indent);
	print_c_frames(out, colours, stack, indent, full);
	if (stack->gone)
		fprintf(out, "%*s(the call ended before its stack could be walked)\n", indent, "");
	else if (stack->count == 0)
		fprintf(out, "%*s(no stack was kept)\n", indent, "");
	if (stack->cut)
		fprintf(out, "%*s... (the stack goes on)\n", indent, "");
}
