/* libunwind asks whether memory can be read by writing a byte of it into a pipe of its own, whose two descriptors the
 * program would see. Here it is taught to ask without. */
#ifndef HG_UNWINDER_MEMORY_H
#define HG_UNWINDER_MEMORY_H

/* `library` is libunwind's handle from dlopen. Does nothing to a libunwind that has its pipe already. */
void hg_unwinder_without_pipe(void *library);

#endif
