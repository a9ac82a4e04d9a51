#include "report/describe/origin.h"

#include <string.h>

#include "common/files.h"

static bool begins(const char *text, const char *const *beginnings, size_t count)
{
	for (size_t i = 0; text && i < count; i++)
		if (strncmp(text, beginnings[i], strlen(beginnings[i])) == 0)
			return true;
	return false;
}

static bool contains(const char *text, const char *const *parts, size_t count)
{
	for (size_t i = 0; text && i < count; i++)
		if (strstr(text, parts[i]))
			return true;
	return false;
}

#define IS(test, text, ...)                                                                                            \
	test(text, (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* Functions that are made of templates have what they return in front of their names: "void std::__invoke_impl<>()".
 * What comes after "operator" is part of the name. */
static const char *without_result(const char *function)
{
	const char *name = function;
	int depth = 0;

	for (const char *at = function; *at != '\0' && !(*at == '(' && depth == 0); at++) {
		if (strncmp(at, "operator", strlen("operator")) == 0)
			break;
		depth += (*at == '<') - (*at == '>');
		if (*at == ' ' && depth == 0)
			name = at + 1;
	}
	return name;
}

bool hg_is_of_standard_library(const struct hg_resolved_frame *frame)
{
	const char *name = frame->function && strchr(frame->function, ':') ? without_result(frame->function) : NULL;

	return IS(begins, frame->function, "std::", "core::", "alloc::", "<core::", "<alloc::", "<std::") ||
	       IS(begins, name, "std::", "__gnu_cxx::") || IS(contains, frame->file, "/include/c++/") ||
	       IS(begins, frame->file, "/rustc/", "/usr/src/rustc-");
}

bool hg_is_ground(const struct hg_resolved_frame *frame)
{
	const char *function = frame->function;

	return IS(begins, hg_base_name(frame->object), "libc.so", "libc-2.", "ld-linux", "ld-musl", "libpthread",
	          "libstdc++.so", "libc++", "libgcc_s.so", "libuv.so") ||
	       IS(contains, frame->file, "/deps/uv/src/") || IS(begins, function, "runtime.", "<frozen ", "__rust_") ||
	       (function && strcmp(function, "_start") == 0) || hg_is_of_standard_library(frame);
}

/* The last is how Go names the files of a module where it leaves folders out (-trimpath). */
bool hg_is_installed(const struct hg_resolved_frame *frame)
{
	return !frame->file || frame->file[0] == '<' ||
	       IS(contains, frame->file, "/lib/python3", "-packages/", "/pkg/mod/", "/node_modules/", "@v") ||
	       IS(begins, frame->function, "runtime.", "testing.", "sync.", "reflect.", "internal/", "net/", "os/",
	          "context.", "java.", "javax.", "jdk.", "sun.", "org.junit.");
}
