#include "report/describe/user_frame.h"

#include <string.h>

#include "common/files.h"

static bool begins(const char *text, const char *const *beginnings, size_t count)
{
	for (size_t i = 0; text && i < count; i++)
		if (strncmp(text, beginnings[i], strlen(beginnings[i])) == 0)
			return true;
	return false;
}

#define BEGINS(text, ...)                                                                                              \
	begins(text, (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

bool hg_is_of_standard_library(const struct hg_resolved_frame *frame)
{
	return BEGINS(frame->function, "std::", "__gnu_cxx::", "core::", "alloc::", "<core::", "<alloc::", "<std::") ||
	       BEGINS(frame->file, "/usr/include/c++/", "/rustc/", "/usr/src/rustc-");
}

static bool is_of_system(const struct hg_resolved_frame *frame)
{
	return BEGINS(hg_base_name(frame->object), "libc.so", "libpthread.so", "ld-linux", "libstdc++.so") ||
	       hg_is_of_standard_library(frame);
}

const struct hg_resolved_frame *hg_user_frame(const struct hg_resolved_stack *stack)
{
	for (size_t i = 0; i < stack->told_count; i++)
		if (stack->told[i].file && stack->told[i].line > 0) /* a native method of Java's has no line */
			return &stack->told[i];
	if (stack->told_count > 0)
		return &stack->told[0];
	for (size_t i = 0; i < stack->count; i++)
		if (stack->frames[i].file && !is_of_system(&stack->frames[i]))
			return &stack->frames[i];
	return stack->count > 0 ? &stack->frames[0] : NULL;
}

/* Code that came with the language, with a runner of tests, or with a package. */
static bool is_installed(const struct hg_resolved_frame *frame)
{
	static const char *const folders[] = {"/lib/python3", "-packages/", "/pkg/mod/"};

	for (size_t i = 0; frame->file && i < sizeof(folders) / sizeof(*folders); i++)
		if (strstr(frame->file, folders[i]))
			return true;
	return !frame->file || frame->file[0] == '<' ||
	       BEGINS(frame->function, "runtime.", "testing.", "sync.", "reflect.", "internal/", "net/", "os/",
	              "context.", "java.", "javax.", "jdk.", "sun.", "org.junit.");
}

const struct hg_resolved_frame *hg_user_caller(const struct hg_resolved_stack *stack)
{
	const struct hg_resolved_frame *first = hg_user_frame(stack), *found = NULL;

	for (size_t i = 1; i < stack->told_count; i++)
		if (!is_installed(&stack->told[i]))
			found = &stack->told[i];
	return found && first->file && strcmp(found->file, first->file) != 0 ? found : NULL;
}
