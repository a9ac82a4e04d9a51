#ifndef HG_JAVA_STACK_H
#define HG_JAVA_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "java/java_vm.h"

/* A thread whose frames of Java are looked for, and how far in on its C stack the call stands that they led to. */
struct hg_java_at {
	uint64_t thread;
	uint32_t tid;
	bool own;
	uint64_t sp;
};

/* Its methods, innermost first; how many. *later: there may be some, but they cannot be had now. */
size_t hg_java_stack(const struct hg_java_at *at, struct hg_java_call *calls, int room, bool *later);

#endif
