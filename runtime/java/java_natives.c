#include "java/java_natives.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "base/counters.h"
#include "format/record.h"
#include "java/java_symbol.h"
#include "java/java_vm.h"

static hg_java_bind *_Atomic bind;

/* --- one that is bound --- */

struct texts {
	char *class, *method, *signature;
};

static void find_texts(void *environment, void *method, struct texts *texts)
{
	const struct hg_jvmti *jvmti = &hg_java.jvmti;
	void *class = NULL;
	if (jvmti->method_class(jvmti->self, method, &class) != 0 || !class)
		return;
	if (jvmti->class_signature(jvmti->self, class, &texts->class, NULL) != 0)
		texts->class = NULL;
	hg_java_drop(environment, class);
	if (jvmti->method_name(jvmti->self, method, &texts->method, &texts->signature, NULL) != 0)
		texts->method = texts->signature = NULL;
}

static void give_back(struct texts *texts)
{
	const struct hg_jvmti *jvmti = &hg_java.jvmti;
	char *all[] = {texts->class, texts->method, texts->signature};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (all[i])
			jvmti->give_back(jvmti->self, all[i]);
}

static const void *function_for(const struct texts *texts, void *function)
{
	struct hg_java_symbol own, all;
	bool fit = hg_java_symbol(&own, texts->class, texts->method, texts->signature) &&
	           hg_java_symbol(&all, texts->class, texts->method, NULL);
	return fit ? atomic_load(&bind)(own.text, all.text, function) : NULL;
}

static void on_bind(void *jvmti, void *environment, void *thread, void *method, void *function, void **instead)
{
	struct texts texts = {NULL, NULL, NULL};
	(void)jvmti, (void)thread;
	find_texts(environment, method, &texts);
	const void *other = texts.class && texts.signature ? function_for(&texts, function) : NULL;
	if (other)
		*instead = (void *)other;
	give_back(&texts);
}

/* --- asking to be told --- */

/* jvmtiCapabilities, jvmtiEventCallbacks and the number of the event: JVM Tool Interface, which never changes them. */
static bool ask(void)
{
	enum { BYTES = 16, BIT = 30, EVENT = 67, FIRST_EVENT = 50, ENABLE = 1 }; /* no limit: the interface */
	static void *callbacks[EVENT - FIRST_EVENT + 1];
	const struct hg_jvmti *jvmti = &hg_java.jvmti;
	unsigned char wanted[BYTES] = {0};
	wanted[BIT / 8] = 1U << BIT % 8;
	callbacks[EVENT - FIRST_EVENT] = (void *)on_bind;
	return jvmti->add_capabilities(jvmti->self, wanted) == 0 &&
	       jvmti->set_callbacks(jvmti->self, callbacks, sizeof callbacks) == 0 &&
	       jvmti->set_event(jvmti->self, ENABLE, EVENT, NULL) == 0;
}

void hg_java_on_native(hg_java_bind *asked)
{
	hg_java_bind *none = NULL;
	if (atomic_load(&bind) || !hg_java_may_call() || !atomic_compare_exchange_strong(&bind, &none, asked))
		return;
	if (!ask())
		hg_count(HG_COUNTER_NATIVES_UNSEEN);
}
