/* Holds a thread in a system call that it is about to make, for as long as others need. */
#ifndef HELD_CALL_H
#define HELD_CALL_H

#include <stdint.h>

/* From here on the calling thread is held before each of its system calls of this number. With `first_argument` not
 * negative, before those only that have it. Of which the result tells: never to be closed. */
int hold_calls(int number, int first_argument);

/* Until the thread is held there; what to let go then. */
uint64_t await_held(int calls);
void let_held_go(int calls, uint64_t held);

/* It is held no longer: for the rest of the process. */
void hold_no_more(int calls);

#endif
