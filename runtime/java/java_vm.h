/* The Java VM of this process: there is one, or none. It is asked by its own tool interface (JVMTI), of which the
 * runtime takes an environment for itself once Java code has led to a guarded call: no agent is loaded, nothing is
 * printed, and no event is asked for but that of java_natives.h, where it is wanted. Nor is any more of it used, but
 * where java_collect.h is. */
#ifndef HG_JAVA_VM_H
#define HG_JAVA_VM_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* A method that a thread is in, and where in it: jvmtiFrameInfo. */
struct hg_java_call {
	void *method;
	int64_t location; /* of its byte code; -1: it is a native one */
};

/* From which byte code on a line holds: jvmtiLineNumberEntry. */
struct hg_java_line {
	int64_t start;
	int32_t line;
};

/* What is called of JVMTI; 0 is success, and `self` the environment. Nothing here allocates in the heap of Java: so
 * none waits for a garbage collection that waits for the calling thread to leave a critical region. But for the last
 * two, which no thread of the program's calls. */
struct hg_jvmti {
	void *self;
	int (*phase)(void *self, int *phase);
	/* A null thread is the calling one. */
	int (*stack)(void *self, void *thread, int first, int most, struct hg_java_call *calls, int *count);
	int (*method_name)(void *self, void *method, char **name, char **signature, char **generic);
	int (*method_class)(void *self, void *method, void **class);
	int (*class_signature)(void *self, void *class, char **signature, char **generic);
	int (*class_source)(void *self, void *class, char **name);
	int (*method_lines)(void *self, void *method, int *count, struct hg_java_line **lines);
	int (*give_back)(void *self, void *memory);
	int (*add_capabilities)(void *self, const unsigned char *capabilities);
	/* By their places, and how many bytes these take. */
	int (*set_callbacks)(void *self, void *const *callbacks, int bytes);
	int (*set_event)(void *self, int mode, int event, void *thread, ...);
	int (*create_monitor)(void *self, const char *name, void **monitor);
	int (*monitor_enter)(void *self, void *monitor);
	int (*monitor_exit)(void *self, void *monitor);
	int (*monitor_wait)(void *self, void *monitor, int64_t ms);
	int (*monitor_notify)(void *self, void *monitor);
	int (*run_agent)(void *self, void *thread, void (*work)(void *self, void *environment, void *argument),
	                 const void *argument, int priority);
	int (*collect)(void *self);
};

struct hg_java {
	void *vm;
	int (*get_environment)(void *vm, void **environment, int version);
	struct hg_jvmti jvmti;
	uint64_t environment; /* where in a thread of the VM its JNI environment lies */
};

extern struct hg_java hg_java;

/* Whether a VM is loaded. Looks for it if objects were loaded since. */
bool hg_java_is_loaded(void);

/* Whether one has been found by somebody who looked. Asks nobody. */
bool hg_java_is_met(void);

/* The JNI environment of the calling thread; null: there is no VM that is known here, or the thread is none of its.
 * From then on hg_java and hg_java_layout can be read, but for `jvmti`. */
void *hg_java_environment(void);

/* Whether JVMTI can be asked; takes it at the first call. The calling thread runs native code, called from Java. */
bool hg_java_can_tell(void);

/* Whether the calling thread may call JVMTI: it runs native code, called from Java, and the VM is alive. */
bool hg_java_may_call(void);

/* Gives back a reference that the VM has given the calling thread, whose JNI environment this is. */
void hg_java_drop(void *environment, void *reference);

/* Something is being unloaded: nothing is believed of it before it has been looked for again. */
void hg_java_doubt(void);

#endif
