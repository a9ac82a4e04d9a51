/* In which test a call was made, by the frames of the runners: what a runner calls is the test. Between a runner's
 * frame and the test's there may be more of what runs it: an event loop, a decorator. */
#include "report/describe/test_frames.h"

#include <stdbool.h>
#include <string.h>

/* ---- Which frame is the test's ---- */

/* What runs tests and is no test: by the ends of its files, and by the packages that it is installed in. */
static const char *const files[] = {"/unittest/case.py",    "/unittest/async_case.py", "/unittest/mock.py",
                                    "/asyncio/runners.py",  "/asyncio/base_events.py", "/asyncio/events.py",
                                    "/asyncio/timeouts.py", "/asyncio/tasks.py",       "/contextlib.py",
                                    "/functools.py"};
static const char *const packages[] = {"-packages/_pytest/", "-packages/pluggy/", "-packages/pytest_asyncio/",
                                       "-packages/anyio/", "-packages/hypothesis/"};

static bool ends_in(const char *text, const char *end)
{
	size_t length = strlen(text), end_length = strlen(end);

	return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

static bool is_machinery(const struct hg_resolved_frame *frame)
{
	for (size_t i = 0; frame->file && i < sizeof(files) / sizeof(*files); i++)
		if (ends_in(frame->file, files[i]))
			return true;
	for (size_t i = 0; frame->file && i < sizeof(packages) / sizeof(*packages); i++)
		if (strstr(frame->file, packages[i]))
			return true;
	return false;
}

/* A function within a function, as decorators put around a test. */
static bool is_wrapper(const struct hg_resolved_frame *frame)
{
	static const char within[] = "<locals>.";
	const char *last = NULL;

	for (const char *at = frame->function; (at = strstr(at, within)); at++)
		last = at + sizeof(within) - 1;
	return last && !strchr(last, '.');
}

static bool is_method(const struct hg_resolved_frame *frame)
{
	return !is_machinery(frame) && !is_wrapper(frame);
}

/* Before Python 3.11 functions have no qualified names, and wrappers are known only by what they are not called. */
static bool is_named_so(const struct hg_resolved_frame *frame)
{
	static const char *const names[] = {"test", "setUp", "tearDown", "asyncSetUp", "asyncTearDown"};
	const char *dot = strrchr(frame->function, '.'), *name = dot ? dot + 1 : frame->function;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strncmp(name, names[i], strlen(names[i])) == 0)
			return is_method(frame);
	return false;
}

static bool is_any(const struct hg_resolved_frame *frame)
{
	(void)frame;
	return true;
}

/* What calls methods by reflection stands between a runner of Java and the test. */
static bool is_no_reflection(const struct hg_resolved_frame *frame)
{
	static const char *const beginnings[] = {"java.lang.reflect.", "jdk.internal.", "sun.reflect."};

	for (size_t i = 0; i < sizeof(beginnings) / sizeof(*beginnings); i++)
		if (strncmp(frame->function, beginnings[i], strlen(beginnings[i])) == 0)
			return false;
	return true;
}

/* ---- What it is called ---- */

/* In Python as unittest writes it, but for the module, which frames do not tell. */
static const char *name_of_function(struct hg_model *model, const struct hg_resolved_frame *test)
{
	(void)model;
	return test->function;
}

/* As pytest writes it, but for the folder and for parameters, which frames do not tell. */
static const char *name_of_pytest(struct hg_model *model, const struct hg_resolved_frame *test)
{
	const char *slash = test->file ? strrchr(test->file, '/') : NULL, *name = test->function, *dot;
	const char *text = slash ? hg_model_printf(model, "%s::", slash + 1) : "";

	for (; (dot = strchr(name, '.')) && !strchr(name, '<'); name = dot + 1)
		text = hg_model_printf(model, "%s%.*s::", text, (int)(dot - name), name);
	return hg_model_printf(model, "%s%s", text, name);
}

/* ---- The table ---- */

static const struct runner {
	const char *language, *function, *file; /* of the frame; the file's end, null: any */
	bool (*is_test)(const struct hg_resolved_frame *frame);
	bool (*or_else)(const struct hg_resolved_frame *frame); /* where none is; null: then it names none */
	const char *(*name)(struct hg_model *model, const struct hg_resolved_frame *test);
} runners[] = {
    {"go", "testing.tRunner", NULL, is_any, NULL, name_of_function},
    {"java", "org.junit.platform.commons.util.ReflectionUtils.invokeMethod", NULL, is_no_reflection, NULL,
     name_of_function},
    {"java", "org.junit.runners.model.FrameworkMethod$1.runReflectiveCall", NULL, is_no_reflection, NULL,
     name_of_function},
    {"python", "TestCase.run", "/unittest/case.py", is_method, NULL, name_of_function},
    {"python", "run", "/unittest/case.py", is_named_so, NULL, name_of_function},
    {"python", "pytest_pyfunc_call", "/_pytest/python.py", is_named_so, is_method, name_of_pytest},
};

static const struct runner *runner_of(const struct hg_resolved_frame *frame)
{
	for (size_t i = 0; i < sizeof(runners) / sizeof(*runners); i++)
		if (frame->function && frame->language && strcmp(frame->language, runners[i].language) == 0 &&
		    strcmp(frame->function, runners[i].function) == 0 &&
		    (!runners[i].file || (frame->file && ends_in(frame->file, runners[i].file))))
			return &runners[i];
	return NULL;
}

/* From the runner's frame inwards; `count`: there is none. */
static size_t inwards(const struct hg_resolved_stack *stack, size_t from,
                      bool (*is_test)(const struct hg_resolved_frame *frame))
{
	for (size_t i = from; is_test && i-- > 0;)
		if (stack->told[i].function && is_test(&stack->told[i]))
			return i;
	return stack->told_count;
}

const char *hg_test_by_frames(struct hg_model *model, const struct hg_resolved_stack *stack, size_t *frame)
{
	const struct runner *runner = NULL;
	size_t i = 1;

	while (i < stack->told_count && !(runner = runner_of(&stack->told[i])))
		i++;
	if (!runner)
		return NULL;
	*frame = inwards(stack, i, runner->is_test);
	if (*frame == stack->told_count)
		*frame = inwards(stack, i, runner->or_else);
	return *frame < stack->told_count ? runner->name(model, &stack->told[*frame]) : NULL;
}
