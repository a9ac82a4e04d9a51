#include "call/throw.h"

#include <stddef.h>

#include "bind/slots.h"
#include "entry/java_call.h"
#include "thread/visit.h"

enum jni_function { FIND_CLASS = 6, THROW_NEW = 14, DELETE_LOCAL = 23 };

static char *append(char *at, const char *end, const char *text)
{
	while (*text && at < end)
		*at++ = *text++;
	*at = '\0';
	return at;
}

static void throw_new(hg_jni *jni, const char *class, const char *function)
{
	void *(*find_class)(hg_jni *, const char *);
	int (*throw)(hg_jni *, void *, const char *);
	void (*delete_local)(hg_jni *, void *);
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

static void throw_in(hg_jni *jni, const struct hg_call *call, void *unused)
{
	const struct hg_image *image = hg_image_of(call->slot);
	(void)unused;
	throw_new(jni, HG_IMAGE_TEXT(image, call->slot->throws), HG_IMAGE_TEXT(image, call->slot->name));
}

void hg_throw(const struct hg_call *call)
{
	/* The VM may call Java. */
	struct hg_visit away = hg_visit_pause();
	hg_with_java(call, throw_in, NULL);
	hg_visit_resume(&away);
}
