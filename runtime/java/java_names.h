#ifndef HG_JAVA_NAMES_H
#define HG_JAVA_NAMES_H

#include <stdbool.h>

#include "java/java_vm.h"
#include "told/told.h"

/* Whose code a method is. */
enum hg_java_part {
	HG_JAVA_USERS,
	HG_JAVA_BETWEEN, /* of a library that calls native functions, or of Java itself: not told before the user's
	                    begin */
	HG_JAVA_HIDDEN   /* made by the VM: nobody wrote it */
};

/* What is told of a method that a thread is in. `environment`: the calling thread's. */
enum hg_java_part hg_java_tell(const struct hg_java_call *call, void *environment, struct hg_told_frame *frame);

#endif
