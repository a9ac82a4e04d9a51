/* Names as a stack trace of Java has them, package.Class.method; a file by where it stands among the sources,
 * package/Class.java, for the class knows no more than its last part. */
#include "java/java_names.h"

#include <string.h>

struct texts {
	char *class, *method, *source;
};

static size_t length_of(const char *text)
{
	return text ? strlen(text) : 0;
}

/* References to classes are given back at once: a thread may never return to Java, which would do it. */
static void find_class(void *environment, void *method, struct texts *texts)
{
	const struct hg_jvmti *jvmti = &hg_java.jvmti;
	void *class = NULL;
	if (jvmti->method_class(jvmti->self, method, &class) != 0 || !class)
		return;
	if (jvmti->class_signature(jvmti->self, class, &texts->class, NULL) != 0)
		texts->class = NULL;
	if (jvmti->class_source(jvmti->self, class, &texts->source) != 0)
		texts->source = NULL;
	hg_java_drop(environment, class);
}

static void give_back(struct texts *texts)
{
	const struct hg_jvmti *jvmti = &hg_java.jvmti;
	char *all[] = {texts->class, texts->method, texts->source};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (all[i])
			jvmti->give_back(jvmti->self, all[i]);
}

/* Entries need not stand in order. */
static uint32_t line_of(const struct hg_java_call *call)
{
	const struct hg_jvmti *jvmti = &hg_java.jvmti;
	struct hg_java_line *lines = NULL;
	int count = 0;
	int64_t nearest = -1;
	uint32_t line = 0;
	if (call->location < 0 || jvmti->method_lines(jvmti->self, call->method, &count, &lines) != 0)
		return 0;
	for (int i = 0; i < count; i++) {
		if (lines[i].start > call->location || lines[i].start < nearest)
			continue;
		nearest = lines[i].start;
		line = (uint32_t)lines[i].line;
	}
	if (lines)
		jvmti->give_back(jvmti->self, lines);
	return line;
}

/* --- texts --- */

struct text {
	char bytes[1024]; /* no limit: what is longer, the recording cuts too */
	size_t length;
};

static void append(struct text *text, const char *bytes, size_t length)
{
	size_t room = sizeof text->bytes - text->length;
	length = length < room ? length : room;
	memcpy(text->bytes + text->length, bytes, length);
	text->length += length;
}

static uint32_t function_of(const char *class, size_t length, const char *method)
{
	struct text text = {.length = 0};
	append(&text, class, length);
	for (size_t i = 0; i < text.length; i++)
		text.bytes[i] = text.bytes[i] == '/' ? '.' : text.bytes[i];
	append(&text, ".", 1);
	append(&text, method, length_of(method));
	return hg_told_text(text.bytes, text.length);
}

static uint32_t file_of(const char *class, size_t length, const char *source)
{
	struct text text = {.length = 0};
	if (!source)
		return 0; /* the class was stripped of it */
	while (length && class[length - 1] != '/')
		length--;
	append(&text, class, length);
	append(&text, source, length_of(source));
	return hg_told_text(text.bytes, text.length);
}

/* --- whose it is --- */

static bool begins_with(const char *text, const char *beginning)
{
	return strncmp(text, beginning, strlen(beginning)) == 0;
}

static bool begins_with_any(const char *class, const char *const *beginnings, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (begins_with(class, beginnings[i]))
			return true;
	return false;
}

/* What the VM makes as a program runs, to stand in for lambdas, interfaces and method handles; and what it runs virtual
 * threads in. A stack trace of Java leaves out most of these. */
static bool is_made(const char *class)
{
	static const char *const beginnings[] = {"java/lang/VirtualThread$VThreadContinuation", "java/lang/invoke/",
	                                         "jdk/internal/vm/Continuation"};
	return strstr(class, "$$Lambda") || strstr(class, "$Proxy") ||
	       begins_with_any(class, beginnings, sizeof beginnings / sizeof *beginnings);
}

static bool is_between(const char *class)
{
	static const char *const packages[] = {
	    "com/kenai/jffi/", "com/sun/jna/", "java/lang/foreign/", "java/lang/reflect/", "jdk/internal/",
	    "jnr/ffi/",        "sun/"};
	return begins_with_any(class, packages, sizeof packages / sizeof *packages);
}

static enum hg_java_part part_of(const char *class)
{
	if (is_made(class))
		return HG_JAVA_HIDDEN;
	return is_between(class) ? HG_JAVA_BETWEEN : HG_JAVA_USERS;
}

enum hg_java_part hg_java_tell(const struct hg_java_call *call, void *environment, struct hg_told_frame *frame)
{
	const struct hg_jvmti *jvmti = &hg_java.jvmti;
	struct texts texts = {NULL, NULL, NULL};
	enum hg_java_part part = HG_JAVA_HIDDEN;
	find_class(environment, call->method, &texts);
	if (jvmti->method_name(jvmti->self, call->method, &texts.method, NULL, NULL) != 0)
		texts.method = NULL;
	/* As in "Lpackage/Class;". */
	size_t length = length_of(texts.class);
	if (length > 2 && texts.method) {
		const char *class = texts.class + 1;
		part = part_of(class);
		*frame = (struct hg_told_frame){.function = function_of(class, length - 2, texts.method),
		                                .file = file_of(class, length - 2, texts.source),
		                                .line = line_of(call)};
	}
	give_back(&texts);
	return part;
}
