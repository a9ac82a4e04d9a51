/* A second thread that does what it is asked. */
#ifndef ABI_WORKER_H
#define ABI_WORKER_H

void start_worker(void);
void ask_worker(void (*work)(void *), void *argument);
void await_worker(void);
void end_worker(void);

#endif
