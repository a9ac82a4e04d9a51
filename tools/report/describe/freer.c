#include "report/describe/freer.h"

#include <fnmatch.h>
#include <string.h>

/* ---- What an interpreter called by itself, by the flags of the frame ---- */

static const struct entry {
	uint32_t flags;
	struct hg_freer freer;
} entries[] = {
    {HG_TOLD_FINALIZER | HG_TOLD_ENDING, {HG_FREER_PYTHON_END, "a Python __del__ method, at the interpreter's end"}},
    {HG_TOLD_FINALIZER | HG_TOLD_COLLECTOR,
     {HG_FREER_PYTHON_FINALIZER, "a Python __del__ method that the garbage collector called"}},
    {HG_TOLD_FINALIZER, {HG_FREER_PYTHON_FINALIZER, "a Python __del__ method"}},
    {HG_TOLD_WEAK | HG_TOLD_ENDING,
     {HG_FREER_PYTHON_END, "a Python weak reference's callback, at the interpreter's end"}},
    {HG_TOLD_WEAK | HG_TOLD_COLLECTOR,
     {HG_FREER_PYTHON_FINALIZER, "a Python weak reference's callback that the garbage collector called"}},
    {HG_TOLD_WEAK, {HG_FREER_PYTHON_FINALIZER, "a Python weak reference's callback"}},
    {HG_TOLD_ENDING, {HG_FREER_PYTHON_END, "the end of the Python interpreter"}},
};

/* ---- The same by the names of functions, of the user's language or of the interpreter's C ---- */

static const struct runner {
	const char *functions; /* glob */
	struct hg_freer freer;
} runners[] = {
    {"runtime.runfinq*", {HG_FREER_GO_FINALIZER, "a finalizer that the Go garbage collector ran"}},
    {"runtime.runFinalizers*", {HG_FREER_GO_FINALIZER, "a finalizer that the Go garbage collector ran"}},
    {"runtime.runCleanups*", {HG_FREER_GO_FINALIZER, "a cleanup that the Go garbage collector ran"}},
    {"slot_tp_finalize", {HG_FREER_PYTHON_FINALIZER, "a Python __del__ method"}},
    {"slot_tp_del", {HG_FREER_PYTHON_FINALIZER, "a Python __del__ method"}},
    {"subtype_dealloc", {HG_FREER_PYTHON_FINALIZER, "a Python object's destructor"}},
    {"gc_collect_main", {HG_FREER_PYTHON_FINALIZER, "the Python garbage collector"}},
    {"Py_FinalizeEx", {HG_FREER_PYTHON_END, "the end of the Python interpreter"}},
    {"_Py_Finalize", {HG_FREER_PYTHON_END, "the end of the Python interpreter"}},
    {"*v8impl::*Finaliz*", {HG_FREER_FINALIZER, "a finalizer that the JavaScript garbage collector ran"}},
    {"*node_napi_env__*Finalizer*", {HG_FREER_FINALIZER, "a finalizer that the JavaScript garbage collector ran"}},
    {"java.lang.ref.*", {HG_FREER_FINALIZER, "a finalizer that the Java garbage collector ran"}},
    {"jdk.internal.ref.*", {HG_FREER_FINALIZER, "a cleaner that the Java garbage collector ran"}},
};

static const struct hg_freer *entry_of(const struct hg_resolved_frame *frame)
{
	for (size_t i = 0; frame->entry && i < sizeof(entries) / sizeof(*entries); i++)
		if ((frame->entry & entries[i].flags) == entries[i].flags)
			return &entries[i].freer;
	return NULL;
}

static const struct hg_freer *runner_of(const struct hg_resolved_frame *frame)
{
	for (size_t i = 0; frame->function && i < sizeof(runners) / sizeof(*runners); i++)
		if (fnmatch(runners[i].functions, frame->function, 0) == 0)
			return &runners[i].freer;
	return NULL;
}

/* The innermost frame that says so: what it called is none of the user's doing. */
static const struct hg_freer *among(const struct hg_resolved_frame *frames, size_t count,
                                    const struct hg_freer *(*of)(const struct hg_resolved_frame *))
{
	const struct hg_freer *freer = NULL;

	for (size_t i = 0; i < count && !freer; i++)
		freer = of(&frames[i]);
	return freer;
}

/* ---- Calls that somebody wrote ---- */

static struct hg_freer written(const struct hg_resolved_stack *stack)
{
	const char *language = stack->told_count ? stack->told[0].language : NULL;

	if (language && strcmp(language, "python") == 0)
		return (struct hg_freer){HG_FREER_PYTHON, NULL};
	if (language && strcmp(language, "go") == 0)
		return (struct hg_freer){HG_FREER_GO, NULL};
	return (struct hg_freer){HG_FREER_UNKNOWN, NULL};
}

struct hg_freer hg_freer_of(const struct hg_resolved_call *call)
{
	if (!call)
		return (struct hg_freer){HG_FREER_UNKNOWN, NULL};
	const struct hg_resolved_stack *stack = &call->stack;
	const struct hg_freer *freer = among(stack->told, stack->told_count, entry_of);
	freer = freer ? freer : among(stack->told, stack->told_count, runner_of);
	freer = freer ? freer : among(stack->frames, stack->count, runner_of);
	return freer ? *freer : written(stack);
}

bool hg_is_finalizer(enum hg_freer_kind kind)
{
	return kind == HG_FREER_GO_FINALIZER || kind == HG_FREER_PYTHON_FINALIZER || kind == HG_FREER_PYTHON_END ||
	       kind == HG_FREER_FINALIZER;
}
