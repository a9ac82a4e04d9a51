/* Guarded functions without a preload object, a stub or a trampoline: the image of a manifest is made in memory, the
 * real functions are the test's own, and a call is what a trampoline makes of it, in C. */
#ifndef GUARDED_H
#define GUARDED_H

#include "entry/call.h"
#include "harness.h"

enum { ARGUMENTS = HG_REGISTER_ARGUMENTS };

typedef uint64_t real_function(uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t);

/* Lists the image of a manifest that says this of its classes and functions, and starts the runtime. Only once. The
 * image lies in the program, which so stands where a preload object does. */
struct hg_context *start_guarded(const char *manifest);

/* The slot of a function; its real function is this one from now on. */
struct hg_slot *function(const char *name);
void bind_function(const char *name, real_function *real);

/* Calls a function of that name as a program does. What became of it: */
uint64_t call_function(const char *name, const uint64_t *arguments);
#define CALL(name, ...) call_function(name, (const uint64_t[ARGUMENTS]){__VA_ARGS__})
enum hg_action last_action(void); /* of the thread's last call */
bool last_was_plain(void);        /* whether that went the short way in */

/* The guard of a handle of the manifest's class of this number; null: it was never met. */
struct hg_guard *guard_of(unsigned class, uint64_t value);

/* A count of the class. */
uint64_t counted(unsigned class, enum hg_class_counter which);

#endif
