/* A native method is called with its environment first. It is Java's call, by which no exception is pending and no
 * critical region entered, if the environment is the calling thread's own, and the call returns to no object that was
 * loaded, but to code that the VM has made. JNI's functions are called by their places in its table, which never
 * change, and on the stack that the VM knows. */
#include "call/throw.h"

#include <stdbool.h>
#include <stddef.h>

#include "arch/preserving.h"
#include "dynlink/elf_lookup.h"
#include "entry/arguments.h"
#include "java/java_thread.h"
#include "java/java_vm.h"
#include "thread/visit.h"

enum jni_function { FIND_CLASS = 6, THROW_NEW = 14, DELETE_LOCAL = 23, IS_EXCEPTION_PENDING = 228 };

/* As its users see it: a table of functions. */
typedef void *const *environment;

static bool was_called_by_java(const struct hg_call *call)
{
	struct hg_definition object;
	if (hg_elf_object((const void *)hg_call_site(call), &object))
		return false;
	void *own = hg_java_environment();
	uint64_t thread = own && hg_argument(call, 0) == (uint64_t)own ? hg_java_thread_here() : 0;
	return thread && hg_java_is_native(thread);
}

static char *append(char *at, const char *end, const char *text)
{
	while (*text && at < end)
		*at++ = *text++;
	*at = '\0';
	return at;
}

static void throw_new(environment *jni, const char *class, const char *function)
{
	void *(*find_class)(environment *, const char *);
	int (*throw)(environment *, void *, const char *);
	void (*delete_local)(environment *, void *);
	char message[256], *at = message; /* no limit: it is cut to fit, and says what is wrong all the same */
	*(void **)&find_class = (*jni)[FIND_CLASS];
	*(void **)&throw = (*jni)[THROW_NEW];
	*(void **)&delete_local = (*jni)[DELETE_LOCAL];
	void *found = find_class(jni, class);
	/* Else that it cannot be found is what is thrown. */
	if (!found)
		return;
	at = append(at, message + sizeof message - 64, function);
	append(at, message + sizeof message - 1, ": the handle is closed (turned away by handleguard)");
	throw(jni, found, message);
	delete_local(jni, found);
}

static void throw_if_called(void *argument, uint64_t frame)
{
	const struct hg_call *call = argument;
	const struct hg_image *image = hg_image_of(call->slot);
	(void)frame;
	if (!was_called_by_java(call))
		return;
	environment *jni = (environment *)hg_argument(call, 0);
	unsigned char (*is_pending)(environment *);
	*(void **)&is_pending = (*jni)[IS_EXCEPTION_PENDING];
	if (!is_pending(jni))
		throw_new(jni, HG_IMAGE_TEXT(image, call->slot->throws), HG_IMAGE_TEXT(image, call->slot->name));
}

void hg_throw(const struct hg_call *call)
{
	/* The VM may have this thread wait till garbage is collected, or call Java. */
	struct hg_visit away = hg_visit_pause();
	hg_preserving_here(throw_if_called, (void *)call);
	hg_visit_resume(&away);
}
