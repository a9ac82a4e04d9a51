/* Calls of native methods: argument 0 is the environment of the thread that calls. By that the VM is asked and told
 * what only it knows; where it may be. JNI's functions are called by their places in its table, which never change, and
 * on the stack that the VM knows. */
#ifndef HG_JAVA_CALL_H
#define HG_JAVA_CALL_H

#include <stdbool.h>
#include <stdint.h>

#include "entry/call.h"

/* As its users see it: a table of functions. */
typedef void *const *hg_jni;

/* Does `work` with the environment of a call that Java has made, by which no exception is pending and no critical
 * region entered. False: it is no such call. */
typedef void hg_java_work(hg_jni *jni, const struct hg_call *call, void *argument);
bool hg_with_java(const struct hg_call *call, hg_java_work *work, void *argument);

/* The handles in an array of Java's (long[], int[]) that is an argument, or what the method returns: how many; and one
 * of them, by its number. None in a call that was not made by Java, in null, and after a call that has thrown. */
uint32_t hg_java_array_count(const struct hg_call *call, const struct hg_image_place *place);
bool hg_java_array_read(const struct hg_call *call, const struct hg_image_place *place, uint32_t number,
                        uint64_t *value);

#endif
