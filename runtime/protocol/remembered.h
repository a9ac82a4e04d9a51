/* What a thread remembers of the handles that it has used last (thread.h has the cache). */
#ifndef HG_REMEMBERED_H
#define HG_REMEMBERED_H

#include <stdbool.h>
#include <stdint.h>

struct hg_class;
struct hg_context;
struct hg_guard;

/* Keeps the handle in the thread's cache, with its guard's word. */
void hg_remember(struct hg_context *context, struct hg_guard *guard, uint64_t word);

/* From the fast path, which has not found the handle in the calling thread's cache: remembers it if that is all that
 * the slow path would do besides what the fast one does. False: it may have more to do. */
bool hg_remember_again(struct hg_context *context, const struct hg_class *class, uint64_t value);

/* The same of a guard that the caller has. */
bool hg_remember_guard_again(struct hg_context *context, struct hg_guard *guard);

#endif
