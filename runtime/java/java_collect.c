/* The thread is started by way of another one, which the VM knows only for as long as it makes the object of Java that
 * stands for it: a thread of the program's might be in a critical region, where nothing may be made. Between two
 * collections it sleeps in the VM, not in native code, so that a VM that ends has not to wait for it. */
#include "java/java_collect.h"

#include <stdatomic.h>
#include <stddef.h>

#include "base/sys.h"
#include "java/java_vm.h"

static struct {
	hg_java_collected *collected;
	void *monitor;
	bool asked; /* read and written in the monitor */
	_Atomic enum { NONE, THERE, REFUSED } state;
} collector;

/* --- on the thread --- */

static bool await_asked(const struct hg_jvmti *jvmti)
{
	enum { FOR_EVER = 0, INTERRUPTED = 52 }; /* no limit: numbers of the interface */
	int error = jvmti->monitor_enter(jvmti->self, collector.monitor);
	if (error != 0)
		return false;
	while (!collector.asked && (error == 0 || error == INTERRUPTED))
		error = jvmti->monitor_wait(jvmti->self, collector.monitor, FOR_EVER);
	bool asked = collector.asked;
	collector.asked = false;
	jvmti->monitor_exit(jvmti->self, collector.monitor);
	return asked;
}

static void work(void *self, void *environment, void *unused)
{
	const struct hg_jvmti *jvmti = &hg_java.jvmti;
	(void)self, (void)environment, (void)unused;
	while (await_asked(jvmti) && hg_java_can_tell()) {
		uint64_t begun = hg_monotonic_ns();
		jvmti->collect(jvmti->self);
		collector.collected(hg_monotonic_ns() - begun);
	}
}

/* --- starting it --- */

static const char name[] = "handleguard";

/* A reference to a new java.lang.Thread; null: it cannot be had. Functions of JNI by their places in its table. */
static void *make_object(void *environment)
{
	enum { FIND_CLASS = 6, CLEAR = 17, NEW_OBJECT = 30, METHOD = 33, NEW_STRING = 167 }; /* no limit: places */
	void *const *table = *(void *const *const *)environment;
	void *(*find_class)(void *, const char *), *(*new_string)(void *, const char *),
	    *(*method)(void *, void *, const char *, const char *), *(*new_object)(void *, void *, void *, void **);
	void (*clear)(void *);
	*(void **)&find_class = table[FIND_CLASS];
	*(void **)&new_string = table[NEW_STRING];
	*(void **)&method = table[METHOD];
	*(void **)&new_object = table[NEW_OBJECT];
	*(void **)&clear = table[CLEAR];
	void *class = find_class(environment, "java/lang/Thread");
	void *constructor = class ? method(environment, class, "<init>", "(Ljava/lang/String;)V") : NULL;
	void *text = constructor ? new_string(environment, name) : NULL;
	void *made = text ? new_object(environment, class, constructor, &text) : NULL;
	if (!made)
		clear(environment);
	return made;
}

static void *begin(void *unused)
{
	enum { DETACH = 5, ATTACH_AS_DAEMON = 7, JNI_1_6 = 0x00010006, NORMAL = 5 }; /* no limit: numbers of JNI */
	struct {
		int version;
		const char *name;
		void *group;
	} how = {JNI_1_6, name, NULL};
	void *const *table = *(void *const *const *)hg_java.vm;
	void *environment = NULL;
	int (*attach)(void *, void **, void *), (*detach)(void *);
	(void)unused;
	*(void **)&attach = table[ATTACH_AS_DAEMON];
	*(void **)&detach = table[DETACH];
	if (attach(hg_java.vm, &environment, &how) != 0) {
		atomic_store(&collector.state, REFUSED);
		return NULL;
	}
	const struct hg_jvmti *jvmti = &hg_java.jvmti;
	void *thread = make_object(environment);
	if (!thread || jvmti->run_agent(jvmti->self, thread, work, NULL, NORMAL) != 0)
		atomic_store(&collector.state, REFUSED);
	detach(hg_java.vm);
	return NULL;
}

static bool start(hg_java_create_thread *create)
{
	const struct hg_jvmti *jvmti = &hg_java.jvmti;
	atomic_store(&collector.state, REFUSED);
	if (jvmti->create_monitor(jvmti->self, name, &collector.monitor) != 0)
		return false;
	collector.asked = true;
	atomic_store(&collector.state, THERE);
	if (create(begin, NULL))
		return true;
	atomic_store(&collector.state, REFUSED);
	return false;
}

static bool ask(void)
{
	const struct hg_jvmti *jvmti = &hg_java.jvmti;
	if (jvmti->monitor_enter(jvmti->self, collector.monitor) != 0)
		return false;
	collector.asked = true;
	jvmti->monitor_notify(jvmti->self, collector.monitor);
	jvmti->monitor_exit(jvmti->self, collector.monitor);
	return true;
}

bool hg_java_collect(hg_java_create_thread *create, hg_java_collected *collected)
{
	if (atomic_load(&collector.state) == REFUSED || !hg_java_may_call())
		return false;
	collector.collected = collected;
	return atomic_load(&collector.state) == NONE ? start(create) : ask();
}
