#include "report/describe/freer.h"

#include <fnmatch.h>
#include <string.h>

/* What of a call a rule looks at, in the order in which they are asked: the nearer to the user's code, the more it
 * tells. */
enum look {
	AT_ENTRY,    /* of the frames of the user's language: why the interpreter called the function by itself */
	AT_FUNCTION, /* of these frames */
	AT_CREATOR,  /* of the goroutine: the function that created it */
	AT_C,        /* of the frames of C: the interpreter's own functions */
	AT_LIBRARY,  /* whether the library itself has called its function */
	AT_CALLBACK, /* whether C has called back */
	AT_PROCESS,  /* whether it is another one than that which made the handle */
	LOOKS
};

/* ---- The table: of each look the first row that fits the innermost frame that any fits ---- */

static const struct rule {
	enum look look;
	uint32_t entry;       /* AT_ENTRY: these flags at least */
	const char *function; /* else: glob */
	const char *file;     /* its end; null: any */
	struct hg_freer freer;
} rules[] = {
#define ENTRY(flags, kind, who)                                                                                        \
	{                                                                                                              \
		AT_ENTRY, flags, NULL, NULL,                                                                           \
		{                                                                                                      \
			HG_FREER_##kind, who                                                                           \
		}                                                                                                      \
	}
#define NAMED(look, function, file, kind, who)                                                                         \
	{                                                                                                              \
		look, 0, function, file,                                                                               \
		{                                                                                                      \
			HG_FREER_##kind, who                                                                           \
		}                                                                                                      \
	}
    ENTRY(HG_TOLD_FINALIZER | HG_TOLD_ENDING, PYTHON_END, "a Python __del__ method, at the interpreter's end"),
    ENTRY(HG_TOLD_FINALIZER | HG_TOLD_COLLECTOR, PYTHON_FINALIZER,
          "a Python __del__ method that the garbage collector called"),
    ENTRY(HG_TOLD_FINALIZER, PYTHON_FINALIZER, "a Python __del__ method"),
    ENTRY(HG_TOLD_WEAK | HG_TOLD_ENDING, PYTHON_END, "a Python weak reference's callback, at the interpreter's end"),
    ENTRY(HG_TOLD_WEAK | HG_TOLD_COLLECTOR, PYTHON_FINALIZER,
          "a Python weak reference's callback that the garbage collector called"),
    ENTRY(HG_TOLD_WEAK, PYTHON_FINALIZER, "a Python weak reference's callback"),
    ENTRY(HG_TOLD_ENDING, PYTHON_END, "the end of the Python interpreter"),
    NAMED(AT_FUNCTION, "runtime.runfinq*", NULL, GO_FINALIZER, "a finalizer that the Go garbage collector ran"),
    NAMED(AT_FUNCTION, "runtime.runFinalizers*", NULL, GO_FINALIZER, "a finalizer that the Go garbage collector ran"),
    NAMED(AT_FUNCTION, "runtime.AddCleanup*", NULL, GO_FINALIZER, "a cleanup that the Go garbage collector ran"),
    NAMED(AT_FUNCTION, "runtime.runCleanups*", NULL, GO_FINALIZER, "a cleanup that the Go garbage collector ran"),
    NAMED(AT_FUNCTION, "Timer.run", "/threading.py", PYTHON_WATCHER, "a threading.Timer whose time was up"),
    NAMED(AT_CREATOR, "context.(\\*afterFuncCtx).cancel*", "/context/context.go", GO_WATCHER,
          "a function that context.AfterFunc runs when the context is done"),
    NAMED(AT_CREATOR, "time.goFunc", "/time/sleep.go", GO_WATCHER,
          "a function that time.AfterFunc runs when the time is up"),
    NAMED(AT_C, "slot_tp_finalize", NULL, PYTHON_FINALIZER, "a Python __del__ method"),
    NAMED(AT_C, "slot_tp_del", NULL, PYTHON_FINALIZER, "a Python __del__ method"),
    NAMED(AT_C, "subtype_dealloc", NULL, PYTHON_FINALIZER, "a Python object's destructor"),
    NAMED(AT_C, "gc_collect_main", NULL, PYTHON_FINALIZER, "the Python garbage collector"),
    NAMED(AT_C, "Py_FinalizeEx", NULL, PYTHON_END, "the end of the Python interpreter"),
    NAMED(AT_C, "_Py_Finalize", NULL, PYTHON_END, "the end of the Python interpreter"),
    NAMED(AT_C, "*v8impl::*Finaliz*", NULL, FINALIZER, "a finalizer that the JavaScript garbage collector ran"),
    NAMED(AT_C, "*node_napi_env__*Finalizer*", NULL, FINALIZER,
          "a finalizer that the JavaScript garbage collector ran"),
    NAMED(AT_C, "*v8::internal::InvokeFinalizationRegistryCleanupFromTask*", NULL, FINALIZER,
          "a FinalizationRegistry's callback, after the JavaScript garbage collector"),
    NAMED(AT_FUNCTION, "java.lang.ref.*", NULL, FINALIZER, "a finalizer that the Java garbage collector ran"),
    NAMED(AT_FUNCTION, "jdk.internal.ref.CleanerImpl.run", NULL, FINALIZER,
          "a cleaner that the Java garbage collector ran"),
    {AT_LIBRARY, 0, NULL, NULL, {HG_FREER_LIBRARY, "the library itself"}},
    {AT_CALLBACK, 0, NULL, NULL, {HG_FREER_WRITTEN, "a callback: the library had called the program"}},
    {AT_PROCESS, 0, NULL, NULL, {HG_FREER_WRITTEN, "a forked child, of a handle that was there before the fork"}},
#undef ENTRY
#undef NAMED
};

