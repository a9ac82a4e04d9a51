/* Where the code of a frame comes from: the user, or what the user's code is built on. */
#ifndef HG_REPORT_DESCRIBE_ORIGIN_H
#define HG_REPORT_DESCRIBE_ORIGIN_H

#include "report/model/model.h"

/* Whether the function is one that comes with its language: std:: of C++, std, core and alloc of Rust. */
bool hg_is_of_standard_library(const struct hg_resolved_frame *frame);

/* Whether every program runs in it: what the system and the language begin threads and programs with, their libraries.
 * Another release of them, or another compiler, has other such frames. */
bool hg_is_ground(const struct hg_resolved_frame *frame);

/* Whether a frame that the process has told is of code that came with the language, with a runner of tests, or with a
 * package. */
bool hg_is_installed(const struct hg_resolved_frame *frame);

#endif
