/* Has the Java VM collect its garbage, on a thread of the VM's own kind that its tool interface (JVMTI) keeps for
 * agents: Java's lists of threads leave it out, and nobody waits for its end. Finalizers and cleaners run as after any
 * other collection. */
#ifndef HG_JAVA_COLLECT_H
#define HG_JAVA_COLLECT_H

#include <stdbool.h>
#include <stdint.h>

/* How a thread of the system's is started that runs the function and ends. False: it cannot be had. */
typedef bool hg_java_create_thread(void *(*run)(void *), void *argument);

/* Called on that thread after each collection: how long it took. */
typedef void hg_java_collected(uint64_t ns);

/* Asks for a collection, where the calling thread may call the VM; the first time the thread is started by `create`.
 * `collected` is the same each time. False: nothing was asked, and it will not be called. Not to be called by two
 * threads at once. May call libc. */
bool hg_java_collect(hg_java_create_thread *create, hg_java_collected *collected);

#endif
