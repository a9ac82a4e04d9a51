/* Which frame of a stack its user would look at first. */
#ifndef HG_REPORT_DESCRIBE_USER_FRAME_H
#define HG_REPORT_DESCRIBE_USER_FRAME_H

#include "report/model/model.h"

/* The innermost one with a line that the process has told of a language above C; else the innermost of C with a file
 * that is neither the C library's nor in a language's own library; else the innermost. Null: there is none. */
const struct hg_resolved_frame *hg_user_frame(const struct hg_resolved_stack *stack);

/* The outermost that the process has told, past those of the language's own library and of packages that are installed,
 * if it lies in another file than the first: the test or the program that called the binding. If the first itself is of
 * an installed package, the innermost: the line that called it. Null: there is none. */
const struct hg_resolved_frame *hg_user_caller(const struct hg_resolved_stack *stack);

#endif
