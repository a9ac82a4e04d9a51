/* What the functions of the generated library do, and what its tests ask it. Not guarded, but for those in common.yaml.
 */
#ifndef ABI_LIBRARY_H
#define ABI_LIBRARY_H

#include "values.h"

enum { ABI_ARGUMENTS_MOST = 40, ABI_ERRNO = 99 };

/* What the thread's last call of a generated function got. */
struct abi_seen {
	uint64_t calls;
	unsigned count;
	bool misaligned; /* the stack, when it was entered */
	uint64_t arguments[ABI_ARGUMENTS_MOST];
};

struct abi_seen *abi_seen_here(void);

/* The parts of a generated function: it is entered, sees each argument, stays for as long as the test likes, puts a
 * handle where an out-argument points, and answers: each follows from the arguments. */
struct abi_seen *abi_enter(const void *frame);
void abi_see(struct abi_seen *seen, const void *argument, const struct abi_leaf *leaves);
void abi_stay(struct abi_seen *seen);
void abi_put(struct abi_seen *seen, void *out);
void abi_answer(struct abi_seen *seen, void *result, const struct abi_leaf *leaves);

/* What the thread's next call of a generated function or a probe does while it is inside. */
void abi_when_inside(void (*work)(void *), void *argument);
void abi_inside(void);

void *abi_open_h(void *handle);
void *abi_open_d(void *handle);
int32_t abi_open_n(int32_t handle);
uint8_t abi_open_b(uint8_t handle);
int abi_touch_h(void *handle);
int abi_touch_d(void *handle);
int abi_touch_n(int32_t handle);
int abi_touch_b(uint8_t handle);
void abi_close_h(void *handle);
void abi_close_d(void *handle);
void abi_close_n(int32_t handle);
void abi_close_b(uint8_t handle);

unsigned abi_closed(void); /* how many closes were called */

#endif
