/* What the sanitizers that a program is built with must be told, because they do not see what the runtime does: it is
 * built without them. Nothing is told where they are not. */
#ifndef HG_SANITIZERS_H
#define HG_SANITIZERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Found by the dynamic linker, in the program or in the sanitizer's own library; null: there is no such sanitizer. */
extern void __tsan_acquire(void *where) __attribute__((weak));
extern void __tsan_release(void *where) __attribute__((weak));
extern void __msan_unpoison(const volatile void *where, size_t size) __attribute__((weak));

/* Whether ops have to tell of their end, which the fast trampolines do not. */
static inline bool hg_sanitizer_orders(void)
{
	return __tsan_release != NULL;
}

struct hg_guard;

/* The thread sanitizer takes what came before the one, in any thread that called it for this life, to have happened
 * before what follows the other. */
void hg_sanitizer_before(struct hg_guard *guard, uint32_t generation);
void hg_sanitizer_after(struct hg_guard *guard, uint32_t generation);

/* For the memory sanitizer these bytes have been written. */
void hg_sanitizer_written(void *at, size_t size);

/* The memory sanitizer keeps, aside, whether what a function has returned was ever written. What runs between that and
 * the caller overwrites it. */
enum { HG_SANITIZER_RESULT = 16 }; /* no limit: words of the largest result in registers */

struct hg_sanitizer_result {
	uint64_t kept[HG_SANITIZER_RESULT];
};

void hg_sanitizer_keep_result(struct hg_sanitizer_result *result);
void hg_sanitizer_restore_result(const struct hg_sanitizer_result *result);

#endif