static bool ends_in(const char *text, const char *end)
{
	size_t length = text ? strlen(text) : 0, end_length = strlen(end);

	return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

static bool fits(const struct rule *rule, const struct hg_resolved_frame *frame)
{
	if (rule->look == AT_ENTRY)
		return (frame->entry & rule->entry) == rule->entry;
	return frame->function && fnmatch(rule->function, frame->function, 0) == 0 &&
	       (!rule->file || ends_in(frame->file, rule->file));
}

/* Frames of a language whose process does not tell them stand among those of C. */
static bool is_asked(const struct rule *rule, enum look look)
{
	return rule->look == look || (look == AT_C && rule->look == AT_FUNCTION);
}

/* What the innermost frame has called that says so is none of the user's doing. */
static const struct hg_freer *among(const struct hg_resolved_frame *frames, size_t count, enum look look)
{
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < sizeof(rules) / sizeof(*rules); k++)
			if (is_asked(&rules[k], look) && fits(&rules[k], &frames[i]))
				return &rules[k].freer;
	return NULL;
}

/* ---- Callbacks ---- */

/* From Go, where the frames of C further out are not known: another function of the user's lies there. */
static bool is_called_back(const struct hg_resolved_stack *stack)
{
	bool called_back = false;

	for (size_t i = 0; i < stack->told_count; i++) {
		const char *function = stack->told[i].function;
		if (called_back && function && strncmp(function, "runtime.", strlen("runtime.")) != 0)
			return true;
		called_back = called_back || (stack->told[i].entry & HG_TOLD_CALLED_BACK);
	}
	return false;
}

/* Further out, but not where the call was made, lies the library itself. */
static bool is_within_library(const struct hg_resolved_call *call)
{
	const struct hg_resolved_stack *stack = &call->stack;

	if (!call->library || !call->library[0] || !stack->count || strcmp(stack->frames[0].object, call->library) == 0)
		return false;
	for (size_t i = 1; i < stack->count; i++)
		if (strcmp(stack->frames[i].object, call->library) == 0)
			return true;
	return false;
}

/* The one rule of a look that needs no frame. */
static const struct hg_freer *without_frame(enum look look, bool is_so)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (rules[i].look == look && is_so)
			return &rules[i].freer;
	return NULL;
}

/* ---- Calls that somebody wrote ---- */

static enum hg_freer_kind kind_of_language(const struct hg_resolved_stack *stack)
{
	const char *language = stack->told_count ? stack->told[0].language : NULL;

	if (language && strcmp(language, "python") == 0)
		return HG_FREER_PYTHON;
	return language && strcmp(language, "go") == 0 ? HG_FREER_GO : HG_FREER_UNKNOWN;
}

static const struct hg_freer *looked_at(const struct hg_resolved_call *call, enum look look)
{
	const struct hg_resolved_stack *stack = &call->stack;

	if (look == AT_LIBRARY)
		return without_frame(look, call->internal);
	if (look == AT_CALLBACK)
		return without_frame(look, is_called_back(stack) || is_within_library(call));
	if (look == AT_PROCESS)
		return without_frame(look, call->of_parents);
	if (look == AT_CREATOR)
		return among(stack->creator, stack->creator != NULL, look);
	return look == AT_C ? among(stack->frames, stack->count, look) : among(stack->told, stack->told_count, look);
}

struct hg_freer hg_freer_of(const struct hg_resolved_call *call)
{
	struct hg_freer freer = {HG_FREER_UNKNOWN, NULL};
	const struct hg_freer *found = NULL;

	if (!call)
		return freer;
	for (int look = AT_ENTRY; look < LOOKS && !found; look++)
		found = looked_at(call, (enum look)look);
	freer = found ? *found : (struct hg_freer){HG_FREER_WRITTEN, NULL};
	freer.kind = freer.kind == HG_FREER_WRITTEN ? kind_of_language(&call->stack) : freer.kind;
	return freer;
}

bool hg_is_finalizer(enum hg_freer_kind kind)
{
	return kind == HG_FREER_GO_FINALIZER || kind == HG_FREER_PYTHON_FINALIZER || kind == HG_FREER_PYTHON_END ||
	       kind == HG_FREER_FINALIZER;
}
