/* The Java VM's threads. */
#ifndef HG_JAVA_THREAD_H
#define HG_JAVA_THREAD_H

#include <stdbool.h>
#include <stdint.h>

/* The calling thread, as the VM's list of all has it; 0: it is none of the VM's. */
uint64_t hg_java_thread_here(void);

/* Another one, in a call that cannot return meanwhile. */
uint64_t hg_java_thread_of(uint64_t thread, uint32_t tid);

/* Whether the VM's thread that the calling one was when it was attached is still that thread of the system's: in a
 * forked child the VM's threads are its parent's. */
bool hg_java_is_here(uint64_t java_thread, uint64_t thread, uint32_t tid);

/* Whether it runs native code, so that it may call the VM: none that the VM itself or compiled Java has called, nor a
 * signal handler in the midst of one. */
bool hg_java_is_native(uint64_t java_thread);

/* Whether its innermost frame of Java lies on its stack, at `sp` there or further out. It is at `sp` where the native
 * method has ended in a jump to what it calls. */
bool hg_java_called(uint64_t java_thread, uint64_t sp);

/* What JVMTI calls it; null: the calling thread. False: it cannot be asked for. */
bool hg_java_reference_to(uint64_t java_thread, bool own, void **reference);

#endif
