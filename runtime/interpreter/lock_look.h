/* What hg_interpreter_lock_held does once the registers are saved. */
#ifndef HG_INTERPRETER_LOCK_LOOK_H
#define HG_INTERPRETER_LOCK_LOOK_H

/* *(bool *)held: whether the calling thread holds one. May call libc. */
void hg_interpreter_look(void *held);

#endif
